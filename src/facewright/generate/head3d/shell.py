"""What hair may not pass through: the skull as a height over directions, shoulders over x, z."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.regions import AXIS_Z

_ROWS, _COLUMNS = 48, 96
_CELL, _HALF = 0.01, 0.3
_NECK = -0.105
"""Below, the trunk widens: there it is a floor, not a part of the skull."""


@dataclass(frozen=True)
class Shell:
    """The outside of one head.

    Attributes:
        centre: (3,) inside of the skull.
        radius: (48, 96) metres from the centre, rows from straight up to straight down, columns
            around from -z.
        shoulder: (60, 60) height y of the trunk over a grid of x and z, 1 cm a cell.
    """

    centre: Floats
    radius: Floats
    shoulder: Floats

    @classmethod
    def of(cls, skin: Floats) -> Shell:
        """Shell of subdivided skin vertices (V', 3), the middle of the eyes at the origin."""
        centre = np.array([0, 0.015, AXIS_Z], np.float32)
        head = skin[(skin[:, 1] > _NECK) & (np.abs(skin[:, 0]) < 0.1)]
        row, column, length = _polar(head - centre)
        radius = np.zeros((_ROWS, _COLUMNS), np.float32)
        np.maximum.at(radius, (row.astype(int), column.astype(int) % _COLUMNS), length)
        wide = np.concatenate([radius, radius, radius], axis=1)
        while (wide == 0).any():
            grown = cv2.dilate(wide, np.ones((3, 3), np.uint8))
            wide = np.where(wide == 0, grown, wide)
        wide = cv2.GaussianBlur(wide, (0, 0), 1.0)
        return cls(centre, wide[:, _COLUMNS : 2 * _COLUMNS].copy(), _shoulder(skin))

    def push_out(self, points: Floats, gap: Any) -> tuple[Floats, NDArray[np.bool_]]:
        """Points (N, 3) moved out to at least `gap` metres above the skin.

        Returns:
            points (N, 3), and which of them (N,) the shoulders held up.
        """
        arm = points - self.centre
        row, column, length = _polar(arm)
        height = length - _look_up(self.radius, row, column)
        lift = np.where(points[:, 1] > _NECK, np.maximum(gap - height, 0), 0)
        out = points + arm / np.maximum(length, 1e-6)[:, None] * lift[:, None]
        floor = self._floor(out) + np.minimum(gap, 0.012)
        held = (out[:, 1] < -0.1) & (out[:, 1] < floor)
        out[:, 1] = np.where(held, floor, out[:, 1])
        return out, held

    def outward(self, points: Floats) -> Floats:
        """Unit directions (N, 3) away from the skull's middle."""
        arm = points - self.centre
        unit: Floats = arm / np.maximum(np.linalg.norm(arm, axis=1, keepdims=True), 1e-6)
        return unit

    def _floor(self, points: Floats) -> Floats:
        i = np.clip(((points[:, 0] + _HALF) / _CELL).astype(int), 0, self.shoulder.shape[0] - 1)
        k = np.clip(((points[:, 2] + _HALF) / _CELL).astype(int), 0, self.shoulder.shape[1] - 1)
        found: Floats = self.shoulder[i, k]
        return found


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


def _shoulder(skin: Floats) -> Floats:
    trunk = skin[skin[:, 1] < -0.13]
    count = round(2 * _HALF / _CELL)
    height = np.full((count, count), -1.0, np.float32)
    i = np.clip(((trunk[:, 0] + _HALF) / _CELL).astype(int), 0, count - 1)
    k = np.clip(((trunk[:, 2] + _HALF) / _CELL).astype(int), 0, count - 1)
    np.maximum.at(height, (i, k), trunk[:, 1])
    closed: Floats = cv2.morphologyEx(height, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return closed
