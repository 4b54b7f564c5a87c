"""A fast stand-in for Pillow's quad transform at 4096 followed by a Lanczos reduction.

What the published crop computes is, almost: the bilinear picture, low-passed at the crop's
Nyquist frequency, minus about half a grey level, since Pillow's bilinear cuts fractions off
instead of rounding. So:

- Pixels travel as 16 bits, and fractions are cut off at the end: that has the reference's bias,
  which rounding to 8 bits in the warp would not.
- A pixel of a smooth picture is one bilinear sample. Of a rougher one it is the mean of two on
  a diagonal, at +-0.18 pixel: that damps the kinks of the bilinear picture in both axes as well
  as 2 x 2 samples do.
- Where the crop is smaller than its square in the photograph, samples are taken at 2 or 4 times
  its size and reduced by `lowpass.py`.
- OpenCV warps 4 channels 2.7 times faster than 3, so there is a fourth that nobody reads.
- All is done in tiles that stay in a core's cache.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.align.geometry import Points
from facewright.align.lowpass import MARGIN, reduce_to_8_bits

UInt8 = NDArray[np.uint8]
UInt16 = NDArray[np.uint16]

DIAGONAL = 0.18
_STRIDE = 16
# Up to here one sample a pixel stays above 52 dB, and two on a diagonal up to there.
_MAX_KINKS_SINGLE, _MAX_KINKS_PAIRS = 45.0, 90.0
# Pixels of the crop: rows of a level tile, columns of a strip, and the descent of a row from
# which strips are faster.
_ROWS, _STRIP, _STEEP = 64, 64, 4.0
_RGB = 3
_FLAGS = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


@dataclass(frozen=True, slots=True)
class Plan:
    """How densely to sample.

    Attributes:
        factor: samples along an axis to an output pixel: 1, 2 or 4.
        pairs: whether each sample is a mean of two on a diagonal.
    """

    factor: int
    pairs: bool

    @property
    def margin(self) -> int:
        """Output pixels around the square that the reduction reads."""
        return 0 if self.factor == 1 else MARGIN


def roughness(picture: UInt8) -> float:
    """Mean squared second difference of the green channel, on every 16th row and column."""
    rows = picture[::_STRIDE, :, 1].astype(np.float32)
    columns = picture[:, ::_STRIDE, 1].astype(np.float32).T
    energy = 0.0
    for lines in (rows, np.ascontiguousarray(columns)):
        bend = lines[:, :-2] + lines[:, 2:] - 2 * lines[:, 1:-1]
        energy += float(np.square(bend).mean()) / 2 if bend.size else 0.0
    return energy


def plan_for(ratio: float, rough: float) -> Plan:
    """The cheapest plan that stays 51 dB or more from the exact warp, as far as can be told.

    Args:
        ratio: source pixels to an output pixel.
        rough: `roughness` of the source.
    """
    # What a warp without low-pass gets wrong is the energy of the kinks between source pixels
    # that an output pixel sees: on 100 portraits r = 0.99 between this product and the error.
    kinks = rough * ratio**3
    if ratio <= 1 and kinks <= _MAX_KINKS_PAIRS:
        return Plan(1, pairs=kinks > _MAX_KINKS_SINGLE)
    if ratio <= 1.5:
        return Plan(2, pairs=False)
    return Plan(2, pairs=True) if ratio <= 2.2 else Plan(4, pairs=False)


def warp_square(picture: UInt8, corners: Points, size: int) -> UInt8:
    """Cut a square out of a picture.

    Args:
        picture: uint8 (H, W, 3) or (H, W, 4); a fourth channel is ignored.
        corners: (4, 2), TL, BL, BR, TR of the square, pixels (x, y). Where the square leaves
            the picture, the edge is repeated.
        size: side of the result.

    Returns:
        uint8 (size, size, 3).
    """
    plan = plan_for(float(np.hypot(*(corners[3] - corners[0]))) / size, roughness(picture))
    fine = _sixteen_bits(picture, 7 if plan.pairs else 8)
    maps = _inverse_maps(corners, size, plan)
    rows, columns = _tile(maps[0], size, plan)
    out = np.empty((size, size, 3), np.uint8)
    for left in range(0, size, columns):
        for top in range(0, size, rows):
            height, width = min(rows, size - top), min(columns, size - left)
            tile = _sampled_tile(fine, maps, plan, (left, top, width, height))
            if plan.factor == 1:
                small = np.right_shift(tile, 8, out=tile).astype(np.uint8)
            else:
                small = reduce_to_8_bits(tile, plan.factor)
            inside = small[plan.margin :, plan.margin :][:height, :width]
            out[top : top + height, left : left + width] = cv2.cvtColor(inside, cv2.COLOR_RGBA2RGB)
    return out


def _sixteen_bits(picture: UInt8, shift: int) -> UInt16:
    """(H, W, 4) uint16: values times 2 to the power of `shift`."""
    rgba = picture if picture.shape[2] != _RGB else cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA)
    fine: UInt16 = rgba.astype(np.uint16)
    np.left_shift(fine, shift, out=fine)  # in place: numpy casts and shifts at once more slowly
    return fine


def _tile(matrix: NDArray[np.float64], size: int, plan: Plan) -> tuple[int, int]:
    """Rows and columns of the crop that are made at once.

    Where a row of samples descends in the picture, each next row reads every line of the
    picture a little further to the left. No prefetcher follows that, and whole rows would wait
    for memory most of the time; of a narrow strip, what is read stays in the cache.
    """
    descent = float(matrix[1, 0]) * plan.factor * size
    if descent > _STEEP:
        return size, _STRIP if plan.factor == 1 else 2 * _STRIP
    return _ROWS if plan.factor == 1 else 2 * _ROWS, size


def _inverse_maps(corners: Points, size: int, plan: Plan) -> list[NDArray[np.float64]]:
    """(2, 3) matrices from sample (u, v) to source pixel, one for each sample of a pair.

    Sample (factor (u + margin), factor v) lies at the centre of output pixel (u, v).
    """
    top_left, bottom_left, _, top_right = np.asarray(corners, dtype=np.float64)
    across, down = (top_right - top_left) / size, (bottom_left - top_left) / size
    centre = top_left + (across + down) / 2
    centre = centre - across * plan.margin
    across, down = across / plan.factor, down / plan.factor
    shifts = (DIAGONAL, -DIAGONAL) if plan.pairs else (0.0,)
    return [np.stack([across, down, centre + (across + down) * s], axis=1) for s in shifts]


def _sampled_tile(
    source: UInt16, maps: list[NDArray[np.float64]], plan: Plan, box: tuple[int, int, int, int]
) -> UInt16:
    """Samples of a part of the crop (left, top, width, height) and its margin; values x 256."""
    left, top, width, height = box
    columns, rows = ((n + 2 * plan.margin) * plan.factor for n in (width, height))
    # Maps count from the margin's first column, but from the square's own first row.
    start = np.array([left, top - plan.margin]) * plan.factor
    first, *others = (_warped(source, matrix, start, (columns, rows)) for matrix in maps)
    for other in others:
        cv2.add(first, other, first)
    return first


def _warped(
    source: UInt16, matrix: NDArray[np.float64], start: NDArray[np.int_], size: tuple[int, int]
) -> UInt16:
    """Bilinear samples, (columns, rows) of them, from sample `start` on."""
    moved = np.column_stack([matrix[:, :2], matrix[:, :2] @ start + matrix[:, 2]])
    out = cv2.warpAffine(source, moved, size, flags=_FLAGS, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(out, np.uint16)
