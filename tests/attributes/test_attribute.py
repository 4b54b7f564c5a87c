"""Bins of numbers, and names of classes."""

from __future__ import annotations

import math
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.attributes.attribute import binned, words


@pytest.mark.parametrize(
    ("value", "key"),
    [(-3, "<0"), (0, "0..10"), (9.99, "0..10"), (10, "10..20"), (20, ">=20"), (1e9, ">=20")],
)
def test_a_bin_holds_its_lower_edge_and_not_its_upper(value: float, key: str) -> None:
    sql, labels = binned("x", (0, 10, 20))
    assert duckdb.execute(f"SELECT {sql} FROM (SELECT {value} AS x)").fetchone() == (key,)  # noqa: S608
    assert key in labels


@pytest.mark.parametrize("value", ["NULL", "'nan'::DOUBLE"])
def test_what_is_no_number_is_in_no_bin(value: str) -> None:
    sql, _ = binned("x", (0, 10))
    found = duckdb.execute(f"SELECT {sql} FROM (SELECT {value}::DOUBLE AS x)").fetchone()  # noqa: S608
    assert found == (None,)


@given(
    st.lists(st.integers(-90, 90), min_size=1, max_size=8, unique=True).map(sorted),
    st.floats(-200, 200),
)
def test_every_number_is_in_the_bin_that_its_edges_say(edges: list[int], value: float) -> None:
    sql, labels = binned("x", edges)
    (found,) = duckdb.execute(f"SELECT {sql} FROM (SELECT ?::DOUBLE AS x)", [value]).fetchone() or (  # noqa: S608
        None,
    )
    inner = [f"{low}..{high}" for low, high in pairwise(edges)]
    keys = [f"<{edges[0]}", *inner, f">={edges[-1]}"]
    assert list(labels) == keys
    assert found == keys[sum(value >= edge for edge in edges)]
    assert math.isfinite(value)


def test_classes_are_spelt_in_words() -> None:
    assert words("ReadingGlasses") == "reading glasses"
    assert words("head_pose roll") == "head pose roll"
