from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from facewright import Recipe
from facewright.cli.duplicates import DUPLICATES_EXAMPLES, duplicates
from facewright.engine.build import build
from facewright.errors import UsageError
from facewright.store.selection import Selection


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """A dataset of one portrait twice, and of another."""
    place = tmp_path_factory.mktemp("twice")
    (place / "photos").mkdir()
    shutil.copy(samples / "astronaut.png", place / "photos")
    shutil.copy(samples / "grace_hopper.jpg", place / "photos")
    with Image.open(samples / "astronaut.png") as portrait:
        portrait.convert("RGB").save(place / "photos" / "a.jpg")
    recipe = Recipe(annotators=("embedding",), crops=("ffhq-fast:128",))
    build(place / "photos", place / "set", recipe, workers=1)
    return place / "set"


def test_table_files_and_sheet(
    twice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, keep, sheet = (tmp_path / name for name in ("c.json", "keep.json", "sheet.png"))
    duplicates(twice, output=out, keep=keep, sheet=sheet, same_face=0.9, cap=1)
    said = capsys.readouterr()
    assert "near" in said.out
    assert "_01, " in said.out
    assert "2 of 3 faces, without 1 copies" in said.err
    assert len(json.loads(out.read_text())["copies"]) == 1
    assert len(Selection.load(keep).face_ids) == 2
    with Image.open(sheet) as picture:
        assert picture.width >= 720


def test_json(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    duplicates(twice, json=True)
    assert json.loads(capsys.readouterr().out)["faces"] == 3


def test_several_datasets_keep_one_selection_each(twice: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(twice, other)
    duplicates(twice, other, keep=tmp_path / "keep.json")
    assert len(Selection.load(tmp_path / "keep-set.json").face_ids) == 2
    empty = json.loads((tmp_path / "keep-other.json").read_text())
    assert empty["face_ids"] == []


@pytest.mark.parametrize(
    ("how", "what"),
    [
        ({"near": 40}, "near"),
        ({"same_face": 2.0}, "same-face"),
        ({"cap": 2}, "--cap"),
        ({"cap": 0, "same_face": 0.9}, "--cap"),
        ({"best": "prettiest"}, "best"),
    ],
)
def test_wrong_options_are_named(twice: Path, how: dict, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        duplicates(twice, **how)


def test_no_dataset_and_wrong_sheet(twice: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name a dataset"):
        duplicates()
    with pytest.raises(UsageError, match=r"\.jpg"):
        duplicates(twice, sheet=tmp_path / "sheet.gif")


def test_examples_are_commands() -> None:
    assert all(line.startswith("facewright duplicates ") for line in DUPLICATES_EXAMPLES)
