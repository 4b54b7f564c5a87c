"""What chance alone would do: a finding is only what it would hardly have done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.stats.special import chi_square_tail

_LEAST_EXPECTED: Final = 5.0  # faces of a cell
RISK: Final = 0.01
"""Risk that chance alone makes any of the findings that are told together."""

Counts = NDArray[np.int64]
Places = NDArray[np.integer]
Floats = NDArray[np.float64]


def p_of_independence(counts: Counts, rows: Places, columns: Places) -> float:
    """Chance of a table at least so far from independence, were there none: Pearson's test.

    Rare levels are taken as one until every cell is expected to hold 5 faces (Cochran 1954): where
    few faces share two rare values, the chi-square approximation would find anything.

    Args:
        counts: (K,) faces of the cells that occur.
        rows: (K,) their levels of one attribute, from 0.
        columns: (K,) and of the other.

    Returns:
        0 to 1; NaN where there are too few faces for that.
    """
    total = int(counts.sum())
    sides = [_Side(_faces(counts, each)) for each in (rows, columns) if total]
    if not _join_rare(sides, total):
        return math.nan
    (row_of, by_row), (column_of, by_column) = (side.joined() for side in sides)
    cells, place = np.unique(
        row_of[rows] * len(by_column) + column_of[columns], return_inverse=True
    )
    found = np.bincount(place, weights=counts)
    expected = by_row[cells // len(by_column)] * by_column[cells % len(by_column)] / total
    statistic = float((found**2 / expected).sum() - total)
    return chi_square_tail(statistic, (len(by_row) - 1) * (len(by_column) - 1))


def p_of_table(table: ArrayLike) -> float:
    """`p_of_independence` of a whole table of counts, (R, C)."""
    counts = np.asarray(table, np.int64)
    cells = np.nonzero(counts)
    return p_of_independence(counts[cells], *cells)


def beyond_chance(p_value: float | None, tests: int) -> bool:
    """Whether something is a finding among others that were tested with it (Bonferroni).

    Args:
        p_value: of the test; None and NaN are no finding.
        tests: all that were made, this one included.
    """
    return p_value is not None and p_value * tests <= RISK


def variation_by_chance(first: ArrayLike, second: ArrayLike) -> float:
    """Mean total variation of two random draws of these sizes from one and the same population.

    Half the sum over levels of E|difference of shares|, each by the normal approximation to the
    binomial, sqrt(2 / pi * p (1 - p) (1 / n + 1 / m)), and never above 2 p (1 - p), which holds
    for any n and m.

    Args:
        first: faces of each level in one set.
        second: of the same levels in the other. The population's shares are taken from both.

    Returns:
        0 to 1; NaN where a set has no face.
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    n, m = float(a.sum()), float(b.sum())
    if not n or not m:
        return math.nan
    share = (a + b) / (n + m)
    spread = share * (1 - share)
    gaps = np.minimum(np.sqrt(2 / math.pi * spread * (1 / n + 1 / m)), 2 * spread)
    return float(gaps.sum() / 2)


def _faces(counts: Counts, levels: Places) -> Floats:
    """Faces of each level."""
    return np.asarray(np.bincount(levels, weights=counts), np.float64)


class _Side:
    """Levels of one attribute, of which the rarest are taken as one, more and more of them."""

    def __init__(self, faces: Floats) -> None:
        self._order = np.argsort(faces, kind="stable")
        self._sizes = faces[self._order]
        self._together = np.cumsum(self._sizes)
        self._joined = int((faces == 0).sum()) + 1  # a level that does not occur is none

    @property
    def can_join(self) -> bool:
        """Whether there are more than two levels."""
        return self._joined + 1 < len(self._sizes)

    @property
    def least(self) -> float:
        """Faces of the rarest level now; 0 where there is but one."""
        if self._joined >= len(self._sizes):
            return 0.0
        return float(min(self._together[self._joined - 1], self._sizes[self._joined]))

    def join(self) -> None:
        """Take one more level for one with the rarest."""
        self._joined += 1

    def joined(self) -> tuple[NDArray[np.int64], Floats]:
        """The new number of each level, and faces of the new levels."""
        number = np.empty(len(self._sizes), np.int64)
        sorted_numbers = np.maximum(np.arange(len(self._sizes)) - self._joined + 1, 0)
        number[self._order] = sorted_numbers
        faces = np.bincount(sorted_numbers, weights=self._sizes)
        return number, np.asarray(faces, np.float64)


def _join_rare(sides: Sequence[_Side], total: int) -> bool:
    """Join rare levels until a test can be trusted; False where it cannot be."""
    while sides:
        least = [side.least for side in sides]
        if math.prod(least) >= total * _LEAST_EXPECTED:
            return True
        free = [side for side in sides if side.can_join]
        if not free:
            return False
        min(free, key=lambda side: side.least).join()
    return False
