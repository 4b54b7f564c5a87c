"""Where a face's rectangle and points lie in the picture that is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.layouts.common.faces_written import Picture
from facewright.layouts.common.points import into_crop

_FARTHEST = 1e6


@dataclass(frozen=True, slots=True)
class Frame:
    """The picture's place in its photo.

    Attributes:
        quad: corners TL, BL, BR, TR as 8 numbers in photo pixels.
        width: of the picture in pixels.
        height: likewise.
    """

    quad: Sequence[float]
    width: int
    height: int

    @classmethod
    def of(
        cls, crop: Mapping[str, Any] | None, photo: Mapping[str, Any], picture: Picture
    ) -> Frame | None:
        """The frame of a picture; None where nothing says how it lies in its photo.

        Args:
            crop: of the record: `quad`, or null where the picture may be the photo itself.
            photo: its row, with `width` and `height`.
            picture: as it is written.
        """
        quad = (crop or {}).get("quad")
        if quad is None:
            width, height = photo.get("width"), photo.get("height")
            if not width or not height or width * picture.height != height * picture.width:
                return None
            right, bottom = width - 0.5, height - 0.5
            quad = [-0.5, -0.5, -0.5, bottom, right, bottom, right, -0.5]
        return cls(quad, picture.width, picture.height)

    def points(self, points: ArrayLike) -> NDArray[np.float64] | None:
        """Points (N, 2) of the photo in the picture, pixel centres at integers.

        None where the quad has no area.
        """
        unit = into_crop(points, self.quad, 1)
        if unit is None or not (np.abs(unit) < _FARTHEST).all():
            return None
        return (unit + 0.5) * (self.width, self.height) - 0.5

    def box(self, rectangle: Mapping[str, Any]) -> list[float] | None:
        """The upright box around a rectangle of the photo, as COCO counts: edges, not centres.

        Returns:
            x, y, width, height from the picture's top left corner, cut at its edges; None where
            the rectangle is unknown or misses the picture.
        """
        values = [rectangle.get(name) for name in ("left", "top", "width", "height")]
        if any(value is None for value in values):
            return None
        left, top, width, height = (float(value) for value in values if value is not None)
        right, bottom = left + width, top + height
        corners = [(left, top), (left, bottom), (right, bottom), (right, top)]
        mapped = self.points(np.array(corners) - 0.5)
        if mapped is None:
            return None
        low, high = (
            np.clip(edge + 0.5, 0, (self.width, self.height)).round(2)
            for edge in (mapped.min(axis=0), mapped.max(axis=0))
        )
        wide, tall = (high - low).round(2).tolist()
        return [*low.tolist(), wide, tall] if wide > 0 and tall > 0 else None

    def holds(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points (N, 2) of the picture lie inside of it."""
        inside = (points >= -0.5) & (points < np.array([self.width, self.height]) - 0.5)
        return np.asarray(inside.all(axis=1), np.bool_)
