"""What the six layouts of other tools share: `webdataset`, `hf`, `imagefolder`, `coco`, ..."""

import pytest

from facewright.engine.exporting import export_layout
from facewright.engine.importing import recognise
from facewright.layouts.base import layout
from facewright.layouts.seam.tree import Tree
from helpers.exchange import content, exported, imported, items, pictures, records

NAMES = ("webdataset", "hf", "imagefolder", "coco", "celeba", "csv")


@pytest.mark.parametrize("name", NAMES)
def test_a_zip_holds_the_same_as_a_folder(dataset, tmp_path, name):
    exported(dataset, name, tmp_path / "out.zip")
    again = imported(tmp_path / "out.zip", name, tmp_path / "again")
    assert records(again, "crops") == records(dataset, "crops")
    assert pictures(again) == pictures(dataset)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_recognised_and_taken_for_no_other(dataset, tmp_path, name):
    out = exported(dataset, name, tmp_path / "out", bare=True)
    assert recognise(Tree(out)).name == name
    assert not layout(name).recognises(Tree(dataset.root))


@pytest.mark.parametrize("name", NAMES)
def test_repeats_are_written_and_read_and_named_once_each(dataset, tmp_path, name):
    ids = ["group_01", "astronaut_01", "group_01", "group_02", "group_01"]
    out = exported(dataset.select(ids), name, tmp_path / "out", bare=True)
    faces = [face for item in items(out, name) for face in item.faces]
    assert len(faces) == len({face.name for face in faces}) == len(ids)
    again = imported(out, name, tmp_path / "again")
    assert len(set(again.face_ids)) == len(ids)
    wanted = sorted(bytes(dataset.image(face_id)) for face_id in ids)
    assert sorted(pictures(again).values()) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_the_chosen_crop_and_size_are_written(dataset, tmp_path, name):
    out = exported(dataset, name, tmp_path / "out", crop="ffhq-fast:128", size=32, bare=True)
    again = imported(out, name, tmp_path / "again")
    assert {again.image(face_id).pil().size for face_id in again.face_ids} == {(32, 32)}


@pytest.mark.parametrize("name", NAMES)
def test_equal_datasets_give_equal_bytes(dataset, tmp_path, name):
    first = exported(dataset, name, tmp_path / "first")
    second = exported(dataset, name, tmp_path / "second")
    assert content(first) == content(second)


@pytest.mark.parametrize("name", [*NAMES, "ffhq", "ffhq-features", "generated-photos", "stylegan"])
def test_progress_goes_up_to_all_faces(dataset, tmp_path, name):
    told = []
    export_layout(dataset, name, tmp_path / "out", on_step=lambda *step: told.append(step))
    steps = [what for what, _, _ in told]
    done = [done for _, done, _ in told]
    assert done == sorted(done)
    assert {total for _, _, total in told} == {len(dataset)}
    assert ("writing faces", len(dataset), len(dataset)) in told
    assert steps[-1] == "describing"
