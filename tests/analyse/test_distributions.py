from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from facewright.analyse.distributions import Distribution, distributions
from facewright.attributes.face_table import FaceTable
from facewright.store.dataset import Dataset


@pytest.fixture(scope="module")
def table(dataset_root: Path) -> FaceTable:
    return FaceTable.of(Dataset.open(dataset_root))


@pytest.fixture(scope="module")
def found(table: FaceTable) -> dict[str, Distribution]:
    known = list(table.attributes.values())
    return {one.attribute.name: one for one in distributions(table, known)}


def counted(one: Distribution) -> dict[str, int]:
    return {label: number for label, number in one.rows if number}


def test_every_attribute_counts_every_kept_face(found: dict[str, Distribution]) -> None:
    assert {one.total for one in found.values()} == {6}


def test_classes_bins_and_unknown(found: dict[str, Distribution]) -> None:
    assert counted(found["sex"]) == {"female": 3, "male": 2}
    assert found["sex"].unknown == 1
    ages = counted(found["age"])  # 34, unknown, 48, 55, 62, 69
    assert ages == {"30 to 40": 1, "40 to 50": 1, "50 to 60": 1, "60 to 70": 2}
    assert found["age"].quartiles == (48, 55, 62)
    assert counted(found["emotion"]) == {"happiness": 2, "neutral": 3}
    assert counted(found["hair_color"]) == {"brown": 5}
    assert counted(found["glasses"]) == {"no glasses": 3, "reading glasses": 2}
    turns = counted(found["yaw"])
    assert turns == {"−15 to 0": 1, "0 to 15": 2, "15 to 30": 1, "30 to 45": 1}


def test_the_word_unknown_counts_as_unknown(found: dict[str, Distribution]) -> None:
    one = found["ethnicity"]
    assert counted(one) == {"White": 3}
    assert one.unknown == 3


def test_a_measure_that_nobody_has_is_all_unknown(table: FaceTable) -> None:
    nobody = replace(table.attributes["quality"], expression="NULL", measure="gaze.yaw")
    (one,) = distributions(table, [nobody])
    assert (one.unknown, one.quartiles, counted(one)) == (6, None, {})
