"""How far one distribution over levels or cells is from another.

p and q are arrays of one shape that each sum to 1. Where one of them sums to 0, as the shares of
no faces do, there is no distance: NaN.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.stats.special import chi_square_tail

_FEWEST_EXPECTED: Final = 5.0
"""Expected faces below which a cell strains the chi-square approximation (Cochran 1954)."""
_CLOSE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """Pearson's test that counts were drawn by given shares.

    Attributes:
        statistic: sum of (count - expected)^2 / expected; inf where a face is in a cell whose
            share is 0; NaN where there is no face.
        degrees: cells of a share above 0, less 1.
        p_value: chance of such a statistic or a larger one, were the shares right.
        sparse: cells of which fewer than 5 faces are expected: where they are many, the p-value
            is rough.
    """

    statistic: float
    degrees: int
    p_value: float
    sparse: int = 0


def total_variation(p: ArrayLike, q: ArrayLike) -> float:
    """Half the sum of |p - q|, 0 to 1: the share of faces that would have to change cells."""
    first, second = _pair(p, q)
    return min(float(np.abs(first - second).sum() / 2), 1.0)


def kl_divergence(p: ArrayLike, q: ArrayLike) -> float:
    """Kullback-Leibler divergence of p from q in nats, sum of p log(p / q).

    inf where q is 0 and p is not.
    """
    first, second = _pair(p, q)
    there = first > 0
    if np.isnan(first).any():
        return math.nan
    if (second[there] <= 0).any():
        return math.inf
    return max(0.0, float((first[there] * np.log(first[there] / second[there])).sum()))


def jensen_shannon(p: ArrayLike, q: ArrayLike) -> float:
    """Jensen-Shannon distance, 0 to 1: root of the divergence in bits (Endres, Schindelin 2003)."""
    first, second = _pair(p, q)
    middle = (first + second) / 2
    nats = (kl_divergence(first, middle) + kl_divergence(second, middle)) / 2
    return min(math.sqrt(nats / math.log(2)), 1.0)


def chi_square(counts: ArrayLike, shares: ArrayLike) -> ChiSquare:
    """Pearson's chi-square of counts against expected shares that sum to 1.

    Args:
        counts: faces of each cell.
        shares: expected share of each cell, of the same shape.

    Raises:
        ValueError: shapes differ, or the shares do not add up to 1.
    """
    cells = np.asarray(counts, np.float64)
    total = float(cells.sum())
    _, wanted = _pair(cells / max(total, 1.0), shares)
    found = cells.ravel()
    if total <= 0 or np.isnan(wanted).any():
        return ChiSquare(math.nan, 0, math.nan)
    expected = total * wanted
    there = expected > 0
    degrees = int(there.sum()) - 1
    sparse = int((expected[there] < _FEWEST_EXPECTED).sum())
    if (found[~there] > 0).any():
        return ChiSquare(math.inf, degrees, 0.0, sparse)
    statistic = float(((found - expected)[there] ** 2 / expected[there]).sum())
    return ChiSquare(statistic, degrees, chi_square_tail(statistic, degrees), sparse)


def _pair(p: ArrayLike, q: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both, flat; NaN all over where one sums to 0.

    Raises:
        ValueError: they cannot be compared.
    """
    first, second = np.asarray(p, np.float64), np.asarray(q, np.float64)
    if first.shape != second.shape:
        raise ValueError(f"shapes {first.shape} and {second.shape} differ")
    sums = float(first.sum()), float(second.sum())
    if 0.0 in sums:
        nothing = np.full(first.size, math.nan)
        return nothing, nothing
    for each, total in zip((first, second), sums, strict=True):
        if abs(total - 1) > _CLOSE or (each < 0).any():
            raise ValueError(f"shares must be 0 or more and add up to 1, not to {total:g}")
    return first.ravel() / sums[0], second.ravel() / sums[1]
