"""Draw faces by weight: systematic sampling, with or without repeats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.errors import UsageError

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


def draw(
    weights: Floats, size: int, groups: Counts, rng: np.random.Generator, *, replace: bool
) -> Counts:
    """How often each face is drawn.

    Faces are laid in a row, group by group and by chance within, each as long as its weight; one
    random start, then a mark at every 1 / size of the whole takes the face below it (Madow,
    1949). So each group gets its expected number of faces to less than one.

    Args:
        weights: (N,) adding up to 1.
        size: faces in all.
        groups: (N,) faces of one group lie side by side.
        rng: start and order.
        replace: a face longer than a step is taken several times; else such faces are taken
            once, and the others' chances grow.

    Returns:
        (N,) times, adding up to `size`.

    Raises:
        UsageError: without repeats, `size` is more than the faces that have a weight.
    """
    there = int((weights > 0).sum())
    if not replace and size > there:
        raise UsageError(
            f"{size} faces are asked for, and {there} have a weight; ask for fewer, or allow"
            " repeats (replace=true)"
        )
    order = np.lexsort((rng.random(len(weights)), groups))
    start = float(rng.random())
    if replace:
        return _marked(weights * size, size, order, start)
    expected = _once_at_most(weights, size)
    sure = expected >= 1.0
    rest = np.where(sure, 0.0, expected)
    return sure + _marked(rest, size - int(sure.sum()), order, start)


def _marked(expected: Floats, size: int, order: Counts, start: float) -> Counts:
    """Times of each face, which lie in a row in this order, as long as `expected`."""
    times = np.zeros(len(expected), np.int64)
    long = np.flatnonzero(expected[order])
    if not size or not len(long):
        return times
    ends = np.cumsum(expected[order])
    ends[long[-1] :] = size  # whatever rounding did
    marks = np.floor(np.concatenate([[0.0], ends]) + start)
    times[order] = np.diff(marks).astype(np.int64)
    return times


def _once_at_most(weights: Floats, size: int) -> Floats:
    """Expected times, none above 1, in proportion to the weights where they can be."""
    expected = weights * size
    sure = np.zeros(len(weights), bool)
    while (over := (expected > 1.0) & ~sure).any():
        sure |= over
        rest = float(weights[~sure].sum())
        expected = np.where(sure, 1.0, 0.0)
        if rest > 0:
            expected[~sure] = weights[~sure] * ((size - int(sure.sum())) / rest)
    return expected
