"""frame: a square picture as its own crop, as whoever made it framed it.

Synthetic faces are made in their frame; there is nothing to cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewright.align.already import whole_picture
from facewright.align.base import AlignedCrop, check_size_range
from facewright.errors import PhotoError, UsageError


@dataclass(frozen=True, slots=True)
class Frame:
    """The whole picture, resized where another size is asked for."""

    name: str = "frame"
    default_size: int = 256
    summary: str = "the whole of a square picture, whatever it shows"

    def check_size(self, size: int) -> None:
        """Raise UsageError if crops of this side, in pixels, cannot be made."""
        check_size_range(self.name, size)

    def quad(self, landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
        """Nothing follows from landmarks.

        Raises:
            UsageError: always.
        """
        del landmarks68
        raise UsageError(f"{self.name} is the whole picture; landmarks do not place it")

    def crop(
        self, photo: NDArray[np.uint8], landmarks68: NDArray[np.float64], size: int
    ) -> AlignedCrop:
        """The whole picture.

        Raises:
            PhotoError: "crop_too_small", the picture is not square.
        """
        del landmarks68
        height, width = photo.shape[:2]
        if height != width:
            raise PhotoError("crop_too_small", f"{width} x {height} pixels are no square frame")
        return whole_picture(photo, size)


FRAME = Frame()
