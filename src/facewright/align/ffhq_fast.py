"""The FFHQ crop in a few milliseconds, at a stated distance from the exact one.

The square is the published one and the steps are the same, each done by a fast stand-in:
`warp.py` for the transform at 4096 and its reduction, `padding_fast.py` for the padding, and a
reduction by area with its loss made good for the shrinking of large photographs. Only the part
of the photograph that the crop touches is ever converted. `benchmarks/alignment.py` prints time
and distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.align.base import AlignedCrop, check_only_size, check_size_range
from facewright.align.ffhq import FFHQ, PublishedCrop, QuadView, shrink_factor
from facewright.align.geometry import check_overlap
from facewright.align.padding import padding_for
from facewright.align.padding_fast import pad_window
from facewright.align.resample import Box
from facewright.align.warp import warp_square

UInt8 = NDArray[np.uint8]

# Pixels around the square's bounding box that bilinear samples may touch.
_MARGIN = 2
# A mean over a pixel's area loses (pi f)^2 / 6 at frequency f; this 3-tap kernel gains it.
_AREA_LOSS = np.array([-1 / 24, 1 + 2 / 24, -1 / 24])


@dataclass(frozen=True, slots=True)
class FastCrop:
    """A fast variant of a published crop.

    Attributes:
        name: registered name.
        summary: one line for people.
        exact: the published crop that this one approaches.
    """

    name: str
    summary: str
    exact: PublishedCrop

    @property
    def default_size(self) -> int:
        """Side of the crop in pixels when none is asked for."""
        return self.exact.default_size

    def check_size(self, size: int) -> None:
        """Raise UsageError unless size is 16 to 4096, or the only one there is."""
        if self.exact.only_size:
            check_only_size(self.name, size, self.exact.default_size)
        check_size_range(self.name, size)

    def quad(self, landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
        """Corners TL, BL, BR, TR, equal to those of the exact crop."""
        return self.exact.quad(landmarks68)

    def crop(self, photo: UInt8, landmarks68: NDArray[np.float64], size: int) -> AlignedCrop:
        """Cut the face out; see `facewright.align.base.Alignment.crop`."""
        self.check_size(size)
        square = self.exact.square(landmarks68)
        corners = square.corners.astype(np.float64)
        outside = check_overlap(corners, square.side, photo.shape[1], photo.shape[0])
        view = QuadView(corners, square.side, self.exact.border)
        region, view = _region(photo, view, size)
        self.exact.check_picture(region)
        source, view, padded = _source(region, view)
        return AlignedCrop(warp_square(source, view.corners, size), corners, outside, padded)


def _source(region: UInt8, view: QuadView) -> tuple[UInt8, QuadView, bool]:
    """What is sampled, (h, w, 3 or 4), the view of it, and whether it was padded."""
    height, width = region.shape[:2]
    padding = padding_for(view.corners, view.side, view.border, width, height)
    if padding is None:
        left, top, right, bottom = _touched(view, width, height)
        source = region[top:bottom, left:right]
    else:
        view = view.moved(padding[0], padding[1])
        width, height = padding[0] + width + padding[2], padding[1] + height + padding[3]
        window = left, top, _, _ = _touched(view, width, height)
        rgba = cv2.cvtColor(region, cv2.COLOR_RGB2RGBA)
        source = pad_window(np.asarray(rgba, dtype=np.uint8), padding, view.side, window)
    return source, view.moved(-left, -top), padding is not None


def _touched(view: QuadView, width: int, height: int) -> Box:
    """The part of a width x height picture that the samples come from."""
    left, top = np.floor(view.corners.min(axis=0)).astype(int) - _MARGIN
    right, bottom = np.ceil(view.corners.max(axis=0)).astype(int) + _MARGIN + 1
    return max(int(left), 0), max(int(top), 0), min(int(right), width), min(int(bottom), height)


def _region(photo: UInt8, view: QuadView, size: int) -> tuple[UInt8, QuadView]:
    """The part around the square, as `facewright.align.ffhq.cut_region`; shrunk by area."""
    height, width = photo.shape[:2]
    factor = shrink_factor(view.side, size)
    small = view.shrunk(factor)
    small_width, small_height = (max(int(np.rint(n / factor)), 1) for n in (width, height))
    left, top, right, bottom = small.needed_box(small_width, small_height)
    if factor == 1:
        return photo[top:bottom, left:right], view.moved(-left, -top)
    x, y = left * factor, top * factor
    cut = photo[y : min(bottom * factor, height), x : min(right * factor, width)]
    region = _shrunk_by_area(cut, (right - left, bottom - top))
    # The published program shrinks by width / rint(width / factor), not by factor.
    ratio = np.array([width / small_width, height / small_height])
    in_photo = (small.corners + 0.5) * ratio - 0.5
    scale = np.array([cut.shape[1] / region.shape[1], cut.shape[0] / region.shape[0]])
    return region, QuadView((in_photo - (x, y) + 0.5) / scale - 0.5, small.side, view.rule)


def _shrunk_by_area(picture: UInt8, size: tuple[int, int]) -> UInt8:
    """Shrunk to (width, height) by means over areas, and sharpened by what these lose."""
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.sepFilter2D(small, -1, _AREA_LOSS, _AREA_LOSS), dtype=np.uint8)


FFHQ_FAST = FastCrop("ffhq-fast", "FFHQ in a few milliseconds, 51 dB or more from the exact", FFHQ)
