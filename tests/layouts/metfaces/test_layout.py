import copy
import json
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright import Dataset
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout
from facewright.errors import LayoutError
from facewright.layouts.metfaces.layout import METFACES
from facewright.layouts.seam.export import Export, ExportOptions
from facewright.layouts.seam.sink import FolderSink
from facewright.layouts.seam.tree import Tree
from helpers.layout_trees import (
    content,
    face_points,
    files_of,
    landmarks,
    md5,
    only_face,
    png,
    write_tree,
)

PICTURES = {
    "images/11713-00.png": png(64),
    "images/437372-00.png": png(64, (9, 9, 200)),
    "images/437372-01.png": png(64, (200, 9, 9)),
    "unprocessed/image-11713.png": png(800, height=700),
    "unprocessed/image-437372.png": png(500, (1, 2, 3), 600),
}


def entry(obj_id: str, number: int, shrink: int) -> dict:
    """An entry as the published description has it."""
    image, source = f"images/{obj_id}-{number:02d}.png", f"unprocessed/image-{obj_id}.png"
    return {
        "obj_id": obj_id,
        "meta_url": f"https://collectionapi.metmuseum.org/public/collection/v1/objects/{obj_id}",
        "source_url": "https://images.metmuseum.org/CRDImages/ad/original/ap26.129.1.jpg",
        "source_path": source,
        "source_md5": md5(PICTURES[source]),
        "image_path": image,
        "image_md5": md5(PICTURES[image]),
        "title": "Portrait of a Gentleman",
        "artist_display_name": "Charles Willson Peale",
        "face_spec": {
            "rect": [40, 23, 77, 61],
            "landmarks": face_points(60 + 10 * number, 50, 20),
            "shrink": shrink,
        },
        "face_idx": number,
    }


ENTRIES = [entry("437372", 1, 1), entry("11713", 0, 2), entry("437372", 0, 3)]


def published(name: str = "metfaces.json") -> dict:
    return {name: copy.deepcopy(ENTRIES), **PICTURES}


def read(root):
    tree = Tree(root)
    assert METFACES.recognises(tree)
    return list(METFACES.read(tree))


@pytest.mark.parametrize("name", ["metfaces.json", "metfaces-dataset.json"])
def test_reads_the_published_structure(tmp_path, name):
    two, one = read(write_tree(tmp_path, published(name)))
    assert (two.photo_id, one.photo_id) == ("437372", "11713")
    assert [face.face_id for face in two.faces] == ["437372-01", "437372-00"]
    assert one.columns == {
        "title": "Portrait of a Gentleman",
        "author": "Charles Willson Peale",
        "source_url": "https://images.metmuseum.org/CRDImages/ad/original/ap26.129.1.jpg",
        "licence": "CC0 1.0",
        "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
    }
    assert one.picture is not None
    assert (one.key, one.picture.md5) == (
        "unprocessed/image-11713.png",
        md5(PICTURES["unprocessed/image-11713.png"]),
    )
    face = only_face(one)
    spec = ENTRIES[1]["face_spec"]
    expected = (np.array(spec["landmarks"], np.float32) + np.float32(0.5)) * np.float32(2)
    assert np.allclose(landmarks(face), expected, atol=0.005)
    box = [face.columns[f"rectangle.{side}"] for side in ("left", "top", "width", "height")]
    assert box == [80, 46, 74, 76]
    (crop,) = face.crops
    assert (crop.alignment, content(crop)) == ("metfaces", PICTURES["images/11713-00.png"])
    assert crop.picture.md5 == ENTRIES[1]["image_md5"]
    assert crop.quad is not None
    corners = np.array(crop.quad).reshape(4, 2)
    assert np.allclose(corners.mean(axis=0), [120 + 1, 100 + 1 + 4], atol=2)
    assert face.extra == ENTRIES[1]


def test_reads_the_list_alone_and_pictures_alone(tmp_path):
    listed = read(write_tree(tmp_path / "list", {"metfaces.json": ENTRIES}))
    assert [len(item.faces) for item in listed] == [2, 1]
    assert all(item.picture is None and not item.faces[0].crops for item in listed)
    assert all(item.problem is None for item in listed)
    pictures = {name: data for name, data in PICTURES.items() if name.startswith("images/")}
    bare = list(METFACES.read(Tree(write_tree(tmp_path / "bare", pictures))))
    assert [[face.face_id for face in item.faces] for item in bare] == [
        ["11713-00"],
        ["437372-00", "437372-01"],
    ]


def test_pictures_that_the_list_does_not_name_are_read_too(tmp_path):
    files = published()
    del files["metfaces.json"][0]
    items = read(write_tree(tmp_path, files))
    assert [item.photo_id for item in items] == ["11713", "437372", "437372-01"]
    assert items[2].faces[0].face_id == "437372-01"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda e: e.pop("obj_id"), "obj_id is missing"),
        (lambda e: e.update(obj_id=["a"]), "obj_id must be text"),
        (lambda e: e.update(obj_id=""), "obj_id is empty"),
        (lambda e: e.update(face_idx="0"), "face_idx must be a whole number"),
        (lambda e: e.update(face_idx=-1), "face_idx must be a whole number"),
        (lambda e: e.update(image_path="../x.png"), "image_path leads outside"),
        (lambda e: e.update(source_path="/x.png"), "source_path leads outside"),
        (lambda e: e.update(image_md5="xyz"), "image_md5 must be 32 hex digits"),
        (lambda e: e.update(face_spec=[]), "face_spec must be an object, not a list"),
        (lambda e: e["face_spec"].update(shrink=0), "face_spec.shrink must be 1 to 1000, not 0"),
        (lambda e: e["face_spec"].update(shrink=1.5), "face_spec.shrink must be a whole number"),
        (lambda e: e["face_spec"].update(landmarks=[]), "landmarks must be a list of 68"),
        (lambda e: e["face_spec"].update(rect=[1, 2, 3]), "rect must be a list of 4"),
        (lambda e: e.update(title=float("nan")), "NaN is no JSON number"),
        (lambda e: e.update(obj_id="437372", face_idx=1), "an earlier entry is 437372-01 too"),
    ],
)
def test_a_broken_entry_is_excluded_by_name_and_the_others_stay(tmp_path, change, said):
    files = published()
    change(files["metfaces.json"][1])
    items = read(write_tree(tmp_path, files))
    (bad,) = [item for item in items if item.problem]
    assert bad.problem is not None
    reason, detail = bad.problem
    assert reason == "bad_entry"
    assert detail.startswith("metfaces.json: [1]")
    assert said in detail
    assert [face.face_id for face in items[1].faces] == ["437372-01", "437372-00"]


@pytest.mark.parametrize("value", [None, [], "text", 3])
def test_an_entry_that_is_no_object_is_excluded(tmp_path, value):
    (item,) = read(write_tree(tmp_path, {"metfaces.json": [value]}))
    assert item.problem == (
        "bad_entry",
        f"metfaces.json: [0] must be an object, not {_kind(value)}",
    )


def _kind(value):
    return {type(None): "null", list: "a list", str: "text", int: "a number"}[type(value)]


@pytest.mark.parametrize("text", ["{}", "[{]", "[1, 2", "[1] 2", ""])
def test_a_json_that_is_no_list_is_one_clear_error(tmp_path, text):
    write_tree(tmp_path, {"metfaces.json": text})
    with pytest.raises(LayoutError, match=r"metfaces\.json"):
        list(METFACES.read(Tree(tmp_path)))


def test_what_was_imported_is_written_back_word_for_word(tmp_path):
    write_tree(tmp_path / "in", published())
    import_layout("metfaces", tmp_path / "in", tmp_path / "ds", workers=1)
    imported = Dataset.open(tmp_path / "ds")
    assert imported.face_ids == ["437372-01", "437372-00", "11713-00"]
    report = export_layout(imported, "metfaces", tmp_path / "out")
    assert report.left_out == ()
    written = files_of(tmp_path / "out")
    assert json.loads(written.pop("metfaces.json")) == [ENTRIES[i] for i in (0, 2, 1)]
    assert written == PICTURES
    repeated = Export(imported.select(["437372-00", "437372-01", "437372-00"]))
    assert METFACES.write(repeated, FolderSink(tmp_path / "repeated")) == [
        "437372-00",
        "437372-01",
        "437372-02",
    ]
    found = json.loads((tmp_path / "repeated/metfaces.json").read_text())
    assert found[2] == {**ENTRIES[2], "image_path": "images/437372-02.png", "face_idx": 2}


def test_checksums_are_checked(tmp_path):
    files = {**published(), "unprocessed/image-11713.png": png(300)}
    write_tree(tmp_path / "in", files)
    import_layout("metfaces", tmp_path / "in", tmp_path / "ds", workers=1)
    photos = Dataset.open(tmp_path / "ds").photos.arrow.to_pylist()
    assert {row["photo_id"]: row["reason"] for row in photos} == {
        "11713": "checksum",
        "437372": None,
    }


def test_a_built_dataset_comes_back_the_same(dataset, tmp_path):
    report = export_layout(dataset, "metfaces", tmp_path / "out")
    assert report.left_out == ()
    import_layout("metfaces", tmp_path / "out", tmp_path / "back", workers=1)
    back = Dataset.open(tmp_path / "back")
    drop = ["crops", "origin"]
    assert back.table().drop_columns(drop).equals(dataset.table().drop_columns(drop))
    for face_id in dataset.face_ids:
        assert bytes(back.image(face_id)) == bytes(dataset.image(face_id))
    export_layout(dataset, "metfaces", tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(tmp_path / "out")


def test_the_layout_by_itself_holds_places_and_points(dataset, tmp_path):
    export_layout(dataset, "metfaces", tmp_path / "out", ExportOptions(size=64))
    shutil.rmtree(tmp_path / "out" / "facewright")
    faces = {face.face_id: face for item in read(tmp_path / "out") for face in item.faces}
    assert len(faces) == len(dataset)
    for row in Export(dataset).rows():
        face = faces[f"{row['photo_id']}-{row['index'] - 1:02d}"]
        mouth = dataset.record(row["face_id"])["landmarks"]["mouth"]
        assert np.allclose(face.columns["landmarks.mouth"], mouth, atol=0.011)
        assert face.columns["rectangle.top"] == row["rectangle"]["top"]


json_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(ENTRIES[0])), json_data))
def test_any_json_is_an_item_or_a_named_problem(tmp_path_factory, value):
    root = tmp_path_factory.mktemp("any")
    (item,) = read(write_tree(root, {"metfaces.json": json.dumps([value])}))
    if item.problem:
        assert item.problem[1].startswith("metfaces.json: [0]")
    else:
        assert only_face(item).extra == value
