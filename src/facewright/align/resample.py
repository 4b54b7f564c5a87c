"""Part of a resized picture, with the very bits of Pillow's `Image.resize` of the whole.

Pillow resizes an 8-bit picture in two passes, along rows and then along columns, with weights of
22 fractional bits and a rounding to 8 bits after each. All of that is integer arithmetic, and
sums of such integers are exact in float64 in any order: so a product with a banded matrix gives
Pillow's bits, and only for the window that is wanted. A crop of a small face no longer pays for
an 80-megapixel photograph. (`Image.resize(box=...)` does not serve: its box is float32.)

Rows always come first here, as they did in the Pillows of the published datasets. Pillow 13
starts with the columns of tall pictures that are made smaller, which changes bits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UInt8 = NDArray[np.uint8]
Float64 = NDArray[np.float64]

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are excluded."""

_PRECISION_BITS = 22
# Output pixels that share one dense matrix, and rows that are worked on together.
_BLOCK = 48
_ROWS = 64


def _lanczos(x: Float64) -> Float64:
    """Lanczos with three lobes."""
    return np.where(np.abs(x) < 3.0, np.sinc(x) * np.sinc(x / 3.0), 0.0)


def _bicubic(x: Float64) -> Float64:
    """Keys' cubic convolution with a = -0.5."""
    x = np.abs(x)
    near = (1.5 * x - 2.5) * x * x + 1.0
    far = (((x - 5.0) * x + 8.0) * x - 4.0) * -0.5
    return np.where(x < 1.0, near, np.where(x < 2.0, far, 0.0))


@dataclass(frozen=True, slots=True)
class Kernel:
    """An interpolation kernel.

    Attributes:
        support: half its width, in output pixels when shrinking, else in source pixels.
        weight: its value at distances from the centre.
    """

    support: float
    weight: Callable[[Float64], Float64]


LANCZOS = Kernel(3.0, _lanczos)
BICUBIC = Kernel(2.0, _bicubic)


def resize_window(photo: UInt8, size: tuple[int, int], box: Box, kernel: Kernel) -> UInt8:
    """Equal to `Image.fromarray(photo).resize(size, <kernel>).crop(box)`, without the rest.

    Args:
        photo: uint8 (H, W, 3).
        size: (width, height) of the whole resized picture.
        box: window within that picture; not empty, and not beyond it.
        kernel: `LANCZOS` or `BICUBIC`.

    Returns:
        uint8 (bottom - top, right - left, 3).
    """
    width, height = size
    left, top, right, bottom = box
    across = _Taps.of(photo.shape[1], width, left, right, kernel)
    down = _Taps.of(photo.shape[0], height, top, bottom, kernel)
    rows = photo[down.first : down.last].transpose(2, 0, 1)
    narrow = across.apply(rows).transpose(0, 2, 1)
    return np.ascontiguousarray(down.apply(narrow).transpose(2, 1, 0))


@dataclass(frozen=True, slots=True)
class _Taps:
    """Which source pixels make each output pixel along one axis.

    Attributes:
        start: int (n,), first source pixel of each output pixel.
        weights: float64 (n, k), whole numbers of 2^-22; zero where a tap is not used.
        length: of the source axis.
        identity: this pass changes nothing but the window (Pillow skips it too).
    """

    start: NDArray[np.intp]
    weights: Float64
    length: int
    identity: bool

    @classmethod
    def of(cls, length: int, resized: int, begin: int, end: int, kernel: Kernel) -> _Taps:
        """Weights that make `length` pixels `resized`, for the results from `begin` up to `end`."""
        scale = length / resized
        stretch = max(scale, 1.0)
        support = kernel.support * stretch
        centre = (np.arange(begin, end) + 0.5) * scale
        start = np.maximum((centre - support + 0.5).astype(np.intp), 0)
        stop = np.minimum((centre + support + 0.5).astype(np.intp), length)
        tap = start[:, None] + np.arange(int((stop - start).max()))
        raw = kernel.weight((tap - centre[:, None] + 0.5) * (1.0 / stretch))
        raw = np.where(tap < stop[:, None], raw, 0.0)
        raw /= np.cumsum(raw, axis=1)[:, -1:]
        whole = np.trunc(raw * (1 << _PRECISION_BITS) + np.copysign(0.5, raw))
        return cls(start, whole, length, identity=length == resized)

    @property
    def first(self) -> int:
        """First source pixel that the window touches."""
        return int(self.start[0])

    @property
    def last(self) -> int:
        """One past the last source pixel that the window touches."""
        return min(int(self.start[-1]) + int(self.weights.shape[1]), self.length)

    def apply(self, planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Resample the last axis of (C, R, n); n may be cut to first..last already."""
        offset = 0 if planes.shape[2] == self.length else self.first
        if self.identity:
            begin = self._identity_begin() - offset
            return planes[:, :, begin : begin + len(self.start)]
        out = np.empty((*planes.shape[:2], len(self.start)), np.uint8)
        for begin in range(0, len(self.start), _BLOCK):
            matrix, low = self._matrix(begin, begin + _BLOCK)
            source = planes[:, :, low - offset : low - offset + len(matrix)]
            _product(source, matrix, out[:, :, begin : begin + _BLOCK])
        return out

    def _identity_begin(self) -> int:
        """Source pixel of the first output pixel: where its only non-zero tap is."""
        return int(self.first + np.argmax(self.weights[0]))

    def _matrix(self, begin: int, end: int) -> tuple[Float64, int]:
        """Dense weights (source pixels, outputs begin..end) and the first source pixel."""
        start, weights = self.start[begin:end], self.weights[begin:end]
        low, taps = int(start[0]), weights.shape[1]
        matrix = np.zeros((int(start[-1]) + taps - low, len(start)))
        for i, first in enumerate(start - low):
            matrix[first : first + taps, i] = weights[i]
        return matrix[: self.length - low], low


def _product(source: NDArray[np.uint8], matrix: Float64, out: NDArray[np.uint8]) -> None:
    """Make out = source @ matrix, rounded from 22 fractional bits and clipped as Pillow does."""
    half, one = 1 << (_PRECISION_BITS - 1), 1 << _PRECISION_BITS
    for channel in range(source.shape[0]):
        for top in range(0, source.shape[1], _ROWS):
            sums = source[channel, top : top + _ROWS].astype(np.float64) @ matrix
            sums += half
            sums *= 1.0 / one
            np.floor(sums, out=sums)
            np.clip(sums, 0, 255, out=sums)
            out[channel, top : top + _ROWS] = sums
