"""Order statistics along a batch's samples that skip NaN in silence and in one sort."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def quantiles(values: Floats, *levels: float) -> list[NDArray[np.float64]]:
    """Quantiles along axis 1, NaN left out (numpy's `nanquantile` loops over rows and warns).

    Args:
        values: (N, K) or (N, K, C), K at least 1.
        levels: 0-1; linear between order statistics.

    Returns:
        for each level (N,) or (N, C); NaN where no value is there.
    """
    ordered = np.sort(values, axis=1)  # NaN goes last
    count = np.count_nonzero(~np.isnan(ordered), axis=1, keepdims=True)
    out = []
    for level in levels:
        at = level * np.maximum(count - 1, 0)
        low = np.floor(at).astype(np.intp)
        high = np.minimum(low + 1, np.maximum(count - 1, 0))
        below, above = (np.take_along_axis(ordered, i, axis=1) for i in (low, high))
        out.append((below + (above - below) * (at - low))[:, 0].astype(np.float64))
    return out


def median(values: Floats) -> NDArray[np.float64]:
    """Median along axis 1 of (N, K) or (N, K, C), NaN left out."""
    return quantiles(values, 0.5)[0]


def share(marked: NDArray[np.bool_], valid: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of `marked` among `valid` along axis 1: (N, K) to (N,); NaN where none is."""
    count = valid.sum(axis=1)
    return np.where(count > 0, (marked & valid).sum(axis=1) / np.maximum(count, 1), np.nan)


def logistic(scores: Floats) -> NDArray[np.float64]:
    """1 / (1 + exp(-scores)), without overflow; NaN stays NaN."""
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(scores, np.float64)))


def logit(probabilities: Floats, margin: float = 0.01) -> NDArray[np.float64]:
    """Inverse of `logistic`, for probabilities clipped to [margin, 1 - margin]."""
    p = np.clip(np.asarray(probabilities, np.float64), margin, 1.0 - margin)
    return np.log(p / (1.0 - p))
