"""Who is kept, and how often a picture is repeated: the published rules over camera angles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

RARE = 0.4
"""LPFF keeps a face when the density of the FFHQ cameras at its own is below this."""

EG3D_WIDEST = float(np.radians(79.2))
"""Widest yaw of EG3D's nine arcs, fitted to the published counts of FFHQ; not itself published."""

_ARCS = 9


def lpff_keeps(density: ArrayLike) -> NDArray[np.bool_]:
    """LPFF's rule: True where a view is rare enough to be worth adding to FFHQ.

    Args:
        density: per square radian under the FFHQ cameras, see `facewright.camera.reference`.
    """
    return np.asarray(density, np.float64) < RARE


def lpff_replicas(density: ArrayLike) -> Counts:
    """How often LPFF's rebalanced FFHQ+LPFF repeats a picture.

    n = int(min(max(round(4 x 0.06 / d), 1), 4)), but 5 for 0.02 <= d < 0.03 and 6 below. Halves
    round to even, as Python's `round` does.

    Args:
        density: (N,) at each picture's camera, under the density of all pictures' cameras.
    """
    values = np.asarray(density, np.float64)
    with np.errstate(divide="ignore"):
        times = np.clip(np.rint(4 * 0.06 / values), 1, 4)
    times = np.where(values < 0.03, 5, times)
    return np.where(values < 0.02, 6, times).astype(np.int64)


def eg3d_replicas(positions: ArrayLike, widest: float | None = None) -> Counts:
    """How often EG3D's rebalanced FFHQ repeats a picture: 2^|arc - 4| over nine arcs of yaw.

    The arcs cut a range of yaw = atan2(x, z) evenly. The published script's own yaw is not known
    and its range is narrower than that of FFHQ's camera positions: the angles at which the
    published counts change lie at 1 : 3.004 : 5.005 : 7.040, as arcs of 2/9 of 79.2 degrees do.

    Args:
        positions: (N, 3) of all cameras of the set.
        widest: radians where the outermost arcs end, such as `EG3D_WIDEST` for FFHQ; what looks
            further aside is in them too. None for the least and the largest yaw of these cameras.
    """
    places = np.asarray(positions, np.float64)
    yaw = np.arctan2(places[:, 0], places[:, 2])
    low, high = (yaw.min(), yaw.max()) if widest is None else (-widest, widest)
    width = (high - low) / _ARCS or 1.0
    arc = np.clip(np.floor((yaw - low) / width).astype(np.int64), 0, _ARCS - 1)
    times: Counts = 2 ** np.abs(arc - _ARCS // 2)
    return times
