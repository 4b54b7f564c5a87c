"""Shrinking square pictures by a whole factor, with the very bits of Pillow's `Image.resize`.

Pillow resizes 8-bit pictures in two passes, along rows and then along columns, with weights of 22
fractional bits and a rounding to 8 bits after each. Both are integer arithmetic, so its bits can
be had another way:

- lanczos: products of small matrices in float32, which the BLAS makes many times faster than a
  loop over taps. They are sure up to an error that is known beforehand; the few sums that lie so
  near to a half that it matters (one in some thousands) are made again in integers.
- box by 2, 4 or 8: neighbours are added in pairs inside of wider integers.

Whatever else is asked for goes to Pillow itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple

import cv2
import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from PIL import Image

from facewright.align.resample import LANCZOS

Filter = Literal["lanczos", "box"]
UInt8 = NDArray[np.uint8]

PILLOW_FILTERS: Final = {"lanczos": Image.Resampling.LANCZOS, "box": Image.Resampling.BOX}

_BITS = 22  # of Pillow's weights behind the point
_BLOCK = 4  # output rows that one matrix makes
_LARGEST_FACTOR = 8
_BOX_FACTORS: Final = (2, 4, 8)
_STRIP = 512  # columns whose sums stay in the cache
_CHUNK = 1 << 14  # doubtful sums made again at once


def resize_square(pixels: UInt8, side: int, resample: Filter = "lanczos") -> UInt8:
    """Equal to `Image.fromarray(pixels).resize((side, side), <filter>)`, and faster.

    Args:
        pixels: uint8 (S, S, 3) or (S, S). Rows may lie apart.
        side: of the result.
        resample: filter, as Pillow defines it.

    Returns:
        uint8 (side, side, 3) or (side, side).
    """
    length = pixels.shape[0]
    if length == side:
        return pixels
    factor, rest = divmod(length, side)
    if not rest and resample == "box" and factor in _BOX_FACTORS:
        return _by_planes(pixels, lambda plane: _box(plane, factor))
    if not rest and resample == "lanczos" and factor <= _LARGEST_FACTOR and side % _BLOCK == 0:
        plan = _plan(length, side)
        return _by_planes(pixels, lambda plane: _lanczos(plane, plan))
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(image.resize((side, side), PILLOW_FILTERS[resample]))


def _by_planes(pixels: UInt8, shrink: Callable[[UInt8], UInt8]) -> UInt8:
    if pixels.ndim == 2:
        return shrink(np.ascontiguousarray(pixels))
    planes = [shrink(np.asarray(plane, np.uint8)) for plane in cv2.split(pixels)]
    return np.asarray(cv2.merge(planes), np.uint8)


# -- box ------------------------------------------------------------------------------------


def _box(plane: UInt8, factor: int) -> UInt8:
    """Means of `factor` pixels along rows, rounded half up, and then along columns."""
    half, shift = factor // 2, factor.bit_length() - 1
    sums = plane
    for width in (2, 4, 8)[:shift]:  # neighbours become the halves of one wider number
        pairs = sums.view(f"u{width}")
        sums = (pairs & ((1 << 4 * width) - 1)) + (pairs >> (4 * width))
    narrow = ((sums + half) >> shift).astype(np.uint16)
    total = narrow[0::factor].copy()
    for row in range(1, factor):
        total += narrow[row::factor]
    return ((total + half) >> shift).astype(np.uint8)


# -- lanczos --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """How `length` rows become `length` / factor.

    Attributes:
        length: rows before.
        rows: rows after.
        lead: empty rows put before the first, so that all blocks look alike.
        matrices: float32 (blocks, `_BLOCK`, window) weights of each block of output rows.
        starts: int (rows,) first source row of each output row.
        weights: int64 (rows, taps), whole numbers of 2^-22; zero where a tap is not used.
        doubt: how far a float32 sum can be from the exact one, in levels.
    """

    length: int
    rows: int
    lead: int
    matrices: NDArray[np.float32]
    starts: NDArray[np.int64]
    weights: NDArray[np.int64]
    doubt: float

    @property
    def padded(self) -> int:
        """Rows with the empty ones before and after."""
        factor = self.length // self.rows
        return (self.rows - _BLOCK) * factor + int(self.matrices.shape[2])


@cache
def _plan(length: int, rows: int) -> _Plan:
    factor = length // rows
    starts, weights = _weights(length, rows)
    lead = -int(np.floor(0.5 - 2.5 * factor))
    window = int(np.floor(3.5 * factor + 0.5)) + (_BLOCK - 1) * factor + lead
    matrices = np.zeros((rows, window), np.float32)
    for row, (start, taps) in enumerate(zip(starts, weights, strict=True)):
        at = int(start) + lead - row // _BLOCK * _BLOCK * factor
        used = int(np.flatnonzero(taps)[-1]) + 1
        matrices[row, at : at + used] = taps[:used] / (1 << _BITS)
    # A float32 sum of n products errs by at most n 2^-24 of the sum of their sizes (Higham,
    # Accuracy and Stability, 3.1); 4 more for shifting it before it is rounded.
    sizes = np.abs(weights).sum(axis=1).max() / (1 << _BITS) * 255
    doubt = (weights.shape[1] + 4) * 2.0**-24 * float(sizes)
    blocks = matrices.reshape(-1, _BLOCK, window)
    return _Plan(length, rows, lead, blocks, starts, weights, doubt)


def _weights(length: int, rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First source row (rows,) and weights (rows, taps) of each output row, as Pillow has them."""
    scale = length / rows
    support = LANCZOS.support * scale
    centre = (np.arange(rows) + 0.5) * scale
    start = np.maximum((centre - support + 0.5).astype(np.int64), 0)
    stop = np.minimum((centre + support + 0.5).astype(np.int64), length)
    tap = start[:, None] + np.arange(int((stop - start).max()))
    raw = LANCZOS.weight((tap - centre[:, None] + 0.5) * (1.0 / scale))
    raw = np.where(tap < stop[:, None], raw, 0.0)
    raw /= np.cumsum(raw, axis=1)[:, -1:]
    return start, np.trunc(raw * (1 << _BITS) + np.copysign(0.5, raw)).astype(np.int64)


def _lanczos(plane: UInt8, plan: _Plan) -> UInt8:
    """Rows first, as Pillow: seen from the side, that they may be done as columns are."""
    narrow = _shrink_rows(_turned(plane), plan)
    return _shrink_rows(_turned(narrow), plan)


def _turned(plane: UInt8) -> UInt8:
    return np.asarray(cv2.transpose(plane), np.uint8)


def _shrink_rows(plane: UInt8, plan: _Plan) -> UInt8:
    """(length, n) to (rows, n)."""
    out = np.empty((plan.rows, plane.shape[1]), np.uint8)
    for begin in range(0, plane.shape[1], _STRIP):
        strip = slice(begin, begin + _STRIP)
        _shrink_strip(plane[:, strip], plan, out[:, strip])
    return out


def _shrink_strip(plane: UInt8, plan: _Plan, out: UInt8) -> None:
    """The sums in float32, rounded half up and clipped; where a doubt remains, made exactly."""
    space = _space(plan, plane.shape[1])
    space.source[plan.lead : plan.lead + plan.length] = plane
    np.matmul(plan.matrices, space.windows, out=space.blocks)
    sums = space.sums
    sums += np.float32(0.5 - plan.doubt)
    np.clip(sums, 0.0, 255.75, out=sums)
    np.copyto(space.low, sums, casting="unsafe")
    sums += np.float32(2.0 * plan.doubt)
    np.copyto(space.high, sums, casting="unsafe")
    np.not_equal(space.low, space.high, out=space.doubtful)
    places = np.flatnonzero(space.doubtful)
    low = space.low.reshape(-1)
    for begin in range(0, len(places), _CHUNK):
        some = places[begin : begin + _CHUNK]
        low[some] = _exact(some, plane, plan)
    out[:] = space.low


def _exact(places: NDArray[np.intp], plane: UInt8, plan: _Plan) -> UInt8:
    rows, columns = np.divmod(places, plane.shape[1])
    weights = plan.weights[rows]
    taps = plan.starts[rows][:, None] + np.arange(weights.shape[1])
    source = plane[np.minimum(taps, plan.length - 1), columns[:, None]].astype(np.int64)
    sums = (source * weights).sum(axis=1) + (1 << (_BITS - 1))
    exact: UInt8 = np.clip(sums >> _BITS, 0, 255).astype(np.uint8)
    return exact


class _Space(NamedTuple):
    """Room to work in, kept by each thread: fresh memory costs as much as the arithmetic.

    Attributes:
        source: (padded, width); the rows before and after the source stay zero.
        windows: (blocks, window, width), overlapping views of `source`.
        sums: (rows, width).
        blocks: the same as (blocks, `_BLOCK`, width).
        low: `sums` rounded, at the least.
        high: at the most.
        doubtful: where they differ.
    """

    source: NDArray[np.float32]
    windows: NDArray[np.float32]
    sums: NDArray[np.float32]
    blocks: NDArray[np.float32]
    low: UInt8
    high: UInt8
    doubtful: NDArray[np.bool_]

    @classmethod
    def of(cls, plan: _Plan, width: int) -> _Space:
        """Buffers for a plan and pictures of this width."""
        source = np.zeros((plan.padded, width), np.float32)
        blocks, rows, window = plan.matrices.shape
        line = source.strides[0]
        step = rows * (plan.length // plan.rows) * line
        windows = as_strided(source, (blocks, window, width), (step, line, source.itemsize))
        sums = np.empty((plan.rows, width), np.float32)
        low, high = np.empty((2, *sums.shape), np.uint8)
        doubtful = np.empty(sums.shape, np.bool_)
        return cls(source, windows, sums, sums.reshape(blocks, rows, width), low, high, doubtful)


_kept = threading.local()


def _space(plan: _Plan, width: int) -> _Space:
    spaces: dict[tuple[int, int, int], _Space] = _kept.__dict__.setdefault("spaces", {})
    key = (plan.length, plan.rows, width)
    if key not in spaces:
        spaces[key] = _Space.of(plan, width)
    return spaces[key]
