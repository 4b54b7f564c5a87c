"""Glasses, built from curves: two rims, a bridge, two temples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d import shape
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.parts import Material, Part

_POWER = {"round": 2.0, "square": 4.5, "sun": 3.2}
"""Exponents of the rims' superellipses."""
_TUBE = 0.0013
_SIDES = 8
_BULGE = np.array([0.0, 0.0, 0.002])


def glasses_parts(kind: str, skin: Floats, pivot: Floats, rotation: NDArray[Any]) -> list[Part]:
    """The frame of glasses on a head, turned with it; nothing for "none"."""
    if kind == "none":
        return []
    front = float(skin[(np.abs(skin[:, 0]) < 0.045) & (np.abs(skin[:, 1]) < 0.02), 2].max()) + 0.006
    side = float(np.abs(skin[(np.abs(skin[:, 1]) < 0.01), 0]).max()) + 0.002
    tubes = [tube(curve, closed=closed) for curve, closed in _curves(kind, front, side)]
    points = np.concatenate([p for p, _ in tubes])
    start = np.cumsum([0, *(len(p) for p, _ in tubes)])
    triangles = np.concatenate([t + s for (_, t), s in zip(tubes, start[:-1], strict=True)])
    turned = shape.turn_head(points, np.ones(len(points)), pivot, rotation)
    material = Material("plain", (0.02, 0.017, 0.015), roughness=0.25, specular=0.5)
    parts = [_part("glasses", turned, triangles, material)]
    if kind == "sun":
        parts.append(_lenses(tubes, pivot, rotation))
    return parts


def _part(name: str, points: Floats, triangles: NDArray[Any], material: Material) -> Part:
    normals = shape.vertex_normals(points, triangles)
    return Part(name, points, normals, triangles, np.zeros((len(points), 2)), triangles, material)


def _lenses(tubes: list[tuple[Floats, NDArray[np.int64]]], pivot: Floats, rotation: Any) -> Part:
    """Dark glass that fills both rims: the first and third tube."""
    points: list[Floats] = []
    triangles: list[NDArray[Any]] = []
    for tube, winding in ((tubes[0][0], -1), (tubes[2][0], 1)):
        rim = tube.reshape(-1, _SIDES, 3).mean(axis=1)
        start, count = sum(len(p) for p in points), len(rim)
        points.append(np.concatenate([rim, rim.mean(axis=0, keepdims=True) + _BULGE]))
        ring = np.arange(count)
        fan = np.stack([ring, (ring + 1) % count, np.full(count, count)], axis=1)
        triangles.append(fan[:, ::winding] + start)
    turned = shape.turn_head(np.concatenate(points), np.array(1.0), pivot, rotation)
    glass = Material("plain", (0.012, 0.011, 0.010), roughness=0.08, specular=0.6)
    return _part("lenses", turned, np.concatenate(triangles), glass)


def _curves(kind: str, front: float, side: float) -> list[tuple[Floats, bool]]:
    around = np.linspace(0, 2 * np.pi, 49)[:-1]
    power = 2 / _POWER[kind]
    x = np.sign(np.cos(around)) * np.abs(np.cos(around)) ** power * 0.0245
    y = np.sign(np.sin(around)) * np.abs(np.sin(around)) ** power * 0.0195 - 0.004
    out: list[tuple[Floats, bool]] = []
    for sign in (-1, 1):
        bend = front - 0.010 * np.clip(np.abs(x + 0.0325) / 0.06, 0, 1) ** 2
        out.append((np.stack([sign * (x + 0.0325), y, bend], axis=1), True))
        run = np.linspace(0, 1, 12)
        temple = np.stack(
            [
                sign * (0.057 + (side - 0.057) * np.minimum(run * 2.5, 1)),
                0.004 - 0.012 * run**4,
                front - 0.006 - run * (front + 0.075),
            ],
            axis=1,
        )
        out.append((temple, False))
    bridge = np.linspace(-0.008, 0.008, 9)
    arch = np.stack([bridge, 0.003 - 60 * bridge**2, np.full(9, front)], axis=1)
    return [*out, (arch, False)]


def tube(curve: Any, *, closed: bool, radius: float = _TUBE) -> tuple[Floats, NDArray[np.int64]]:
    """Points and triangles of a tube of `radius` metres around a curve (N, 3)."""
    ahead = np.roll(curve, -1, 0) - np.roll(curve, 1, 0) if closed else np.gradient(curve, axis=0)
    ahead = ahead / np.linalg.norm(ahead, axis=1, keepdims=True)
    helper = np.where(np.abs(ahead[:, 2:]) < 0.9, [[0, 0, 1.0]], [[0, 1.0, 0]])
    right = np.cross(ahead, helper)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    up = np.cross(right, ahead)
    angle = np.linspace(0, 2 * np.pi, _SIDES, endpoint=False)
    ring = (
        np.cos(angle)[None, :, None] * right[:, None] + np.sin(angle)[None, :, None] * up[:, None]
    )
    points = (curve[:, None] + ring * radius).reshape(-1, 3).astype(np.float32)
    count = len(curve)
    rows = np.arange(count if closed else count - 1)
    i, k = np.meshgrid(rows, np.arange(_SIDES), indexing="ij")
    a, b = i * _SIDES + k, i * _SIDES + (k + 1) % _SIDES
    c, d = ((i + 1) % count) * _SIDES + (k + 1) % _SIDES, ((i + 1) % count) * _SIDES + k
    quads = np.stack([a, b, c, d], axis=-1).reshape(-1, 4)
    return points, shape.split_quads(quads)
