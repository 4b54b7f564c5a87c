"""FFHQ's padding, nearly: the blur and the fade are computed small and blended in once.

The exact steps `img += (blur - img) * a` and `img += (median - img) * b` are together
`img * keep + fill * (1 - keep)`, with keep = (1 - a)(1 - b). All but img is smooth, so it is
computed at the scale where the blur is 3 pixels wide, and only the window that the crop touches
is made in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.align.padding import (
    BLUR,
    Padding,
    blur_weight,
    depth_beyond_edge,
    fade_weight,
)
from facewright.align.resample import Box

UInt8 = NDArray[np.uint8]
Float32 = NDArray[np.float32]

_SMALL_SIGMA = 3.0
_LEVELS = 256


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis of the padded picture.

    Attributes:
        length: of the picture before padding, pixels.
        before: pixels added at its start.
        after: pixels added at its end.
    """

    length: int
    before: int
    after: int

    @property
    def total(self) -> int:
        """Length with padding."""
        return self.before + self.length + self.after

    def depth(self, position: NDArray[Any]) -> Float32:
        """`depth_beyond_edge` at pixels of the padded picture."""
        return depth_beyond_edge(position, self.total, self.before, self.after)

    @property
    def untouched(self) -> tuple[float, float]:
        """First and last pixel of the padded picture between which no blur reaches."""
        # blur_weight is 0 where the depth is -1/3 or less.
        return np.ceil(self.before * 4 / 3), np.floor(self.total - 1 - self.after * 4 / 3) + 1

    def mirrored(self, position: NDArray[Any]) -> NDArray[Any]:
        """Where, in the picture itself, pixels of the padded picture come from."""
        period = max(2 * (self.length - 1), 1)
        folded = np.abs(position - self.before) % period
        return np.asarray(np.minimum(folded, period - folded)) if self.length > 1 else folded * 0


def pad_window(rgba: UInt8, padding: Padding, side: float, window: Box) -> UInt8:
    """A part of the padded picture.

    Args:
        rgba: uint8 (H, W, 4), the picture without padding.
        padding: from `facewright.align.padding.padding_for`.
        side: of the square, pixels.
        window: the part, in pixels of the padded picture; not beyond it.

    Returns:
        uint8 (bottom - top, right - left, 4).
    """
    across = _Axis(rgba.shape[1], padding[0], padding[2])
    down = _Axis(rgba.shape[0], padding[1], padding[3])
    step = max(int(side * BLUR / _SMALL_SIGMA), 1)
    fill = _small_fill(rgba, across, down, step, side * BLUR / step)
    out = _mirrored_window(rgba, across, down, window)
    left, top = window[:2]
    for strip in _strips(across, down, window):
        x0, y0, x1, y1 = strip
        part = out[y0 - top : y1 - top, x0 - left : x1 - left]
        _blend(part, fill, step, strip, _keep(_depth(across, down, *_pixels(strip))))
    return out


def _pixels(box: Box) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The x and the y of a box's pixels."""
    left, top, right, bottom = box
    return np.arange(left, right), np.arange(top, bottom)


def _strips(across: _Axis, down: _Axis, window: Box) -> list[Box]:
    """The parts of the window that are not the untouched inside of the photograph."""
    left, top, right, bottom = window
    x0, x1 = (int(np.clip(edge, left, right)) for edge in across.untouched)
    y0, y1 = (int(np.clip(edge, top, bottom)) for edge in down.untouched)
    if x0 >= x1 or y0 >= y1:
        return [window]
    around = [
        (left, top, right, y0),
        (left, y1, right, bottom),
        (left, y0, x0, y1),
        (x1, y0, right, y1),
    ]
    return [box for box in around if box[0] < box[2] and box[1] < box[3]]


def _blend(part: UInt8, fill: UInt8, step: int, box: Box, keep: Float32) -> None:
    """Make part = part * keep + fill * (1 - keep), with the fill brought to full size."""
    left, top, right, bottom = box
    large = cv2.warpAffine(
        fill,
        np.array([[1 / step, 0, left / step], [0, 1 / step, top / step]]),
        (right - left, bottom - top),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    part[...] = cv2.blendLinear(np.ascontiguousarray(part), large, keep, 1 - keep)


def _depth(across: _Axis, down: _Axis, x: NDArray[Any], y: NDArray[Any]) -> Float32:
    """(len(y), len(x)): the larger of the two axes' depths."""
    return np.maximum(across.depth(x)[None, :], down.depth(y)[:, None])


def _keep(depth: Float32) -> Float32:
    """How much of the mirrored picture itself is left."""
    return (1 - blur_weight(depth)) * (1 - fade_weight(depth))


def _mirrored_window(rgba: UInt8, across: _Axis, down: _Axis, window: Box) -> UInt8:
    """The window of the mirrored picture, before any blur."""
    left, top, right, bottom = window
    x, y = left - across.before, top - down.before
    before_x, before_y = max(-x, 0), max(-y, 0)
    after_x = max(right - across.before - across.length, 0)
    after_y = max(bottom - down.before - down.length, 0)
    whole = cv2.copyMakeBorder(rgba, before_y, after_y, before_x, after_x, cv2.BORDER_REFLECT_101)
    x, y = x + before_x, y + before_y
    return np.asarray(whole[y : y + bottom - top, x : x + right - left])


def _small_fill(rgba: UInt8, across: _Axis, down: _Axis, step: int, sigma: float) -> UInt8:
    """What is blended into the mirrored picture, at every `step`-th pixel of the padded one.

    Args:
        rgba: the picture without padding.
        across: its horizontal axis.
        down: its vertical axis.
        step: pixels from sample to sample.
        sigma: of the blur, in samples.
    """
    x, y = (np.arange(0, axis.total + step - 1, step) for axis in (across, down))
    small = _sampled(rgba, across.mirrored(x), down.mirrored(y), step)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    depth = _depth(across, down, x, y)
    blur, fade = blur_weight(depth), fade_weight(depth)
    flat = np.empty_like(small)
    flat[...] = _median(np.asarray(cv2.blendLinear(small, blurred, 1 - blur, blur), np.uint8))
    # Where both weights are 0 the result does not matter, but 0 / 0 would.
    return np.asarray(cv2.blendLinear(blurred, flat, blur * (1 - fade) + 1e-6, fade), np.uint8)


def _sampled(rgba: UInt8, x: NDArray[Any], y: NDArray[Any], step: int) -> UInt8:
    """(len(y), len(x), 4): means over about `step` pixels around the given ones."""
    height, width = rgba.shape[:2]
    size = max(width // step, 1), max(height // step, 1)
    # Whole steps make the mean several times faster; what they leave over is the edge's, which
    # the reading below repeats.
    whole = rgba[: max(size[1] * step, 1), : max(size[0] * step, 1)]
    small = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    map_x, map_y = np.meshgrid(
        np.float32((x + 0.5) * (size[0] / whole.shape[1]) - 0.5),
        np.float32((y + 0.5) * (size[1] / whole.shape[0]) - 0.5),
    )
    return np.asarray(
        cv2.remap(small, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.uint8,
    )


def _median(picture: UInt8) -> UInt8:
    """Median of each channel of (H, W, 4), (4,)."""
    half = picture.shape[0] * picture.shape[1] / 2
    counts = [
        cv2.calcHist([picture], [channel], None, [_LEVELS], [0, _LEVELS]).ravel()
        for channel in range(picture.shape[2])
    ]
    return np.array([np.searchsorted(np.cumsum(n), half) for n in counts], dtype=np.uint8)
