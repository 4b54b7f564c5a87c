"""Square, turned cut-outs of photographs for the models' inputs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Square:
    """A turned square in photograph pixels.

    x, y: centre. side: length. angle: radians, positive turns the square clockwise in the
    picture, so that a face rolled by `angle` stands upright in the cut-out.
    """

    x: float
    y: float
    side: float
    angle: float

    def to_photo(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map points of the unit square ([0, 1], x right, y down; (..., 2)) to the photo."""
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        u = (points[..., 0] - 0.5) * self.side
        v = (points[..., 1] - 0.5) * self.side
        return np.stack([self.x + cos * u - sin * v, self.y + sin * u + cos * v], axis=-1)

    def scaled(self, factor: float, up: float = 0.0) -> Square:
        """Square grown by `factor`, then moved up (towards the forehead) by `up` of its side."""
        side = self.side * factor
        return Square(
            self.x + math.sin(self.angle) * up * side,
            self.y - math.cos(self.angle) * up * side,
            side,
            self.angle,
        )


class Pyramid:
    """A photo's neighbourhood of a face, halved by area as often as cut-outs need.

    Bilinear sampling of a level at most twice too fine keeps cut-outs free of aliasing and
    costs the same for a face of 100 and of 3000 pixels. The halvings are shared by all
    cut-outs of the face, and only the neighbourhood is ever halved, not a whole large photo.
    """

    def __init__(
        self, photo: NDArray[np.uint8], left: int, top: int, right: int, bottom: int
    ) -> None:
        self._left = max(left, 0)
        self._top = max(top, 0)
        self._region = photo[self._top : min(bottom, photo.shape[0]), self._left : right]
        self._levels: list[NDArray[np.uint8]] = []

    def _level(self, wanted: int) -> int:
        """Halve down to the wanted level, or to the last that is left; its number."""
        if not self._levels:
            # A fourth channel that nobody reads: OpenCV warps and halves it faster than three.
            whole = cv2.cvtColor(self._region, cv2.COLOR_RGB2RGBA)
            self._levels.append(np.asarray(whole, np.uint8))
        while len(self._levels) <= wanted:
            last = self._levels[-1]
            height, width = last.shape[:2]
            if min(height, width) < 2:
                return len(self._levels) - 1
            even = last[: height - height % 2, : width - width % 2]
            half = cv2.resize(even, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
            self._levels.append(half.astype(np.uint8, copy=False))
        return wanted

    def cut(
        self, square: Square, size: int, out: NDArray[np.uint8] | None = None
    ) -> NDArray[np.uint8]:
        """Cut a square out as (size, size, 3) uint8; the photo's edge is repeated outside.

        out: where to write it, C-contiguous; by default a new array.
        """
        level = self._level(max(int(math.log2(max(square.side / size, 1.0))), 0))
        image = self._levels[level]
        step = square.side / size / 2**level
        cos, sin = math.cos(square.angle) * step, math.sin(square.angle) * step
        # Centre in this level's pixel-centre coordinates; output pixel (size - 1) / 2 lies on it.
        cx = (square.x - self._left + 0.5) / 2**level - 0.5
        cy = (square.y - self._top + 0.5) / 2**level - 0.5
        half = (size - 1) / 2
        matrix = np.array(
            [[cos, -sin, cx - (cos - sin) * half], [sin, cos, cy - (sin + cos) * half]]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cut = cv2.warpAffine(
            image, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(cv2.cvtColor(cut, cv2.COLOR_RGBA2RGB, out), np.uint8)
