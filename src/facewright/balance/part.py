"""Part: what a target says about one attribute, or about several at once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.face_table import Coded
from facewright.balance.words import REST, level_of, near
from facewright.errors import UsageError

Floats = NDArray[np.float64]
Levels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Wanted shares of the cells of some attributes.

    Attributes:
        attributes: names, in the order of the levels in `shares`.
        shares: levels, as written, to share; they add up to 1. Cells that are not named are
            wanted 0 times. None wants all cells equally often.
        levels: attribute to the levels that equality is wanted over; of those not in here, all.
        source: file and key, or text, that says so; messages begin with it.
    """

    attributes: tuple[str, ...]
    shares: Mapping[Levels, float] | None = field(hash=False)
    levels: Mapping[str, Levels] = field(hash=False, default_factory=dict)
    source: str = "target"

    @property
    def title(self) -> str:
        """For people: "sex × age_group"."""
        return " × ".join(self.attributes)

    def over(self, names: Sequence[str]) -> Part | None:
        """What this says about some attributes; None where it says nothing of them."""
        kept = tuple(name for name in self.attributes if name in names)
        if not kept:
            return None
        levels = {name: found for name, found in self.levels.items() if name in kept}
        if self.shares is None or kept == self.attributes:
            return Part(kept, self.shares, levels, self.source)
        at = [self.attributes.index(name) for name in kept]
        sums: dict[Levels, float] = defaultdict(float)
        for cell, share in self.shares.items():
            sums[tuple(cell[i] for i in at)] += share
        return Part(kept, sums, levels, self.source)

    def table(self, coded: Sequence[Coded]) -> Floats:
        """Wanted share of every cell.

        Args:
            coded: values of this part's attributes, in its order.

        Returns:
            (L1, .., Lk), adding up to 1.

        Raises:
            UsageError: a level is not one of its attribute's.
        """
        if self.shares is None:
            return self._equal(coded)
        out = np.zeros(tuple(len(each.levels) for each in coded))
        rest = 0.0
        for cell, share in self.shares.items():
            if len(cell) == 1 and cell[0] == REST and self._find(coded[0], REST) is None:
                rest += share
                continue
            at = tuple(self._index(each, level) for each, level in zip(coded, cell, strict=True))
            out[at] += share
        if rest:
            self._spread(out, coded[0], rest)
        return out

    def _equal(self, coded: Sequence[Coded]) -> Floats:
        out = np.zeros(tuple(len(each.levels) for each in coded))
        if not out.size:
            empty = next(each for each in coded if not each.levels)
            raise UsageError(f"{self.source}: no face has a value of {empty.attribute.name}")
        chosen = [
            sorted({self._index(each, level) for level in self.levels[each.attribute.name]})
            if each.attribute.name in self.levels
            else range(len(each.levels))
            for each in coded
        ]
        out[np.ix_(*chosen)] = 1.0 / math.prod(map(len, chosen))
        return out

    def _spread(self, out: Floats, coded: Coded, rest: float) -> None:
        """Give `rest` to the levels that are not named, evenly."""
        named = {self._find(coded, cell[0]) for cell in self.shares or ()}
        left = [n for n, key in enumerate(coded.levels) if key not in named]
        if not left:
            raise UsageError(
                f"{self.source}.{REST}: every level of {coded.attribute.name} is named already"
            )
        out[left] += rest / len(left)

    def _find(self, coded: Coded, written: str) -> str | None:
        return level_of(written, coded.attribute, coded.levels)

    def _index(self, coded: Coded, written: str) -> int:
        key = self._find(coded, written)
        if key is None:
            raise UsageError(
                f"{self.source}: {coded.attribute.name} has no level {written!r};"
                f" it has {near(written, coded.levels)}"
            )
        return coded.levels.index(key)
