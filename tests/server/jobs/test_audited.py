"""A dataset as labels by hand say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from facewright.attributes.face_table import FaceTable
from facewright.attributes.known import ATTRIBUTES
from facewright.server.jobs.audited import audited_copy
from facewright.server.notes.audit import Said
from facewright.server.notes.edits import BY_HAND, edits
from facewright.store.dataset import Dataset
from helpers.serving import columns, write_served

LOOKED_AT = [each for each in ATTRIBUTES if not each.of_photo and each.name != "hair_color"]


@pytest.mark.slow
@pytest.mark.parametrize("attribute", LOOKED_AT, ids=lambda each: each.name)
def test_a_label_is_what_the_attribute_says_then(tmp_path: Path, attribute: object) -> None:
    each = next(known for known in ATTRIBUTES if known is attribute)
    levels = list(each.levels or ())
    root = write_served(tmp_path / "d", len(levels), parts=2, own=own(len(levels)))
    labels = [Said(f"f{n:03d}", each.name, level) for n, level in enumerate(levels)]
    copy = audited_copy(root, labels, tmp_path / "copy")
    table = FaceTable("copy", Dataset.open(copy))
    (coded,) = table.coded([table.attribute(each.name)])
    assert [coded.levels[code] for code in coded.codes] == levels


def own(rows: int) -> dict[str, object]:
    return {**columns(rows), "kept": [True] * rows}


def test_hair_is_labelled_with_what_hides_it(tmp_path: Path) -> None:
    levels = ["red", "bald", "hidden", "gray", None]
    root = write_served(tmp_path / "d", 5, own=own(5))
    labels = [Said(f"f{n:03d}", "hair_color", level) for n, level in enumerate(levels)]
    table = FaceTable("copy", Dataset.open(audited_copy(root, labels, tmp_path / "copy")))
    (coded,) = table.coded([table.attribute("hair_color")])
    assert [coded.levels[n] if n >= 0 else None for n in coded.codes] == levels


def test_only_what_is_labelled_is_written(tmp_path: Path) -> None:
    root = write_served(tmp_path / "d", 30, parts=3, own=own(30))
    before = Dataset.open(root)
    labels = [Said("f003", "sex", "male"), Said("f004", "sex", None), Said("else", "sex", "male")]
    for _ in range(2):  # a job that begins again finds what it left
        copy = audited_copy(root, labels, tmp_path / "copy")
    after = Dataset.open(copy)
    assert [path.is_symlink() for path in sorted((copy / "faces").iterdir())] == [False, True, True]
    assert (after.record("f003")["sex"], after.record("f004")["sex"]) == ("male", None)
    assert after.record("f004")["null_reasons"]["sex"] == BY_HAND
    assert after.record("f004")["confidence"]["sex"] is None
    assert after.record("f005") == before.record("f005")
    assert bytes(after.image("f003").data) == bytes(before.image("f003").data)
    assert before.record("f003") == Dataset.open(root).record("f003")
    assert audited_copy(root, [], tmp_path / "none") == root


def test_a_number_moves_as_little_as_it_must() -> None:
    record = {"age": 21.0, "head_pose": {"yaw": -3.0}}
    assert edits("age_group", "child", record) == {"age": 17.9}
    assert edits("age_group", "adult", record) == {"age": 21.0}
    assert edits("age_group", "elderly", record) == {"age": 60}
    assert edits("age", "77.5", record) == {"age": 77.5}
    assert edits("age", "30..40", record) == {"age": 30.0}
    assert edits("pose", "left", record)["head_pose.yaw"] == -15.1
    assert edits("age_group", "adult", {"age": None}) == {"age": 39.0}
    assert edits("licence", "CC0", record) == {}
