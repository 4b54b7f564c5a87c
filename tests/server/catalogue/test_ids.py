"""Ids: every text is found at its first row, and nothing else is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from facewright.server.catalogue.ids import Ids

texts = st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=12), max_size=40)


@given(texts, st.text(st.characters(exclude_categories=("Cs",)), max_size=12))
def test_each_text_is_found_at_its_first_row(given: list[str], other: str) -> None:
    ids = Ids(pa.array(given, pa.string()))
    for text in given:
        assert ids.find(text) == given.index(text)
    assert ids.find(other) == (given.index(other) if other in given else None)


def test_a_slice_of_an_array_is_read_as_it_stands() -> None:
    whole = pa.array(["zero", "one", "two", "drei", ""], pa.string())
    ids = Ids(whole.slice(1, 3))
    assert [ids.find(text) for text in ("zero", "one", "two", "drei", "")] == [None, 0, 1, 2, None]
    assert ids.take(np.array([2, 0])) == ["drei", "one"]


def test_texts_that_differ_far_behind_are_told_apart() -> None:
    long = "a" * 2000
    ids = Ids(pa.array([f"{long}1", f"{long}2"], pa.string()))
    assert (ids.find(f"{long}2"), ids.find(f"{long}3")) == (1, None)


def test_lone_surrogates_are_no_id() -> None:
    assert Ids(pa.array(["a"], pa.string())).find("\ud800") is None
