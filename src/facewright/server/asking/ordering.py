"""Orders: ways to line up all faces, of which any stretch can be had without the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from facewright.server.asking.filters import FilterError
from facewright.server.catalogue.catalogue import Catalogue, Rows
from facewright.server.catalogue.columns import Codes, Column

_ROUNDS: Final = 4
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_ALL: Final = (1 << 64) - 1


class Order(Protocol):
    """A line of all faces."""

    def __len__(self) -> int:
        """Places of the line; some may be empty."""
        ...

    def stretch(self, start: int, stop: int) -> Rows:
        """Rows at the places from `start` up to `stop`; -1 where a place is empty."""
        ...


@dataclass(frozen=True, slots=True)
class AsMade:
    """The order of the datasets."""

    faces: int

    def __len__(self) -> int:
        return self.faces

    def stretch(self, start: int, stop: int) -> Rows:
        """Rows are places."""
        return np.arange(start, min(stop, self.faces), dtype=np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """An order that was computed once."""

    rows: Rows

    def __len__(self) -> int:
        return len(self.rows)

    def stretch(self, start: int, stop: int) -> Rows:
        """A part of it."""
        return self.rows[start:stop]


@dataclass(frozen=True, slots=True)
class Random:
    """An order without pattern that a seed fixes: a Feistel network over the places.

    Four rounds of a keyed mix on the halves of a number of 2k bits are a permutation of all such
    numbers (Luby and Rackoff, 1988), so that any stretch is computed alone, without shuffling a
    million rows. Numbers from `faces` on are empty places.
    """

    faces: int
    seed: int

    def __len__(self) -> int:
        return 1 << (2 * self._half)

    @property
    def _half(self) -> int:
        """Bits of a half."""
        return max((max(self.faces - 1, 1).bit_length() + 1) // 2, 1)

    def stretch(self, start: int, stop: int) -> Rows:
        """Permuted numbers; -1 from `faces` on."""
        places = np.arange(start, min(stop, len(self)), dtype=np.uint64)
        bits, mask = np.uint64(self._half), np.uint64((1 << self._half) - 1)
        left, right = places >> bits, places & mask
        for n in range(_ROUNDS):
            left, right = right, left ^ (_mixed(right, self._key(n)) & mask)
        rows = ((left << bits) | right).astype(np.int64)
        return np.where(rows < self.faces, rows, -1).astype(np.int32)

    def _key(self, number: int) -> np.uint64:
        return np.uint64((self.seed * 0x2545F4914F6CDD1D + number * 0xD1342543DE82EF95 + 1) & _ALL)


def _mixed(numbers: NDArray[np.uint64], key: np.uint64) -> NDArray[np.uint64]:
    """Steele, Lea and Flood's finaliser (SplitMix64, 2014) of numbers with a key."""
    z = (numbers + key) * _MIX
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = z ^ (z >> np.uint64(31))
    return mixed


def order_of(catalogue: Catalogue, sort: str, seed: int) -> Order:
    """The order that a query names: "", "random", an attribute, or "-" and an attribute.

    Faces of which the value is not known come last either way; equal ones stand as they were
    made.

    Raises:
        FilterError: no such attribute.
    """
    if not sort:
        return AsMade(len(catalogue))
    if sort == "random":
        return Random(len(catalogue), seed)
    name = sort.removeprefix("-")
    try:
        column = catalogue.column(name)
    except KeyError:
        raise FilterError("sort", f"no attribute {name[:80]!r} to sort by") from None
    if column.members is not None:
        raise FilterError("sort", f"{name[:80]} holds lists, which have no order")
    falling = sort.startswith("-")
    return Sorted(catalogue.orders.get(sort, lambda: _argsort(column, falling=falling)))


def _argsort(column: Column, *, falling: bool) -> Rows:
    """Rows by number, or by level where there is none."""
    if column.numbers is not None:
        keys: NDArray[np.float32] = -column.numbers if falling else column.numbers
        return np.argsort(keys, kind="stable").astype(np.int32)  # NaN is last
    codes = column.codes
    if falling:
        known = len(column.levels)
        lookup: Codes = np.append(np.arange(known - 1, -1, -1), known).astype(codes.dtype)
        codes = lookup[codes]
    return np.argsort(codes, kind="stable").astype(np.int32)
