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
        (0.0011, (
            ((-0.0065, 0.013), (-0.0055, 0.020), (-0.0065, 0.027)),
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
            ((0.0265, -0.0720), (0.0285, -0.0800), (0.0285, -0.0900)),
            ((0.0020, -0.0535), (0.0022, -0.0580)),
            ((0.0080, -0.0545), (0.0086, -0.0595)),
            ((0.0135, -0.0560), (0.0145, -0.0605)),
            ((-0.012, -0.0870), (0.0, -0.0855), (0.012, -0.0870)),
        )),
    ),
}  # fmt: skip
"""Widths in metres and curves (x, y) by region; those of "eyes" and "mouth" are mirrored."""


@cache
def grooves(shape: tuple[int, int], key: str) -> Floats:
    """Depth (H, W), 0 to 1, of a region's lines over the enlarged atlas."""
    from facewright.generate.head3d import regions

    places = regions.atlas_positions()
    small = cv2.resize(places, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    out = np.zeros(shape, np.float32)
    front = small[..., 2] > -0.035
    x, y = small[..., 0], small[..., 1]
    for width, curves in LINES[key]:
        for curve in curves:
            for sign in (1, -1) if key != "forehead" else (1,):
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


def depths(years: float, rng: np.random.Generator) -> dict[str, float]:
    """How deep each region's lines are, 0 to about 1, for somebody of an age."""
    general = float(np.interp(years, (22, 35, 50, 65, 85), (0.0, 0.16, 0.60, 1.05, 1.40)))
    return {key: general * float(rng.uniform(0.6, 1.3)) for key in LINES}
