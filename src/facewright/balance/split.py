"""Split: a table's faces by the cells of a target, before and after."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.balance.target import Target
from facewright.stats.cells import Cells
from facewright.stats.distances import chi_square, kl_divergence, total_variation

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Distances:
    """How far faces are from a target.

    Attributes:
        total_variation: share of faces that would have to change cells, 0-1.
        kl_divergence: of the faces from the target, nats; inf where a face is in a cell that is
            not wanted.
        chi_square: Pearson's statistic of the counts; inf as above.
        p_value: chance of such a statistic or a larger one in a random draw from the target.
    """

    total_variation: float
    kl_divergence: float
    chi_square: float
    p_value: float

    @classmethod
    def between(cls, counts: Floats, wanted: Floats) -> Distances:
        """Of counts, which may be weighted, from shares that add up to 1."""
        shares = counts / max(float(counts.sum()), 1e-300)
        test = chi_square(counts, wanted)
        apart, divergence = total_variation(shares, wanted), kl_divergence(shares, wanted)
        return cls(apart, divergence, test.statistic, test.p_value)

    def plain(self) -> dict[str, float | None]:
        """For JSON: what is infinite, or not defined because there is no face, is null."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value if math.isfinite(value) else None for name, value in values.items()}


@dataclass(frozen=True, eq=False, slots=True)
class Split:
    """Cells of some attributes: what is wanted of them, was there, and was taken.

    Attributes:
        cells: of the whole table.
        shares: wanted share of each cell, flat (C,) as all that follow.
        had: faces of the table.
        taken: faces that were taken, with their repeats and weights.
        wanted: faces there should have been, None where no number was aimed at.
        lacking: faces that are missing from `wanted`.
        before: distances of the table. after: of what was taken.
    """

    cells: Cells
    shares: Floats
    had: Counts
    taken: Floats
    wanted: Counts | None
    lacking: Counts
    before: Distances
    after: Distances

    @classmethod
    def of(
        cls, cells: Cells, target: Target, amounts: Floats, wanted: Counts | None = None
    ) -> Split:
        """Count.

        Args:
            cells: of the whole table, over attributes that the target speaks of.
            target: what is wanted.
            amounts: (N,) how often, times its weight, each face is taken.
            wanted: faces of each cell, of any shape.
        """
        shares = target.expected(cells).ravel()
        numbers, had = cells.numbers, cells.counts.ravel()
        known = numbers >= 0
        taken = np.bincount(numbers[known], weights=amounts[known], minlength=len(had))
        flat = None if wanted is None else wanted.ravel()
        lacking = np.zeros(len(had), np.int64)
        if flat is not None:
            lacking = np.maximum(flat - np.rint(taken).astype(np.int64), 0)
        return cls(
            cells,
            shares,
            had,
            taken.astype(np.float64),
            flat,
            lacking,
            Distances.between(had.astype(np.float64), shares),
            Distances.between(taken.astype(np.float64), shares),
        )

    @property
    def title(self) -> str:
        """For people: "sex × age_group"."""
        return " × ".join(self.cells.names)

    def rows(self) -> list[dict[str, Any]]:
        """A row a cell that has faces or is wanted, in order; `levels` are keys."""
        shown = np.flatnonzero((self.shares > 0) | (self.had > 0) | (self.taken > 0))
        keys = self.cells.keys()
        return [
            {
                "levels": dict(zip(self.cells.names, keys[cell], strict=True)),
                "share": float(self.shares[cell]),
                "had": int(self.had[cell]),
                "wanted": None if self.wanted is None else int(self.wanted[cell]),
                "taken": round(float(self.taken[cell]), 4),
                "lacking": int(self.lacking[cell]),
            }
            for cell in shown.tolist()
        ]
