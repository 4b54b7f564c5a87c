"""Confidence intervals of shares.

Sources: Wilson (1927); Brown, Cai and DasGupta (2001) for Jeffreys' interval and why Wald's is
not here; Goodman (1965) for all shares of one table at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.stats.special import beta_quantile, normal_quantile

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]
"""Lower and upper bounds."""

CONFIDENCE = 0.95
"""Share of intervals that hold the true value, where nothing else is said."""


def wilson(counts: ArrayLike, total: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval of counts / total; [0, 1] where the total is 0.

    Args:
        counts: faces of a level, any shape.
        total: faces in all, of a shape that broadcasts.
        confidence: above 0, below 1.
    """
    return _score(counts, total, normal_quantile((1 + confidence) / 2))


def goodman(counts: NDArray[np.int64], confidence: float = CONFIDENCE) -> Interval:
    """Intervals of all shares of one table that hold all true shares at once (Goodman 1965).

    Args:
        counts: of any shape.
        confidence: that no interval of them misses.
    """
    errors = (1 - confidence) / max(counts.size, 1)
    return _score(counts, counts.sum(), normal_quantile(1 - errors / 2))


def jeffreys(counts: ArrayLike, total: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Jeffreys' interval: quantiles of Beta(counts + 1/2, total - counts + 1/2).

    The lower bound of no face is 0, the upper one of all faces 1 (Brown et al., their 2.3).
    """
    k, n = np.broadcast_arrays(np.asarray(counts, np.float64), np.asarray(total, np.float64))
    tail = (1 - confidence) / 2
    some, most = np.maximum(k, 1.0), np.maximum(n - k, 1.0)
    low = np.where(k <= 0, 0.0, beta_quantile(tail, some + 0.5, n - k + 0.5))
    high = np.where(k >= n, 1.0, beta_quantile(1 - tail, k + 0.5, most + 0.5))
    return low, high


def _score(counts: ArrayLike, total: ArrayLike, z: float) -> Interval:
    k, n = np.asarray(counts, np.float64), np.asarray(total, np.float64)
    some = np.maximum(n, 1.0)
    share, square = k / some, z * z / some
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * np.sqrt(share * (1 - share) / some + square / (4 * some))
    low = np.where(k <= 0, 0.0, middle - half)
    high = np.where(k >= n, 1.0, middle + half)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
