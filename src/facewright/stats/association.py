"""How much two attributes have to do with each other, and shares of one given the other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.face_table import Coded
from facewright.stats.chance import p_of_independence
from facewright.stats.intervals import CONFIDENCE, wilson

_DENSE: Final = 1_000_000
"""Cells of a pair up to which all are counted; beyond, only those that occur."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Association:
    """Two attributes over the faces of which both are known.

    Attributes:
        first, second: names of the attributes.
        faces: of which both values are known.
        cramers_v: 0 to 1, corrected for bias (Bergsma 2013); NaN where one of the attributes
            does not vary.
        information: mutual information in nats, of the shares as found.
        normalised: it over the mean of both entropies, 0 to 1; NaN where neither varies.
        p_value: of Pearson's test that they are independent, rare levels taken as one; NaN where
            too few faces are left to tell. See `facewright.stats.chance`.
    """

    first: str
    second: str
    faces: int
    cramers_v: float
    information: float
    normalised: float
    p_value: float


@dataclass(frozen=True, eq=False, slots=True)
class Conditional:
    """Shares of one attribute's levels among the faces of each level of another.

    Attributes:
        of, given: the attributes.
        counts: (G, L) faces of each level of `given` (rows) and of `of` (columns).
        shares: (G, L) of each row; NaN where a row has no face.
        low, high: (G, L) Wilson's intervals of the shares.
        overall: (L,) shares over all rows; NaN where there is no face.
    """

    of: Coded
    given: Coded
    counts: NDArray[np.int64]
    shares: Floats
    low: Floats
    high: Floats
    overall: Floats


def associate(a: Coded, b: Coded) -> Association:
    """One pair of attributes of the same faces."""
    counts, rows, columns = _pairs(a, b)
    n = int(counts.sum())
    by_row = np.bincount(rows, weights=counts).astype(np.float64)
    by_column = np.bincount(columns, weights=counts).astype(np.float64)
    r, c = int((by_row > 0).sum()), int((by_column > 0).sum())
    ratio = counts * n / (by_row[rows] * by_column[columns])
    information = max(0.0, float((counts * np.log(ratio)).sum()) / max(n, 1))
    entropies = _entropy(by_row, n) + _entropy(by_column, n)
    # Pearson's chi-square over n; cells without a face add up to the -1.
    phi = max(0.0, float((counts / max(n, 1) * ratio).sum()) - 1.0)
    varies = min(r, c) > 1
    return Association(
        a.attribute.name,
        b.attribute.name,
        n,
        _corrected_v(phi, n, r, c) if varies else math.nan,
        information,
        min(2 * information / entropies, 1.0) if entropies > 0 else math.nan,
        p_of_independence(counts, rows, columns),
    )


def conditional(of: Coded, given: Coded, confidence: float = CONFIDENCE) -> Conditional:
    """Shares of `of` among the faces of each level of `given`, with intervals."""
    counts, rows, columns = _pairs(given, of)
    table = np.zeros((len(given.levels), len(of.levels)), np.int64)
    table[rows, columns] = counts
    totals = table.sum(axis=1, keepdims=True)
    low, high = wilson(table, totals, confidence)
    return Conditional(
        of, given, table, _over(table, totals), low, high, _over(table.sum(axis=0), totals.sum())
    )


def _over(counts: NDArray[np.int64], total: NDArray[np.int64]) -> Floats:
    return np.where(total > 0, counts / np.maximum(total, 1), np.nan)


def _pairs(a: Coded, b: Coded) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Counts of the pairs of levels that occur, with the level of each attribute."""
    wide = len(b.levels) + 1
    # Unknown is number 0 here: one pass counts known and unknown, and unknown ones are cut off.
    joint = (a.codes.astype(np.int64) + 1) * wide + (b.codes + 1)
    if (len(a.levels) + 1) * wide <= _DENSE:
        counted = np.bincount(joint)
        cells = np.flatnonzero(counted)
        counts = counted[cells]
    else:
        cells, counts = np.unique(joint, return_counts=True)
    rows, columns = cells // wide - 1, cells % wide - 1
    known = (rows >= 0) & (columns >= 0)
    return counts[known].astype(np.int64), rows[known], columns[known]


def _entropy(counts: Floats, total: int) -> float:
    shares = counts[counts > 0] / max(total, 1)
    return max(0.0, float(-(shares * np.log(shares)).sum()))


def _corrected_v(phi: float, n: int, r: int, c: int) -> float:
    if n < 2:
        return math.nan
    excess = max(0.0, phi - (r - 1) * (c - 1) / (n - 1))
    rows, columns = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    least = min(rows, columns) - 1
    return min(math.sqrt(excess / least), 1.0) if least > 0 else math.nan
