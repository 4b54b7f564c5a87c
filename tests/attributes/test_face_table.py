"""Counting the faces of datasets and of bare tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from facewright.attributes.face_table import FaceTable
from facewright.errors import UsageError


@pytest.fixture
def table() -> FaceTable:
    pose = pa.StructArray.from_arrays([pa.array([-30.0, None, 3.0, 40.0])], names=["yaw"])
    faces = {
        "face_id": ["a", "b", "c", "d"],
        "photo_id": ["p", "p", "q", "r"],
        "sex": ["female", "male", None, "female"],
        "age": pa.array([12.0, 33.0, 60.0, np.nan], from_pandas=True),
        "head_pose": pose,
        "city": ["Oslo", "Bern", "Bern", None],
        "height": [1.1, 1.5, 1.9, 1.7],
        "stars": [1, 5, 5, 2],
        "tall": [False, True, True, None],
    }
    photos = pa.table({"photo_id": ["p", "q"], "licence": ["CC0", "CC BY 4.0"]})
    return FaceTable("mine", pa.table(faces), photos)


def levels(table: FaceTable, name: str) -> list[str | None]:
    (coded,) = table.coded([table.attribute(name)])
    return [coded.levels[code] if code >= 0 else None for code in coded.codes]


def test_known_attributes_read_the_columns_of_the_record(table: FaceTable) -> None:
    assert levels(table, "sex") == ["female", "male", None, "female"]
    assert levels(table, "age_group") == ["child", "adult", "elderly", None]
    assert levels(table, "pose") == ["left", None, "front", "right"]


def test_attributes_of_photos_are_joined_in_the_order_of_faces(table: FaceTable) -> None:
    assert levels(table, "licence") == ["CC0", "CC0", "CC BY 4.0", None]


def test_other_columns_are_counted_by_their_kind(table: FaceTable) -> None:
    assert set(table.attributes) >= {"city", "height", "stars", "tall"}
    assert levels(table, "city") == ["Oslo", "Bern", "Bern", None]
    assert levels(table, "stars") == ["1", "5", "5", "2"]
    assert levels(table, "tall") == ["no", "yes", "yes", None]
    (height,) = table.coded([table.attribute("height")])
    assert height.attribute.ordered
    assert height.counts.sum() == 4
    assert (np.diff(height.codes[[0, 1, 3, 2]]) > 0).all()


def test_levels_that_nobody_has_are_counted_as_none(table: FaceTable) -> None:
    (sex,) = table.coded([table.attribute("sex")])
    assert dict(zip(sex.levels, sex.counts.tolist(), strict=True)) == {"female": 2, "male": 1}
    assert sex.unknown == 1


def test_levels_that_were_not_expected_are_shown() -> None:
    table = FaceTable("t", pa.table({"face_id": ["a", "b"], "sex": ["Female", "male"]}))
    (sex,) = table.coded([table.attribute("sex")])
    assert sex.levels == ("female", "male", "Female")
    assert sex.counts.tolist() == [0, 1, 1]


def test_a_column_of_another_kind_is_taken_as_it_is() -> None:
    ages = pa.table({"face_id": ["a", "b", "c"], "age": ["20-29", "20-29", "more than 70"]})
    assert levels(FaceTable("t", ages), "age") == ["20-29", "20-29", "more than 70"]
    assert "age_group" not in FaceTable("t", ages).attributes


def test_an_unknown_attribute_names_those_that_are_near(table: FaceTable) -> None:
    with pytest.raises(UsageError, match=r"'age_grop'.*age_group"):
        table.attribute("age_grop")


def test_rows_can_be_asked_for_and_taken(table: FaceTable) -> None:
    rows = table.where("age > 20")
    assert rows.tolist() == [1, 2]
    assert table.take(rows[::-1]).face_ids == ["c", "b"]
    assert np.isnan(table.numbers("age")[3])


def test_a_condition_that_cannot_be_read_is_one_line(table: FaceTable) -> None:
    with pytest.raises(UsageError, match=r"mine: .*colour") as raised:
        table.where("colour = 1")
    assert "\n" not in str(raised.value)


def test_no_row_at_all_is_an_honest_nothing() -> None:
    empty = pa.schema([("face_id", pa.string()), ("age", pa.float32()), ("n", pa.int64())])
    table = FaceTable("none", empty.empty_table())
    (age, other) = table.coded([table.attribute("age"), table.attribute("n")])
    assert age.counts.sum() == other.counts.sum() == 0


def test_a_dataset_counts_the_faces_that_it_shows(built: Path) -> None:
    from facewright import Dataset

    dataset = Dataset.open(built)
    table = FaceTable.of(dataset)
    assert table.face_ids == dataset.face_ids
    (sex,) = table.coded([table.attribute("sex")])
    assert sex.counts.sum() + sex.unknown == len(dataset)
    twice = FaceTable.of(dataset.select([dataset.face_ids[-1], *dataset.face_ids[:1] * 2]))
    assert twice.face_ids == [dataset.face_ids[-1], *dataset.face_ids[:1] * 2]
    assert len(table.take(np.array([1, 0]))) == 2
