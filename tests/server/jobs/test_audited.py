"""Labels by hand in tables of faces."""

from __future__ import annotations

from facewright.server.jobs.audited import COLUMN_OF, with_labels
from helpers.judging import faces


def test_which_attributes_stand_in_a_column() -> None:
    assert {"sex", "age", "ethnicity", "glasses", "eye_color"} <= set(COLUMN_OF)
    assert "hair_color" not in COLUMN_OF


def test_labels_stand_in_place_of_estimates() -> None:
    table = faces(3, {"sex": ["female", None, "male"], "age": [20.0, 30.0, 40.0]})
    labels = (
        ("f000", "sex", "male"),
        ("f001", "sex", "female"),
        ("f001", "sex", "male"),
        ("f002", "sex", None),
        ("f000", "age", "77.5"),
        ("f001", "age", "<10"),
        ("f002", "hair_color", "red"),
        ("else", "sex", "male"),
    )
    found = with_labels(table, labels)
    assert found.column("sex").to_pylist() == ["male", "male", None]
    assert found.column("age").to_pylist() == [77.5, None, 40.0]
    assert found.schema == table.schema
    assert with_labels(table, ()) is table
