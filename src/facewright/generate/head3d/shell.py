"""What hair may not pass through: the skull as a height over directions, the trunk as points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np

from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.regions import AXIS_Z

_ROWS, _COLUMNS = 48, 96
_NECK = -0.105
"""Below, the trunk widens and is no part of the skull."""
_TRUNK = (-0.085, -0.32, 0.24)
"""Heights from, to, and half the width where hair meets neck and shoulders."""
_DEEPEST = 0.03
_EAR = 0.080


class Dress(NamedTuple):
    """Points (N, 3) of a surface and its unit normals there."""

    points: Floats
    normals: Floats


@dataclass(frozen=True)
class Shell:
    """The outside of one head.

    Attributes:
        centre: (3,) inside of the skull.
        radius: (48, 96) metres from the centre, rows from straight up to straight down, columns
            around from -z.
        trunk: (M, 3) points on the neck and shoulders or what they wear; normal: (M, 3) there.
    """

    centre: Floats
    radius: Floats
    trunk: Floats
    normal: Floats

    @classmethod
    def of(cls, skin: Floats, normals: Floats, dress: Dress | None = None) -> Shell:
        """Shell of subdivided skin vertices (V', 3), the middle of the eyes at the origin.

        Args:
            skin: of a head and trunk.
            normals: (V', 3) of the skin.
            dress: what the trunk wears.
        """
        centre = np.array([0, 0.015, AXIS_Z], np.float32)
        head = skin[(skin[:, 1] > _NECK) & (np.abs(skin[:, 0]) < 0.1)]
        # hair presses the ears to the skull
        head = np.stack([np.clip(head[:, 0], -_EAR, _EAR), head[:, 1], head[:, 2]], axis=1)
        row, column, length = _polar(head - centre)
        radius = np.zeros((_ROWS, _COLUMNS), np.float32)
        np.maximum.at(radius, (row.astype(int), column.astype(int) % _COLUMNS), length)
        wide = np.concatenate([radius, radius, radius], axis=1)
        while (wide == 0).any():
            grown = cv2.dilate(wide, np.ones((3, 3), np.uint8))
            wide = np.where(wide == 0, grown, wide)
        wide = cv2.GaussianBlur(wide, (0, 0), 1.0)
        trunk = Dress(skin, normals)
        if dress is not None:
            trunk = Dress(*(np.concatenate(pair) for pair in zip(trunk, dress, strict=True)))
        return cls(centre, wide[:, _COLUMNS : 2 * _COLUMNS].copy(), *_near_hair(trunk))

    def push_out(self, points: Floats, gap: Any) -> Floats:
        """Points (N, 3) moved out to at least `gap` metres (N,) above the skin.

        Over the trunk they move along its normals, so that long hair slides down a shoulder.
        """
        arm = points - self.centre
        row, column, length = _polar(arm)
        height = length - _look_up(self.radius, row, column)
        lift = np.where(points[:, 1] > _NECK, np.maximum(gap - height, 0), 0)
        out: Floats = points + arm / np.maximum(length, 1e-6)[:, None] * lift[:, None]
        low = np.flatnonzero(points[:, 1] < _TRUNK[0])
        if len(low):
            out[low] += self._off_trunk(out[low], np.minimum(gap, 0.012)[low])
        return out

    def outward(self, points: Floats) -> Floats:
        """Unit directions (N, 3) away from the skull's middle."""
        arm = points - self.centre
        unit: Floats = arm / np.maximum(np.linalg.norm(arm, axis=1, keepdims=True), 1e-6)
        return unit

    def _off_trunk(self, points: Floats, gap: Floats) -> Floats:
        """Shifts (N, 3) that bring points to `gap` metres (N,) above the trunk."""
        square = (points**2).sum(1)[:, None] - 2 * points @ self.trunk.T
        nearest = (square + (self.trunk**2).sum(1)[None]).argmin(axis=1)
        normal = self.normal[nearest]
        height = ((points - self.trunk[nearest]) * normal).sum(axis=1)
        short = gap - height
        out: Floats = normal * np.where(short < _DEEPEST, np.maximum(short, 0), 0)[:, None]
        return out


def _polar(arm: Any) -> tuple[Any, Any, Any]:
    length = np.linalg.norm(arm, axis=1)
    polar = np.arccos(np.clip(arm[:, 1] / np.maximum(length, 1e-6), -1, 1))
    around = np.arctan2(arm[:, 0], arm[:, 2]) + np.pi
    row = np.clip(polar / np.pi * _ROWS, 0, _ROWS - 1e-3)
    return row, around / (2 * np.pi) * _COLUMNS, length


def _look_up(table: Floats, row: Any, column: Any) -> Floats:
    """Bilinear, rows clamped, columns around."""
    y, x = np.clip(row - 0.5, 0, _ROWS - 1.001), column - 0.5
    i, k = y.astype(int), np.floor(x).astype(int)
    v, u = y - i, x - k
    left, right = k % _COLUMNS, (k + 1) % _COLUMNS
    upper = table[i, left] * (1 - u) + table[i, right] * u
    lower = table[i + 1, left] * (1 - u) + table[i + 1, right] * u
    out: Floats = (upper * (1 - v) + lower * v).astype(np.float32)
    return out


def _near_hair(trunk: Dress) -> Dress:
    """The part of a trunk that hair can reach."""
    top, bottom, half = _TRUNK
    x, y = trunk.points[:, 0], trunk.points[:, 1]
    near = (y < top + 0.02) & (y > bottom) & (np.abs(x) < half)
    return Dress(trunk.points[near], trunk.normals[near])
