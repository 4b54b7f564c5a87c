"""Colour: CIE L*a*b* and individual typology angle."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_WHITE = np.array([0.95047, 1.0, 1.08883])  # D65, 2 degree observer
_RGB_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_DELTA = 6 / 29


@cache
def _linear_table() -> Floats:
    """Linear light of each 8-bit sRGB value (IEC 61966-2-1)."""
    v = np.arange(256) / 255
    linear = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


def linear_light(rgb: NDArray[np.uint8]) -> Floats:
    """Decode sRGB: uint8 of any shape to float32 linear light 0-1."""
    return _linear_table()[rgb]


def lab(rgb: NDArray[np.uint8]) -> Floats:
    """Convert sRGB to CIE 1976 L*a*b* under D65.

    Args:
        rgb: (..., 3) uint8.

    Returns:
        (..., 3) float32: L* 0-100, a* and b* about -128 to 127.
    """
    matrix = (_RGB_TO_XYZ / _WHITE[:, None]).T.astype(np.float32)
    ratio = linear_light(rgb) @ matrix
    root = np.where(ratio > _DELTA**3, np.cbrt(ratio), ratio / (3 * _DELTA**2) + np.float32(4 / 29))
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ita(colours: NDArray[np.floating]) -> NDArray[np.float64]:
    """Individual typology angle of L*a*b* colours (..., 3), in degrees.

    arctan((L* - 50) / b*), Chardon et al. 1991; above 55 very light, below -30 dark. With
    arctan2, so that a bluish cast (b* <= 0) gives angles beyond 90 instead of a wrap.
    """
    values = np.asarray(colours, np.float64)
    angle: NDArray[np.float64] = np.degrees(np.arctan2(values[..., 0] - 50.0, values[..., 2]))
    return angle
