from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from facewright import Recipe
from facewright.duplicates.find import find_duplicates
from facewright.duplicates.policy import openness
from facewright.duplicates.report import DuplicateReport, keep_best
from facewright.duplicates.settings import DuplicateSettings
from facewright.engine.build import build
from facewright.errors import UsageError
from facewright.provenance.naming import read_licence
from facewright.store.dataset import Dataset
from facewright.store.tables import parts


def keys_of(dataset: Dataset) -> dict[str, str]:
    """File name without its ending, by photo id."""
    photos = dataset.photos.to_pylist()
    return {row["photo_id"]: Path(row["key"]).stem for row in photos}


def names(dataset: Dataset, report: DuplicateReport) -> list[dict[str, str | None]]:
    """Members of each cluster of copies: file name, and kind."""
    key = keys_of(dataset)
    return [
        {key[m.face_id.rsplit("_", 1)[0]]: m.kind for m in cluster.members}
        for cluster in report.copies
    ]


ASTRONAUTS = {"a", "a_again", "a_jpeg", "a_small", "a_cropped", "a_mirrored"}


def test_changed_copies_are_found_and_one_is_kept(copied: Path) -> None:
    dataset = Dataset.open(copied)
    report = find_duplicates(dataset)
    (cluster,) = names(dataset, report)
    assert set(cluster) == ASTRONAUTS
    assert sorted(str(kind) for kind in cluster.values()) == sorted(
        ["None", "near", "near", "near", "near", "pixels"]
    )
    mirrored = [m.mirrored for m in report.copies[0].members]
    assert sum(mirrored) in (1, len(mirrored) - 1)
    kept = keep_best(report)
    assert len(kept.face_ids) == 2
    assert set(kept.face_ids) <= set(dataset.face_ids)
    assert report.by_kind()["pixels"][1] == 1
    assert report.people == ()


def test_mirrored_copies_can_be_left_alone(copied: Path) -> None:
    dataset = Dataset.open(copied)
    report = find_duplicates(dataset, DuplicateSettings(mirrored=False))
    assert "a_mirrored" not in names(dataset, report)[0]
    none = find_duplicates(dataset, DuplicateSettings(near=None))
    assert [cluster.kind for cluster in none.copies] == ["pixels"]


def test_same_face_and_cap(copied: Path) -> None:
    dataset = Dataset.open(copied)
    report = find_duplicates(dataset, DuplicateSettings(near=0, mirrored=False, same_face=0.9))
    assert report.people
    assert report.people[0].kind == "same_face"
    for cap in (1, 2):
        selection = keep_best(report, cap=cap)
        assert len(selection.face_ids) == 1 + cap
        assert str(cap) in selection.why


def test_datasets_of_before_are_hashed_from_their_crops(copied: Path, tmp_path: Path) -> None:
    old = without(copied, tmp_path / "old", ("crop_hash", "pixel_hash", "near_hash"))
    told: list[tuple[str, int, int]] = []
    before = {path: path.stat().st_mtime_ns for path in old.rglob("*")}
    dataset = Dataset.open(old)
    report = find_duplicates(dataset, on_step=lambda *step: told.append(step))
    (cluster,) = names(dataset, report)
    assert set(cluster) == ASTRONAUTS
    assert told[-1] == ("hashing crops", 7, 7)
    assert before == {path: path.stat().st_mtime_ns for path in old.rglob("*")}


def without(root: Path, out: Path, columns: tuple[str, ...]) -> Path:
    """A copy of a dataset as an earlier version would have made it."""
    shutil.copytree(root, out)
    for kind in ("faces", "photos"):
        for path in parts(out, kind):
            table = pq.read_table(path)
            pq.write_table(table.drop([c for c in columns if c in table.column_names]), path)
    return out


def test_across_datasets(copied: Path, tmp_path: Path) -> None:
    other = without(copied, tmp_path / "other", ())
    one, two = Dataset.open(copied), Dataset.open(other).where("photo_id IS NOT NULL")
    report = find_duplicates([one, two])
    assert report.datasets == ("set", "other")
    assert [cluster.kind for cluster in report.copies] == ["near", "bytes"]
    assert len(keep_best(report, dataset=0).face_ids) == 2
    assert keep_best(report, dataset=1).face_ids == ()


def test_the_best_by_quality_size_and_licence(write) -> None:
    photos = {
        "sha256": ["same"] * 4,
        "licence": ["All rights reserved", "CC BY 4.0", "CC0", None],
    }
    quality, size = [0.81, 0.8, 0.5, np.nan], [100.0, 150.0, 900.0, 900.0]
    dataset = write(
        4, photos=photos, quality__overall=np.array(quality), quality__face_size=np.array(size)
    )

    def best(*keys: str) -> list[str]:
        report = find_duplicates(dataset, DuplicateSettings(best=keys))  # type: ignore[arg-type]
        return [member.face_id[3:6] for member in report.copies[0].members]

    assert best("quality", "size") == ["001", "000", "002", "003"]
    assert best("quality") == ["000", "001", "002", "003"]
    assert best("size", "licence") == ["002", "003", "001", "000"]
    assert best("licence")[0] == "002"
    assert best() == ["000", "001", "002", "003"]


def test_licences_from_open_to_closed() -> None:
    named = ["CC0", "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC BY-ND 4.0", "unsplash"]
    asked = [openness(read_licence(name)) for name in [*named, "All rights reserved"]]
    assert asked == sorted(set(asked))


def test_near_hashes_are_not_copies_where_embeddings_differ(write) -> None:
    vectors = np.zeros((4, 1024), np.float16)
    vectors[0, 0] = vectors[1, 1] = vectors[2, 0] = 1
    vectors[3] = np.nan
    hashes = ["00000000000000ff", "00000000000000fe", "00000000000000fd", "00000000000000fb"]
    report = find_duplicates(write(4, crop_hash=hashes, embedding=vectors))
    (cluster,) = report.copies
    assert len(cluster.members) == 4  # through the one without an embedding
    report = find_duplicates(write(2, "two", crop_hash=hashes[:2], embedding=vectors[:2]))
    assert report.copies == ()


def test_faces_of_one_photo_are_not_copies_of_each_other(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for ending in ("png", "bmp"):
        with Image.open(samples / "group.jpg") as photo:
            photo.save(tmp_path / "photos" / f"group.{ending}")
    recipe = Recipe(annotators=("geometry",), crops=("ffhq-fast:64",))
    build(tmp_path / "photos", tmp_path / "set", recipe, workers=1)
    report = find_duplicates(Dataset.open(tmp_path / "set"), DuplicateSettings(near=None))
    assert [len(cluster.members) for cluster in report.copies] == [2] * 5
    assert {cluster.kind for cluster in report.copies} == {"pixels"}


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_little_and_nothing(write, rows: int) -> None:
    dataset = write(rows)
    report = find_duplicates(dataset, DuplicateSettings(same_face=0.9))
    assert report.copies == report.people == ()
    assert report.compared == {"bytes": 0, "pixels": 0, "near": 0, "same_face": 0}
    assert len(keep_best(report, cap=1).face_ids) == rows
    assert json.loads(json.dumps(report.to_data()))["faces"] == rows


def test_nan_embeddings(write) -> None:
    vectors = np.full((3, 1024), np.nan, np.float16)
    vectors[0, 1:] = 1  # a row that is partly known
    report = find_duplicates(write(3, embedding=vectors), DuplicateSettings(same_face=0.5))
    assert report.people == ()


def test_saved_as_json(copied: Path, tmp_path: Path) -> None:
    report = find_duplicates(Dataset.open(copied))
    report.save(tmp_path / "clusters.json")
    data = json.loads((tmp_path / "clusters.json").read_text())
    assert data["copies"][0]["members"][0]["kind"] is None
    assert len(data["copies"][0]["members"]) == len(ASTRONAUTS)


@pytest.mark.parametrize(
    ("how", "what"),
    [
        ({"near": -1}, "near"),
        ({"near": 17}, "near"),
        ({"same_face": 0.0}, "same-face"),
        ({"same_face": 1.5}, "same-face"),
        ({"same_face": float("nan")}, "same-face"),
        ({"confirm": 2.0}, "confirm"),
        ({"best": ("beauty",)}, "best"),
        ({"best": ("size", "size")}, "best"),
    ],
)
def test_settings_that_make_no_sense(how: dict, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        DuplicateSettings(**how)


def test_wrong_use(write) -> None:
    dataset = write(2)
    report = find_duplicates(dataset)
    with pytest.raises(UsageError, match="same-face"):
        keep_best(report, cap=1)
    with pytest.raises(UsageError, match="cap"):
        keep_best(report, cap=0)
    with pytest.raises(UsageError, match="no dataset 1"):
        keep_best(report, dataset=1)
    with pytest.raises(UsageError, match="no dataset"):
        find_duplicates([])
    with pytest.raises(UsageError, match="more than once"):
        find_duplicates(dataset.select([dataset.face_ids[0]] * 2))
