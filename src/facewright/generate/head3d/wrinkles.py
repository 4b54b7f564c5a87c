"""Lines that age draws: grooves along curves on the mean face."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np

from facewright.generate.head3d.arrays import Floats

Curve = tuple[tuple[float, float], ...]

LINES: dict[str, tuple[tuple[float, tuple[Curve, ...]], ...]] = {
    "forehead": (
        (0.0013, (
            ((-0.040, 0.036), (-0.02, 0.0395), (0.0, 0.0375), (0.02, 0.0395), (0.040, 0.036)),
            ((-0.038, 0.0445), (-0.015, 0.0470), (0.0, 0.0455), (0.018, 0.0475), (0.036, 0.0445)),
            ((-0.030, 0.0525), (-0.010, 0.0540), (0.012, 0.0530), (0.030, 0.0520)),
        )),
    ),
    "frown": (
        (0.0014, (
            ((-0.0068, 0.013), (-0.0058, 0.020), (-0.0068, 0.027)),
            ((0.0065, 0.012), (0.0060, 0.019), (0.0068, 0.025)),
        )),
    ),
    "eyes": (
        (0.0010, (
            ((0.0475, 0.0015), (0.054, 0.006), (0.060, 0.011)),
            ((0.0480, -0.0010), (0.055, 0.0005), (0.062, 0.002)),
            ((0.0475, -0.0040), (0.054, -0.007), (0.060, -0.011)),
            ((0.0150, -0.0085), (0.022, -0.0140), (0.031, -0.0160), (0.040, -0.0130)),
            ((0.0170, -0.0130), (0.024, -0.0190), (0.032, -0.0215), (0.040, -0.0190)),
        )),
    ),
    "mouth": (
        (0.0017, (
            ((0.0175, -0.0400), (0.0235, -0.0480), (0.0285, -0.0570), (0.0315, -0.0680)),
        )),
        (0.0012, (
            ((0.0260, -0.0710), (0.0280, -0.0770), (0.0288, -0.0840)),
            ((0.0020, -0.0535), (0.0022, -0.0580)),
            ((0.0080, -0.0545), (0.0086, -0.0595)),
            ((0.0135, -0.0560), (0.0145, -0.0605)),
            ((-0.012, -0.0870), (0.0, -0.0855), (0.012, -0.0870)),
        )),
    ),
    "cheeks": (
        (0.0024, (
            ((0.0400, -0.0330), (0.0445, -0.0430), (0.0470, -0.0540), (0.0475, -0.0640)),
            ((0.0460, -0.0300), (0.0510, -0.0400), (0.0540, -0.0510), (0.0545, -0.0610)),
            ((0.0350, -0.0400), (0.0390, -0.0500), (0.0410, -0.0610), (0.0405, -0.0720)),
            ((0.0360, -0.0300), (0.0440, -0.0330), (0.0520, -0.0330)),
            ((0.0370, -0.0560), (0.0440, -0.0590), (0.0510, -0.0580)),
        )),
    ),
    "neck": (
        (0.0042, (
            ((-0.040, -0.123), (-0.018, -0.129), (0.0, -0.130), (0.018, -0.1285), (0.040, -0.1235)),
            ((-0.044, -0.143), (-0.018, -0.149), (0.004, -0.150), (0.022, -0.148), (0.044, -0.142)),
        )),
    ),
    "cheek folds": (
        (0.0042, (
            ((0.0185, -0.0385), (0.0245, -0.0470), (0.0300, -0.0570), (0.0330, -0.0690)),
        )),
    ),
    "mouth folds": (
        (0.0040, (
            ((0.0285, -0.0700), (0.0315, -0.0780), (0.0335, -0.0870)),
            ((-0.014, -0.0880), (0.0, -0.0860), (0.014, -0.0880)),
        )),
    ),
    "eye folds": (
        (0.0036, (
            ((0.0130, -0.0080), (0.0190, -0.0150), (0.0280, -0.0195), (0.0390, -0.0175)),
            ((0.0460, 0.0040), (0.0520, 0.0020), (0.0570, -0.0030)),
            ((0.0160, -0.0120), (0.0230, -0.0230), (0.0330, -0.0310), (0.0430, -0.0370)),
        )),
    ),
    "brow folds": (
        (0.0030, (
            ((-0.042, 0.037), (-0.02, 0.0405), (0.0, 0.0385), (0.02, 0.0405), (0.042, 0.037)),
            ((-0.038, 0.0460), (-0.015, 0.0485), (0.0, 0.0470), (0.018, 0.0490), (0.038, 0.0460)),
        )),
    ),
}  # fmt: skip
FOLDS = ("cheek folds", "mouth folds", "eye folds", "brow folds")
"""Those of `LINES` that are wide and deep."""
_SINGLE = ("forehead", "brow folds", "frown", "neck")
"""Drawn over both halves already.

Widths in metres and curves (x, y) by region; all others are mirrored."""


@cache
def grooves(shape: tuple[int, int], key: str) -> Floats:
    """Depth (H, W), 0 to 1, of a region's lines over the enlarged atlas."""
    from facewright.generate.head3d import regions

    places = regions.atlas_positions()
    small = cv2.resize(places, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    out = np.zeros(shape, np.float32)
    front = small[..., 2] > (-0.09 if key == "neck" else -0.035)
    x, y = small[..., 0], small[..., 1]
    for width, curves in LINES[key]:
        for curve in curves:
            for sign in (1,) if key in _SINGLE else (1, -1):
                _carve(out, x * sign, y, front, np.array(curve), width)
    return out


def _carve(out: Floats, x: Floats, y: Floats, front: Any, curve: Any, width: float) -> None:
    reach = 3 * width
    near = (
        front
        & (x > curve[:, 0].min() - reach)
        & (x < curve[:, 0].max() + reach)
        & (y > curve[:, 1].min() - reach)
        & (y < curve[:, 1].max() + reach)
    )
    where = np.nonzero(near)
    point = np.stack([x[where], y[where]], axis=1)
    nearest = np.full(len(point), np.inf)
    fade = np.zeros(len(point))
    steps = np.linspace(0, 1, len(curve))
    for k in range(len(curve) - 1):
        a, ab = curve[k], curve[k + 1] - curve[k]
        along = np.clip(((point - a) @ ab) / (ab @ ab), 0, 1)
        distance = np.linalg.norm(point - (a + along[:, None] * ab), axis=1)
        closer = distance < nearest
        nearest = np.where(closer, distance, nearest)
        share = steps[k] + along * (steps[k + 1] - steps[k])
        fade = np.where(closer, np.sin(np.pi * np.clip(share, 0.04, 0.96)) ** 0.6, fade)
    depth = np.exp(-((nearest / (width * 0.55)) ** 2)) * fade
    out[where] = np.maximum(out[where], depth)


_DEPTH: dict[str, tuple[float, float]] = {
    "forehead": (0.40, 1.0), "frown": (0.15, 0.40), "brow folds": (0.25, 0.75),
    "cheek folds": (0.60, 1.0), "mouth folds": (0.65, 1.0), "eye folds": (0.55, 1.0),
    "eyes": (1.2, 1.0), "mouth": (1.25, 1.0), "cheeks": (0.22, 0.22), "neck": (0.4, 0.4),
}  # fmt: skip
"""In women and in men: women's brows furrow less and their folds are softer; a frown that
is carved deep looks angry for life."""


def depths(years: float, rng: np.random.Generator, *, male: bool) -> dict[str, float]:
    """How deep each region's lines are, 0 to about 1.6, for somebody of an age."""
    general = float(np.interp(years, (22, 35, 50, 65, 85), (0.0, 0.25, 0.80, 1.25, 1.60)))
    slack = float(np.interp(years, (26, 42, 58, 78), (0.0, 0.40, 0.95, 1.30)))
    out = {}
    for key in LINES:
        deep = (slack if key in FOLDS else general) * float(rng.uniform(0.65, 1.25))
        out[key] = deep * _DEPTH.get(key, (1.0, 1.0))[male]
    return out
