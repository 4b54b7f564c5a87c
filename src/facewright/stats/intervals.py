"""Confidence intervals of shares.

Source: Wilson (1927); Brown, Cai and DasGupta (2001) for why Wald's is not here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.stats.special import normal_quantile

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
    z = normal_quantile((1 + confidence) / 2)
    k, n = np.asarray(counts, np.float64), np.asarray(total, np.float64)
    some = np.maximum(n, 1.0)
    share, square = k / some, z * z / some
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * np.sqrt(share * (1 - share) / some + square / (4 * some))
    low = np.where(k <= 0, 0.0, middle - half)
    high = np.where(k >= n, 1.0, middle + half)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
