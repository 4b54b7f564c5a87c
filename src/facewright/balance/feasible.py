"""How large a subset a target allows, and what is missing for a larger one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.int64]

_SLACK = 1e-9


def largest_exact(counts: ArrayLike, shares: ArrayLike) -> int:
    """Most faces of which every cell can have its exact share: floor(min counts / shares)."""
    had, wanted = np.ravel(counts).astype(np.float64), np.ravel(shares).astype(np.float64)
    there = wanted > 0
    return int(np.floor((had[there] / wanted[there]).min() * (1 + _SLACK)))


def off_by(counts: ArrayLike, shares: ArrayLike, size: int) -> float:
    """Least total variation of a subset of `size` faces from the target, before rounding.

    It is the share that the short cells lack: the sum of max(0, share - count / size).
    """
    had, wanted = np.ravel(counts).astype(np.float64), np.ravel(shares).astype(np.float64)
    return float(np.maximum(wanted - had / size, 0.0).sum()) if size else 0.0


def largest_within(counts: ArrayLike, shares: ArrayLike, tolerance: float) -> int:
    """Most faces whose total variation from the target need not exceed a tolerance.

    Args:
        counts: faces of each cell.
        shares: wanted share of each cell.
        tolerance: total variation, 0-1, before rounding to whole faces.
    """
    usable = int(np.ravel(counts)[np.ravel(shares) > 0].sum())
    low, high = min(largest_exact(counts, shares), usable), usable
    while low < high:  # off_by grows with the size
        middle = (low + high + 1) // 2
        if off_by(counts, shares, middle) <= tolerance + _SLACK:
            low = middle
        else:
            high = middle - 1
    return low
