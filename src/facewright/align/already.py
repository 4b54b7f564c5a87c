"""Whether a picture is an aligned crop already, so that nobody aligns it twice.

Aligning a crop again cuts the same square out of itself: its corners land near the picture's.
They do not land on them, since landmarks found on the crop differ a little from those that made
it. `benchmarks/alignment.py` prints how far they land on crops, and on photographs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.align.base import AlignedCrop
from facewright.align.resample import LANCZOS, resize_window

TOLERANCE = 0.08
"""Sides of the square that a corner may lie from the picture's own corner."""


def corner_distance(quad: NDArray[np.float64], width: int, height: int) -> float:
    """How far a crop's square is from the whole picture.

    Args:
        quad: (4, 2), TL, BL, BR, TR in the picture's pixels, from `Alignment.quad`.
        width: of the picture, pixels.
        height: of the picture, pixels.

    Returns:
        The largest distance of a corner from the picture's corner of the same name, in mean
        sides of the square.
    """
    right, bottom = width - 0.5, height - 0.5
    whole = np.array([(-0.5, -0.5), (-0.5, bottom), (right, bottom), (right, -0.5)])
    side = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T).mean()
    return float(np.hypot(*(quad - whole).T).max() / side)


def is_already_aligned(
    quad: NDArray[np.float64], width: int, height: int, tolerance: float = TOLERANCE
) -> bool:
    """Whether the crop would be about the whole picture; see `corner_distance`.

    Args:
        quad: as for `corner_distance`.
        width: of the picture, pixels.
        height: of the picture, pixels.
        tolerance: largest distance, in sides of the square.
    """
    return corner_distance(quad, width, height) <= tolerance


def whole_picture(photo: NDArray[np.uint8], size: int) -> AlignedCrop:
    """An aligned picture as its own crop: unchanged, or resized by Lanczos.

    Args:
        photo: uint8 (S, S, 3).
        size: side of the crop in pixels.
    """
    side = photo.shape[0]
    box = (0, 0, size, size)
    pixels = photo if side == size else resize_window(photo, (size, size), box, LANCZOS)
    low, high = -0.5, side - 0.5
    quad = np.array([(low, low), (low, high), (high, high), (high, low)])
    return AlignedCrop(pixels, quad, outside=0.0, padded=False)
