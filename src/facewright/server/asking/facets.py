"""Counts of faces by the levels of attributes, each attribute's own condition lifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewright.server.asking.masks import Masks
from facewright.server.catalogue.catalogue import Catalogue, Mask
from facewright.server.catalogue.columns import Column


@dataclass(frozen=True, slots=True)
class Facet:
    """Counts of one attribute.

    Attributes:
        counts: (L,) faces of each level.
        unknown: faces of which it is not known.
    """

    column: Column
    counts: NDArray[np.int64]
    unknown: int


def facets(catalogue: Catalogue, masks: Masks, names: Sequence[str]) -> tuple[int, list[Facet]]:
    """How many faces a filter leaves, and how they fall on the levels of some attributes.

    An attribute's own condition is lifted for its own counts, so that the levels that are not
    chosen show what choosing them would give.
    """
    whole = masks.whole
    rows = None if whole is None else _rows(whole)
    found = []
    for name in names:
        column = catalogue.column(name)
        if masks.lifts(name):
            lifted = masks.without(name)
            counts = _counts(column, None if lifted is None else _rows(lifted))
        else:
            counts = _counts(column, rows)
        found.append(Facet(column, counts[:-1], int(counts[-1])))
    return len(catalogue) if rows is None else len(rows), found


def histogram2d(
    x: Column, y: Column, mask: Mask | None, bins: int, ranges: tuple[float, float, float, float]
) -> NDArray[np.int64]:
    """Faces by two numbers.

    Args:
        x: its numbers fall on the columns of the answer.
        y: its numbers fall on the rows.
        mask: (N,) faces that count; None for all.
        bins: on each side.
        ranges: x from, x to, y from, y to; what lies outside of them is not counted, what lies
            on an upper end falls into the last bin.

    Returns:
        (bins, bins) counts, y first, both rising.
    """
    assert x.numbers is not None
    assert y.numbers is not None
    left, right, bottom, top = ranges
    rows = slice(None) if mask is None else _rows(mask)
    column = _bin(x.numbers[rows], left, right, bins)
    line = _bin(y.numbers[rows], bottom, top, bins)
    inside = (column >= 0) & (line >= 0)
    flat = line[inside] * bins + column[inside]
    return np.bincount(flat, minlength=bins * bins).reshape(bins, bins)


def _bin(numbers: NDArray[np.float32], low: float, high: float, bins: int) -> NDArray[np.int32]:
    """Bin of each number, -1 outside."""
    with np.errstate(invalid="ignore"):
        inside = (numbers >= low) & (numbers <= high)
        at = ((numbers - low) * (bins / (high - low))).astype(np.int32)
    return np.where(inside, np.minimum(at, bins - 1), -1).astype(np.int32)


def _rows(mask: Mask) -> NDArray[np.intp]:
    return np.flatnonzero(mask)


def _counts(column: Column, rows: NDArray[np.intp] | None) -> NDArray[np.int64]:
    return column.counts if rows is None else column.counted(rows)
