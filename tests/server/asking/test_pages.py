"""Pages: every face once, whatever the order; cursors hold their place and no other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.server.asking.ordering import AsMade, Order, Random, Sorted
from facewright.server.asking.pages import (
    CursorError,
    lined_up,
    page_from,
    read_cursor,
    write_cursor,
)

faces = st.integers(0, 300)


def _orders(count: int, seed: int) -> list[Order]:
    shuffled = np.random.default_rng(seed).permutation(count).astype(np.int32)
    return [AsMade(count), Sorted(shuffled), Random(count, seed)]


@given(faces, st.integers(0, 2**53), st.integers(1, 50), st.floats(0, 1))
def test_pages_cover_every_face_once(count: int, seed: int, limit: int, share: float) -> None:
    mask = np.random.default_rng(seed).random(count) < share
    for order in _orders(count, seed):
        seen: list[int] = []
        place: int | None = 0
        while place is not None:
            page = page_from(order, mask, place, limit)
            seen += page.rows.tolist()
            assert len(page.rows) == limit or page.place is None
            place = page.place
        assert sorted(seen) == np.flatnonzero(mask).tolist()
        assert lined_up(order, mask).tolist() == seen


@given(st.integers(1, 2000), st.integers(0, 2**53))
def test_a_random_order_is_a_permutation(count: int, seed: int) -> None:
    order = Random(count, seed)
    rows = order.stretch(0, len(order))
    assert sorted(rows[rows >= 0].tolist()) == list(range(count))
    middle = len(order) // 2
    assert np.array_equal(order.stretch(middle, middle + 7), rows[middle : middle + 7])


def test_seeds_give_orders_of_their_own() -> None:
    lines = {tuple(lined_up(Random(1000, seed), None)[:20].tolist()) for seed in range(50)}
    assert len(lines) == 50


def test_random_places_are_spread_evenly() -> None:
    first = np.concatenate([lined_up(Random(1000, seed), None)[:100] for seed in range(200)])
    thirds = np.histogram(first, 3, (0, 1000))[0] / len(first)
    assert np.abs(thirds - 1 / 3).max() < 0.02


@given(st.integers(0, 2**40), st.text(max_size=30))
def test_a_cursor_holds_its_place(place: int, key: str) -> None:
    assert read_cursor(write_cursor(place, key), key) == place


@given(st.text(max_size=40))
def test_anything_else_is_no_cursor(text: str) -> None:
    with pytest.raises(CursorError):
        read_cursor(text, "key")


def test_a_cursor_of_another_filter_is_refused() -> None:
    with pytest.raises(CursorError, match="begin again"):
        read_cursor(write_cursor(5, "sex=male"), "sex=female")
