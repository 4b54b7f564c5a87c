"""The random squares of the unaligned sets (FFHQ-U, MetFaces-U), replayed.

Source: Karras et al., "Alias-Free Generative Adversarial Networks" (arXiv:2106.12423) and the
two datasets' public descriptions. One stream of normal numbers runs through the whole list. Each
entry draws shifts until its square lies inside its photograph, so where an entry stands in the
stream depends on all entries before it: on their landmarks and sizes, never on their pixels.
That is what is replayed here, in well under a minute for 70,000 entries; then the crops can be
made in any order, by any number of processes, or for some entries only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from facewright.align.geometry import Square
from facewright.errors import SourceError

_PAIRS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Placement:
    """One entry of the list.

    Attributes:
        square: upright, before the shift; photo pixels.
        width: of the photograph, pixels.
        height: of the photograph, pixels.
        name: for error messages.
    """

    square: Square
    width: int
    height: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class ShiftStream:
    """How a published program draws its shifts.

    Attributes:
        seed: of the Mersenne Twister (`numpy.random.RandomState`).
        share: standard deviation of a shift along an axis, in sides of the square.
        tries: shifts that are drawn for an entry before it is given up.
        unused: normal numbers for each entry of the list that are drawn first and never used.
        failure_ends: an entry that is given up ends the whole run.
    """

    seed: int = 12345
    share: float = 0.2
    tries: int = 1000
    unused: int = 0
    failure_ends: bool = False


def replay(
    placements: Sequence[Placement], stream: ShiftStream, wanted: Collection[int] | None = None
) -> Iterator[tuple[int, Square | None]]:
    """Give the square of each entry, as one run over the whole list gives it.

    Args:
        placements: every entry of the published list, in its order, also those whose pixels
            are not at hand.
        stream: how the set's program draws.
        wanted: positions in the list, from 0; None for all. The replay ends with the last one.

    Yields:
        Position, and the shifted square, or None where the program gives the entry up: it has
        no crop.

    Raises:
        SourceError: the published program would end here, before the entry that is named; what
            was yielded until then is what it wrote.
    """
    pairs = _pairs(stream, len(placements))
    last = len(placements) if wanted is None else max(wanted, default=-1) + 1
    chosen = range(last) if wanted is None else frozenset(wanted)
    for position, placement in enumerate(placements[:last]):
        centre = _inside(placement, stream, pairs)
        if centre is None and stream.failure_ends:
            raise SourceError(
                f"entry {position} {placement.name}: no shift in {stream.tries} keeps its square"
                f" inside the photo ({placement.width} x {placement.height}); the published"
                " program ends its whole run there. Check that entry's landmarks and size"
            )
        if position in chosen:
            square = placement.square
            yield position, None if centre is None else replace(square, centre=centre)


def _pairs(stream: ShiftStream, entries: int) -> Iterator[list[float]]:
    """Pairs of standard normal numbers, without end."""
    # The published programs draw from NumPy's legacy generator; its stream is frozen.
    random = np.random.RandomState(stream.seed)
    random.normal(0, 1, (entries, stream.unused))
    while True:
        yield from random.normal(0, 1, (_PAIRS_AT_ONCE, 2)).tolist()


def _inside(
    placement: Placement, stream: ShiftStream, pairs: Iterator[list[float]]
) -> NDArray[np.float64] | None:
    """The first shifted centre, (2,), whose square lies inside the photograph.

    Plain numbers, since this is done several times for every entry. The published test, that
    the bounding box rounded outwards neither starts below 0 nor ends at width or height, is for
    an upright square the same as these four.
    """
    square = placement.square
    x, y = square.centre.tolist()
    half, reach = float(square.x[0]), square.side * stream.share
    right, bottom = placement.width - 1, placement.height - 1
    for normal_x, normal_y in islice(pairs, stream.tries):
        new_x, new_y = x + reach * normal_x, y + reach * normal_y
        if (
            new_x - half >= 0
            and new_y - half >= 0
            and new_x + half <= right
            and new_y + half <= bottom
        ):
            return np.array([new_x, new_y])
    return None
