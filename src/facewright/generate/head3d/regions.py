"""Where hair grows and blood shows: densities over the mean adult head.

Each function takes positions on the mean head (..., 3) in metres from between the eyes and gives a
density 0 to 1. They are drawn on the mean head and carried by its vertices and texels, so that
they fit every face.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from facewright.generate.head3d import pack, shape
from facewright.generate.head3d.arrays import Floats

AXIS_Z = -0.085
"""The head's vertical axis lies so far behind the eyes."""

_HAIRLINE_ANGLE = (0, 14, 28, 40, 50, 58, 64, 70, 77, 84, 96, 108, 120, 140, 180)
_HAIRLINE_Y = (
    0.061, 0.0605, 0.059, 0.054, 0.042, 0.024, 0.006, -0.014, -0.008, 0.006, 0.012, 0.000,
    -0.026, -0.060, -0.070,
)  # fmt: skip
_ROUND_ANGLE = (0, 14, 28, 40, 50, 58, 66)
_ROUND_RISE = (0.0025, 0.001, -0.0045, -0.0075, -0.006, -0.002, 0.0)


@cache
def mean_head() -> Floats:
    """Subdivided vertices (V', 3) of the mean adult, the middle of the eyes at the origin."""
    thirds = dict.fromkeys(shape.ANCESTRIES, 1 / 3)
    return shape.refine(shape.neutral(shape.macro_weights(thirds, 0.5, 25, 0.5), {}))


@cache
def atlas_positions() -> Floats:
    """Positions (H, W, 3) of the skin atlas's texels on the mean head."""
    places: Floats = pack.array("atlas_position").astype(np.float32) * np.float32(1e-4)
    return places


def smooth(value: Any, low: float, high: float) -> Any:
    """Hermite step from 0 at `low` to 1 at `high`."""
    share = np.clip((np.asarray(value, np.float32) - low) / (high - low), 0, 1)
    return share * share * (3 - 2 * share)


def bump(p: Any, middle: tuple[float, float, float], width: tuple[float, float, float]) -> Any:
    """A Gaussian around a point, mirrored to both sides."""
    q = np.abs(np.asarray(p) * (1, 0, 0)) + np.asarray(p) * (0, 1, 1)
    off = (q - np.array(middle)) / np.array(width)
    return np.exp(-0.5 * (off * off).sum(axis=-1)).astype(np.float32)


def azimuth(p: Any) -> Any:
    """Degrees around the head's axis: 0 the face, 90 the ears, 180 the back."""
    return np.degrees(np.arctan2(np.abs(p[..., 0]), p[..., 2] - AXIS_Z))


def scalp(p: Any, receded: float = 0.0, soft: float = 0.009, rounded: float = 0.0) -> Any:
    """Hair of the head.

    Args:
        p: positions (..., 3) on the mean head.
        receded: metres that the line lies higher in front, more at the temples.
        soft: metres over which hair becomes dense, to both sides of the line.
        rounded: 0 for a line with corners at the temples, 1 for one that bends over the forehead.
    """
    angle = azimuth(p)
    line = np.interp(angle, _HAIRLINE_ANGLE, _HAIRLINE_Y)
    line = line + rounded * np.interp(angle, _ROUND_ANGLE, _ROUND_RISE)
    front = np.interp(angle, (0, 20, 36, 50, 62), (0.9, 1.0, 1.7, 1.4, 0.0))
    ragged = 0.0012 * np.sin(angle * 0.5) + 0.0008 * np.sin(angle * 1.3 + 1)
    return smooth(
        p[..., 1], line + receded * front + ragged - soft, line + receded * front + ragged + soft
    ) * not_ear(p)


def not_ear(p: Any) -> Any:
    """1 but on the ears."""
    ear = bump(p, (0.079, -0.022, -0.082), (0.006, 0.026, 0.022))
    return 1 - smooth(ear, 0.25, 0.6)


def lips(p: Any) -> Any:
    """The red of the lips."""
    x = np.abs(p[..., 0]) / 0.0225
    upper = -0.0585 - 0.0075 * x**1.6 + 0.0015 * np.exp(-((x - 0.25) ** 2) / 0.02)
    lower = -0.0785 + 0.0115 * x**2
    inside = smooth(p[..., 1], lower - 0.001, lower + 0.001) * (
        1 - smooth(p[..., 1], upper - 0.001, upper + 0.001)
    )
    return inside * (x < 1.02) * (p[..., 2] > 0.01)


def beard(p: Any) -> Any:
    """Chin, jaw and cheeks below the beard line, without the moustache."""
    x, y, z = np.abs(p[..., 0]), p[..., 1], p[..., 2]
    cheek_line = np.interp(
        x,
        (0.0, 0.022, 0.032, 0.045, 0.058, 0.070),
        (-0.083, -0.080, -0.064, -0.054, -0.042, -0.020),
    )
    below = 1 - smooth(y, cheek_line - 0.006, cheek_line + 0.004)
    neck_line = np.interp(x, (0.0, 0.03, 0.05, 0.07), (-0.128, -0.124, -0.108, -0.088))
    above = smooth(y, neck_line - 0.010, neck_line + 0.006)
    side = smooth(z, -0.070, -0.056)
    patch = 0.25 * bump(p, (0.013, -0.086, 0.026), (0.005, 0.005, 0.02))  # thinner beside the chin
    # The throat under the chin grows none
    throat = smooth(z + (y + 0.105) * 0.9, -0.075, -0.040)
    return below * above * side * throat * (1 - patch) * (1 - lips(p)) * not_ear(p)


def moustache(p: Any) -> Any:
    """Between nose and lip, down to the corners of the mouth."""
    x, y = np.abs(p[..., 0]), p[..., 1]
    upper = np.interp(x, (0.0, 0.012, 0.022, 0.030), (-0.0500, -0.0500, -0.0555, -0.066))
    lower = np.interp(x, (0.0, 0.012, 0.022, 0.030), (-0.0580, -0.0600, -0.0680, -0.082))
    inside = smooth(y, lower - 0.003, lower + 0.002) * (1 - smooth(y, upper - 0.002, upper + 0.002))
    gap = 1 - 0.35 * np.exp(-((p[..., 0] / 0.0025) ** 2))
    return inside * (1 - smooth(x, 0.029, 0.034)) * gap * (p[..., 2] > 0) * (1 - lips(p))


BROW_X = (0.0105, 0.018, 0.028, 0.039, 0.047, 0.0545)
BROW_Y = (0.0165, 0.0195, 0.0225, 0.0240, 0.0205, 0.0145)
_ARCHED = (0.2, 0.4, 0.75, 1.0, 0.9, 0.3)
_BROW_HALF = (0.0030, 0.0038, 0.0036, 0.0029, 0.0020, 0.0008)


def brow(p: Any, thick: float = 1.0, arch: float = 0.0) -> Any:
    """Eyebrows: dense along their middle, fading to both edges and ends.

    Args:
        p: positions (..., 3) on the mean head.
        thick: of the mean brow's height.
        arch: metres that its outer third lies higher.
    """
    x, y = np.abs(p[..., 0]), p[..., 1]
    middle, half = np.interp(x, BROW_X, BROW_Y), np.interp(x, BROW_X, _BROW_HALF) * thick
    middle = middle + arch * np.interp(x, BROW_X, _ARCHED)
    across = np.exp(-(((y - middle) / half) ** 2) * 1.1)
    along = smooth(x, BROW_X[0] - 0.003, BROW_X[0] + 0.006) * (
        1 - smooth(x, 0.049, BROW_X[-1] + 0.001)
    )
    return across * along * (p[..., 2] > -0.02)


def cheeks(p: Any) -> Any:
    """Where blood shows and freckles sit: cheeks."""
    return bump(p, (0.038, -0.034, 0.008), (0.014, 0.013, 0.03))


def nose(p: Any) -> Any:
    """The nose, its tip most."""
    return bump(p, (0.0, -0.036, 0.036), (0.013, 0.013, 0.02))


def forehead(p: Any) -> Any:
    """The middle of the forehead."""
    return bump(p, (0.0, 0.050, 0.01), (0.036, 0.02, 0.04))


def lids(p: Any) -> Any:
    """Upper lids up to the fold, where shadow is painted."""
    return bump(p, (0.029, 0.0075, 0.016), (0.0125, 0.0045, 0.015))


def lash_line(p: Any) -> Any:
    """The edge of the upper lid, where a line is drawn; a little beyond its outer corner."""
    x, y = np.abs(p[..., 0]), p[..., 1]
    middle = np.interp(x, _LID_X, _LID_Y)
    along = smooth(x, 0.017, 0.024) * (1 - smooth(x, 0.045, 0.0485))
    return np.exp(-(((y - middle) / 0.0011) ** 2)) * along * (p[..., 2] > -0.02)


_LID_X = (0.0155, 0.0176, 0.0214, 0.0264, 0.0310, 0.0357, 0.0388, 0.0415, 0.0470)
_LID_Y = (-0.0040, -0.0019, 0.0012, 0.0032, 0.0037, 0.0033, 0.0018, -0.0006, 0.0014)


def cheekbones(p: Any) -> Any:
    """Where rouge is laid: up and out from the cheeks."""
    return bump(p, (0.046, -0.024, 0.000), (0.013, 0.009, 0.03))


def under_eyes(p: Any) -> Any:
    """The thin skin below the eyes."""
    return bump(p, (0.026, -0.0125, 0.014), (0.011, 0.0045, 0.015))


def sockets(p: Any) -> Any:
    """Around the eyes, from brow to cheekbone."""
    return smooth(bump(p, (0.030, 0.004, 0.014), (0.019, 0.013, 0.02)), 0.15, 0.6)
