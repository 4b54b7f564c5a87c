"""FFHQ-U and MetFaces-U: upright squares, shifted at random, of a whole ordered list.

Source: as `facewright.align.random_shift`. The squares are cut as those of the aligned sets are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facewright.align.base import AlignedCrop
from facewright.align.ffhq import FFHQ_NOPAD, PublishedCrop
from facewright.align.geometry import Square
from facewright.align.metfaces import METFACES
from facewright.align.random_shift import Placement, ShiftStream, replay


@dataclass(frozen=True, slots=True)
class UnalignedCrop:
    """A `facewright.align.base.SequenceAlignment`.

    Attributes:
        recipe: gives the square before its shift, and cuts it out.
        stream: how shifts are drawn.
    """

    recipe: PublishedCrop
    stream: ShiftStream

    @property
    def name(self) -> str:
        """What people call it."""
        return self.recipe.name

    @property
    def summary(self) -> str:
        """One line for people."""
        return self.recipe.summary

    @property
    def default_size(self) -> int:
        """Side of the crop in pixels when none is asked for."""
        return self.recipe.default_size

    def check_size(self, size: int) -> None:
        """Raise UsageError unless size is 16 to 4096."""
        self.recipe.check_size(size)

    def placement(
        self, landmarks68: NDArray[np.float64], width: int, height: int, name: str = ""
    ) -> Placement:
        """One entry of the list; see `facewright.align.base.SequenceAlignment.placement`."""
        return Placement(self.recipe.square(landmarks68), width, height, name)

    def squares(
        self, placements: Sequence[Placement], wanted: Collection[int] | None = None
    ) -> Iterator[tuple[int, Square | None]]:
        """Shifted squares by position; see `facewright.align.random_shift.replay`."""
        return replay(placements, self.stream, wanted)

    def crop_square(self, photo: NDArray[np.uint8], square: Square, size: int) -> AlignedCrop:
        """Cut a shifted square out of its photograph."""
        return self.recipe.crop_square(photo, square, size)


FFHQ_U = UnalignedCrop(
    replace(
        FFHQ_NOPAD,
        name="ffhq-u",
        summary="FFHQ-U exactly: upright, shifted at random; made from a whole list only",
        rotate=False,
    ),
    ShiftStream(unused=2, failure_ends=True),
)
METFACES_U = UnalignedCrop(
    replace(
        METFACES,
        name="metfaces-u",
        summary="MetFaces-U exactly: upright, shifted at random; made from a whole list only",
        rotate=False,
    ),
    ShiftStream(),
)
