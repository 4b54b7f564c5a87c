"""A plain crop: an upright square around the landmarks, for networks that want no more.

It is not a published recipe. The square's centre is that of the landmarks' bounding box; its side
is 1.6 times the box's longer side, which leaves 0.3 of it as a margin on each side. Made smaller,
a pixel is the mean over its area; made larger, Lanczos. What the photograph does not cover is
black.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.align.base import AlignedCrop, check_size_range
from facewright.align.geometry import MIN_SIDE, Square, check_overlap, checked_landmarks
from facewright.errors import PhotoError

MARGIN = 0.3
# Photo pixels from which resampling reads beyond a pixel of the crop: three lobes of Lanczos.
_REACH = 3


@dataclass(frozen=True, slots=True)
class _Span:
    """The crop's pixels along one axis that the photograph reaches, and where they come from.

    Attributes:
        first: pixel of the crop.
        last: one past the last.
        start: photo coordinate of the first one's edge; a photo pixel i covers i to i + 1.
        stop: of the last one's other edge.
    """

    first: int
    last: int
    start: float
    stop: float

    @classmethod
    def of(cls, edge: float, side: float, size: int, length: int) -> _Span:
        """Where a square from `edge` on meets a photograph of `length` pixels."""
        step = side / size
        first = max(int(np.floor((-_REACH - edge) / step)), 0)
        last = min(int(np.ceil((length + _REACH - edge) / step)), size)
        return cls(first, last, edge + first * step, edge + last * step)


def box_square(landmarks68: NDArray[np.float64]) -> Square:
    """The upright square around the points and their margin, photo pixels.

    Raises:
        PhotoError: "degenerate_landmarks", all points are one.
    """
    points = checked_landmarks(landmarks68)
    low, high = points.min(axis=0), points.max(axis=0)
    half = float((high - low).max()) * (0.5 + MARGIN)
    if not 2 * half >= MIN_SIDE:
        raise PhotoError("degenerate_landmarks", "the points have no extent")
    return Square((low + high) / 2, np.array([half, 0.0]), np.array([0.0, half]))


@dataclass(frozen=True, slots=True)
class SquareCrop:
    """A plain upright square of any size."""

    name: str = "square"
    default_size: int = 512
    summary: str = "plain upright square around the landmarks, with a margin of 0.3"

    def check_size(self, size: int) -> None:
        """Raise UsageError unless size is 16 to 4096."""
        check_size_range(self.name, size)

    def quad(self, landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
        """Corners TL, BL, BR, TR; see `facewright.align.base.Alignment.quad`."""
        return box_square(landmarks68).corners.astype(np.float64)

    def crop(
        self, photo: NDArray[np.uint8], landmarks68: NDArray[np.float64], size: int
    ) -> AlignedCrop:
        """Cut the face out; see `facewright.align.base.Alignment.crop`."""
        self.check_size(size)
        corners, side = self.quad(landmarks68), box_square(landmarks68).side
        height, width = photo.shape[:2]
        outside = check_overlap(corners, side, width, height)
        left, top = (corners[0] + 0.5).tolist()
        across, down = _Span.of(left, side, size, width), _Span.of(top, side, size, height)
        pixels = np.zeros((size, size, 3), np.uint8)
        larger = size > side
        pixels[down.first : down.last, across.first : across.last] = _resized(
            photo, across, down, Image.Resampling.LANCZOS if larger else Image.Resampling.BOX
        )
        return AlignedCrop(pixels, corners, outside, padded=False)


def _resized(
    photo: NDArray[np.uint8], across: _Span, down: _Span, kernel: Image.Resampling
) -> NDArray[np.uint8]:
    """The part of the crop that the photograph reaches."""
    height, width = photo.shape[:2]
    x0, y0 = (int(np.floor(span.start)) - _REACH for span in (across, down))
    x1, y1 = (int(np.ceil(span.stop)) + _REACH for span in (across, down))
    inside = photo[max(y0, 0) : min(y1, height), max(x0, 0) : min(x1, width)]
    window = np.zeros((y1 - y0, x1 - x0, 3), np.uint8)
    y, x = max(-y0, 0), max(-x0, 0)
    window[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    box = (across.start - x0, down.start - y0, across.stop - x0, down.stop - y0)
    size = (across.last - across.first, down.last - down.first)
    return np.asarray(Image.fromarray(window).resize(size, kernel, box=box))


SQUARE = SquareCrop()
