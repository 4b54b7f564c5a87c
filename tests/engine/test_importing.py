import json
import shutil
import zipfile

import pytest

from facewright import Dataset, Recipe, build
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout
from facewright.errors import FacewrightError, LayoutError, StorageError, UsageError
from facewright.layouts.seam.export import ExportOptions
from helpers.trees import content

ROUND = "imagefolder"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, samples):
    out = tmp_path_factory.mktemp("imported") / "dataset"
    build(samples, out, Recipe(crops=("ffhq-fast:64", "eg3d:512")), workers=1)
    return Dataset.open(out)


@pytest.fixture
def exported(dataset, tmp_path):
    export_layout(dataset, ROUND, tmp_path / "exported")
    return tmp_path / "exported"


def records(dataset):
    return [{k: v for k, v in row.items() if k not in {"crops", "origin"}} for row in dataset]


def test_what_a_layout_cannot_hold_comes_back(dataset, exported, tmp_path):
    import_layout(ROUND, exported, tmp_path / "again", workers=1)
    again = Dataset.open(tmp_path / "again")
    assert records(again) == records(dataset)
    assert again.table(["mesh", "embedding"]) == dataset.table(["mesh", "embedding"])
    for face_id in dataset.face_ids:
        assert again.image(face_id, "ffhq-fast:64") == dataset.image(face_id, "ffhq-fast:64")
    quads = [row["crops"][0]["quad"] for row in again]
    assert quads == [row["crops"][0]["quad"] for row in dataset]
    used = [row for row in dataset.photos.to_pylist() if row["status"] == "used"]
    assert again.photos.to_pylist() == used


def test_another_crop_is_known_again(dataset, tmp_path):
    export_layout(dataset, ROUND, tmp_path / "e", ExportOptions(crop="eg3d"))
    import_layout(ROUND, tmp_path / "e", tmp_path / "again", workers=1)
    (crop,) = next(iter(Dataset.open(tmp_path / "again")))["crops"]
    assert (crop["alignment"], crop["size"]) == ("eg3d", 512)


def test_changed_metadata_count_more_than_the_sidecar(exported, tmp_path):
    changed = min((exported / "images").glob("*.json"))
    data = json.loads(changed.read_text())
    changed.write_text(json.dumps({**data, "age": 99}))
    notes = []
    import_layout(ROUND, exported, tmp_path / "again", workers=1, on_note=notes.append)
    assert "changed since the export" in notes[0]
    assert 99 in [row["age"] for row in Dataset.open(tmp_path / "again")]


def test_pictures_alone_are_annotated_as_a_build_would(dataset, exported, tmp_path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for path in (exported / "images").glob("*.png"):
        shutil.copy(path, pictures)
    import_layout(ROUND, pictures, tmp_path / "again", annotate=True, workers=1)
    build(pictures, tmp_path / "built", Recipe(crops=("ffhq-fast:64",)), workers=1)
    imported, built = Dataset.open(tmp_path / "again"), Dataset.open(tmp_path / "built")
    mine = {"face_id", "photo_id", "crops", "origin", "index"}
    ages = sorted(str({k: v for k, v in row.items() if k not in mine}) for row in built)
    assert sorted(str({k: v for k, v in row.items() if k not in mine}) for row in imported) == ages
    assert len(dataset) == len(imported)


def test_the_number_of_workers_changes_nothing(exported, tmp_path, monkeypatch):
    monkeypatch.setattr("facewright.engine.import_chunks._MOST", 2)
    import_layout(ROUND, exported, tmp_path / "one", workers=1)
    import_layout(ROUND, exported, tmp_path / "two", workers=2)
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert import_layout(ROUND, exported, tmp_path / "one").made == 0


def test_it_goes_on_where_it_stopped(exported, tmp_path, monkeypatch):
    monkeypatch.setattr("facewright.engine.import_chunks._MOST", 2)
    import_layout(ROUND, exported, tmp_path / "calm", workers=1)

    def stop(_progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_layout(ROUND, exported, tmp_path / "wild", workers=1, on_progress=stop)
    with pytest.raises(UsageError, match="another way"):
        import_layout(ROUND, exported, tmp_path / "wild", annotate=True)
    import_layout(ROUND, exported, tmp_path / "wild", workers=1)
    assert content(tmp_path / "wild") == content(tmp_path / "calm")


def test_a_broken_picture_is_left_out_by_name(exported, tmp_path):
    broken = min((exported / "images").glob("*.png"))
    broken.write_bytes(broken.read_bytes()[:1000])
    report = import_layout(ROUND, exported, tmp_path / "again", workers=1)
    assert report.counts.faces_dropped == {"truncated": 1}
    rows = Dataset.open(tmp_path / "again", dropped=True)
    (lost,) = (row for row in rows if not row["kept"])
    assert lost["origin"]["name"].endswith(broken.name)


def test_nothing_to_read_is_said(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(LayoutError, match="nothing"):
        import_layout(ROUND, tmp_path / "empty", tmp_path / "out")
    with pytest.raises(UsageError, match="name the layout"):
        import_layout("auto", tmp_path / "empty", tmp_path / "out")
    with pytest.raises(FacewrightError):
        import_layout(ROUND, tmp_path / "nowhere", tmp_path / "out")


def test_members_that_lead_outside_are_excluded(exported, tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        for number, path in enumerate(sorted((exported / "images").glob("*.png"))):
            name = "../../escaped.png" if number == 0 else f"images/{path.name}"
            archive.write(path, name)
    report = import_layout(ROUND, tmp_path / "evil.zip", tmp_path / "in" / "out", workers=1)
    assert report.counts.photos_excluded == {"escapes": 1}
    assert not list(tmp_path.rglob("escaped.png"))


def test_an_export_that_fails_leaves_nothing(dataset, tmp_path, monkeypatch):
    def full(*_arguments, **_options):
        raise StorageError("cannot write: the disk is full")

    monkeypatch.setattr("facewright.layouts.seam.sink.FolderSink.write", full)
    with pytest.raises(StorageError):
        export_layout(dataset, ROUND, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_an_export_overwrites_nothing(dataset, exported):
    before = content(exported)
    with pytest.raises(UsageError, match="exists"):
        export_layout(dataset, ROUND, exported)
    assert content(exported) == before


def test_repeats_keep_their_own_names(dataset, tmp_path):
    first = dataset.face_ids[0]
    twice = dataset.select([first, dataset.face_ids[1], first])
    report = export_layout(twice, ROUND, tmp_path / "out")
    assert report.faces == 3
    import_layout(ROUND, tmp_path / "out", tmp_path / "again", workers=1)
    again = Dataset.open(tmp_path / "again")
    assert sorted(again.face_ids) == sorted([*twice.face_ids[:2], f"{first}~2"])
    assert again.image(f"{first}~2") == again.image(first)
