"""The padding of realign1500 and realign2400: FFHQ's, blurred at a tenth of the size.

Source: the public description of EG3D's preparation (arXiv:2112.07945), which LPFF
(arXiv:2303.14407) took over. Mirroring, weights and widths are FFHQ's (`padding.py`); the blur
is computed on a picture made ten times smaller by areas and enlarged again by Lanczos, and the
median is that of such a small picture. The resizing is OpenCV's: between its versions 4.6 and 5
one value in 200,000 differs, by up to two levels.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.align.gaussian import gaussian_blur
from facewright.align.padding import Padding, pad_photo

_TENTH = 0.1
# Below that OpenCV would make a side of no pixels.
_MIN_SIDE = 5


def pad_photo_coarsely(
    picture: NDArray[np.uint8], padding: Padding, side: float
) -> NDArray[np.uint8]:
    """Continue a picture beyond its edges exactly as realign1500 and realign2400 do.

    Args:
        picture: uint8 (H, W, 3).
        padding: from `facewright.align.padding.padding_for`.
        side: of the quad, pixels; sets the strength of the blur.

    Returns:
        uint8 (top + H + bottom, left + W + right, 3).
    """
    return pad_photo(picture, padding, side, blur=_blurred, median=_median)


def _blurred(plane: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """One channel, blurred at a tenth of its size."""
    small = gaussian_blur(_tenth(plane), sigma * _TENTH)
    size = (plane.shape[1], plane.shape[0])
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LANCZOS4), dtype=np.float32)


def _median(plane: NDArray[np.float32]) -> float:
    return float(np.median(_tenth(plane)))


def _tenth(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """One channel, ten times smaller by means over areas."""
    if min(plane.shape) <= _MIN_SIDE:
        # The published program fails here; a picture this small has one colour.
        return np.full((1, 1), plane.mean(), dtype=np.float32)
    small = cv2.resize(plane, None, fx=_TENTH, fy=_TENTH, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)
