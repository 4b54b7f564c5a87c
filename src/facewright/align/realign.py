"""The wide crops that EG3D's and LPFF's preparations start from.

Source: public descriptions of EG3D's FFHQ (arXiv:2112.07945: realign1500) and of LPFF
(arXiv:2303.14407: realign2400). The square is FFHQ's, 1.8 times as large; the padding is blurred
coarsely. No pixels by the original programs were at hand to hold these against.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.align.ffhq import PublishedCrop, shrink_factor
from facewright.align.padding_coarse import pad_photo_coarsely

STRETCH = 1.8
MIN_PICTURE = 512

REALIGN1500 = PublishedCrop(
    "realign1500",
    "EG3D's first step: FFHQ's square 1.8 times as large, 1500 pixels",
    default_size=1500,
    only_size=True,
    stretch=STRETCH,
    pad=pad_photo_coarsely,
)
REALIGN2400 = PublishedCrop(
    "realign2400",
    "LPFF's first step: FFHQ's square 1.8 times as large, 2400 pixels",
    default_size=2400,
    only_size=True,
    stretch=STRETCH,
    pad=pad_photo_coarsely,
    min_picture=MIN_PICTURE,
)


def mapped_landmarks(landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
    """Landmarks of the photo on its realign2400 picture, as LPFF's program maps them.

    The published program fits an affine map, by least squares, from the square's corners, moved
    by half a pixel, to those of a picture of 4096 pixels; it maps the landmarks, which it does
    not move by half a pixel, and scales them to 2400. So they lie half a pixel of the (shrunken)
    photograph to the upper left of where they belong on the picture; that is kept.

    Args:
        landmarks68: float64 (68, 2), iBUG order, photo pixels (x, y).

    Returns:
        float64 (68, 2), pixels of the realign2400 picture, to rounding.

    Raises:
        PhotoError: "degenerate_landmarks".
    """
    square, size = REALIGN2400.square(landmarks68), REALIGN2400.default_size
    factor = shrink_factor(square.side, size)
    corners = np.column_stack([square.corners / factor + 0.5, np.ones(4)])
    side = REALIGN2400.working_side
    target = np.array([(0, 0), (0, side), (side, side), (side, 0)], dtype=np.float64)
    affine = np.linalg.lstsq(corners, target, rcond=None)[0]
    points = np.column_stack([np.asarray(landmarks68) / factor, np.ones(len(landmarks68))])
    return np.asarray(points @ affine * (size / side))
