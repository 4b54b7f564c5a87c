"""Cells: how many faces each combination of levels has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.face_table import Coded
from facewright.errors import UsageError

MOST_CELLS: Final = 2_000_000
"""Cells up to which a table is made."""


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Counts of every combination of the levels of k attributes.

    Attributes:
        coded: the attributes with the faces' values, one an axis.
        counts: (L1, .., Lk) int64 faces of each combination.
        unknown: faces of which one of the values, or more, is not known; no cell counts them.
    """

    coded: tuple[Coded, ...]
    counts: NDArray[np.int64]
    unknown: int

    @classmethod
    def of(cls, coded: Sequence[Coded]) -> Cells:
        """Count faces.

        Args:
            coded: one or more attributes of the same N faces.

        Raises:
            UsageError: there is no attribute, or more combinations than `MOST_CELLS`.
        """
        if not coded:
            raise UsageError("cells: name one attribute at least")
        shape = tuple(len(each.levels) for each in coded)
        if math.prod(shape) > MOST_CELLS:
            sizes = ", ".join(f"{each.attribute.name} {len(each.levels)}" for each in coded)
            raise UsageError(
                f"cells: more than {MOST_CELLS:,} combinations of levels ({sizes});"
                " name fewer attributes, or those of fewer levels"
            )
        numbers = cell_numbers(coded)
        known = numbers[numbers >= 0]
        counts = np.bincount(known, minlength=math.prod(shape)).reshape(shape)
        return cls(tuple(coded), counts.astype(np.int64), len(numbers) - len(known))

    @property
    def total(self) -> int:
        """Faces that some cell counts."""
        return int(self.counts.sum())

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the attributes, one an axis."""
        return tuple(each.attribute.name for each in self.coded)

    @property
    def shares(self) -> NDArray[np.float64]:
        """Counts over their total, of the shape of `counts`; all 0 where no face is counted."""
        return shares_of(self.counts)

    def keys(self) -> list[tuple[str, ...]]:
        """Level keys of every cell, in the order of `counts.ravel()` (C)."""
        return list(product(*(each.levels for each in self.coded)))

    def labels(self) -> list[tuple[str, ...]]:
        """Level names for people, in the order of `keys`."""
        named = [[each.attribute.label(key) for key in each.levels] for each in self.coded]
        return list(product(*named))

    @property
    def numbers(self) -> NDArray[np.int64]:
        """(N,) cell of each face as an index into `keys`; -1 where a value is not known."""
        return cell_numbers(self.coded)

    def rows(self, cell: int) -> NDArray[np.int64]:
        """Rows of the faces in a cell, rising; `cell` is an index into `keys`."""
        return np.flatnonzero(self.numbers == cell)


def shares_of(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Counts of any shape over their total; all 0 where that is 0."""
    return counts / max(int(counts.sum()), 1)


def cell_numbers(coded: Sequence[Coded]) -> NDArray[np.int64]:
    """(N,) number of each face's combination of levels in C order; -1 where one is not known."""
    numbers = np.zeros(len(coded[0].codes), np.int64)
    known = np.ones(len(numbers), bool)
    for each in coded:
        numbers = numbers * len(each.levels) + each.codes
        known &= each.codes >= 0
    return np.where(known, numbers, -1)
