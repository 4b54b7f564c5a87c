from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facewright.analyse.picked import evenly, pick, quoted
from facewright.store.dataset import Dataset


@given(st.integers(0, 5000), st.integers(1, 3000))
def test_evenly_is_ascending_distinct_and_spans_all(total: int, limit: int) -> None:
    found = evenly(total, limit).tolist()
    assert len(found) == min(total, limit)
    assert found == sorted(set(found))
    if found:
        assert found[0] == 0
        assert limit == 1 or found[-1] == total - 1


def test_pick_keeps_the_order_and_repeats_of_a_part(dataset: Dataset) -> None:
    ids = ["group_02", "astronaut_01", "group_02"]
    rows = pick(dataset.select(ids), 10, ["face_id", "age"])
    assert [row["face_id"] for row in rows] == ids


def test_pick_of_nothing(dataset: Dataset, empty_dataset: Dataset) -> None:
    assert pick(dataset.where("false"), 10, ["face_id"]) == []
    assert pick(empty_dataset, 10, ["face_id"]) == []


def test_quotes_are_doubled() -> None:
    assert quoted(["a'b", "c"]) == "'a''b', 'c'"
