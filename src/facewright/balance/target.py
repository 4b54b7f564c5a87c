"""Target: a wanted distribution over attributes, whichever way it was written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.face_table import Coded, FaceTable
from facewright.balance.census import read_census
from facewright.balance.part import Part
from facewright.balance.words import known_attribute
from facewright.errors import UsageError
from facewright.stats.cells import Cells

Floats = NDArray[np.float64]

_ROUNDS = 1000
_AGREE = 1e-6
_MOST_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """A wanted distribution over one or several attributes.

    It is made of parts. Each speaks of the joint distribution of its own attributes: one part
    over all of them is a joint target; parts over single attributes are marginals. What no part
    says is taken as flat as the parts allow: parts with no attribute in common are independent.
    Sentences are read by `facewright.balance.sentence.parse_target`, files by
    `facewright.balance.target_file.load_target`.

    Attributes:
        parts: at least one.
        name: what it was read from, for people.
    """

    parts: tuple[Part, ...]
    name: str = "target"

    def __post_init__(self) -> None:
        """Refuse a target that says nothing.

        Raises:
            UsageError: there are no parts, or one names an attribute twice.
        """
        if not self.parts:
            raise UsageError(f"{self.name}: the target says nothing; name an attribute and shares")
        for part in self.parts:
            if len(set(part.attributes)) < len(part.attributes):
                raise UsageError(f"{part.source}: an attribute is named twice: {part.title}")

    # -- ways to make one -----------------------------------------------------------------

    @classmethod
    def uniform(cls, columns: Sequence[str]) -> Target:
        """Every cell of these attributes equally often, levels that no face has included."""
        names = tuple(known_attribute(name) for name in columns)
        if not names:
            raise UsageError("uniform: name an attribute, as in uniform:sex,age_group")
        said = f"uniform:{','.join(names)}"
        return cls((Part(names, None, source=said),), said)

    @classmethod
    def like(cls, table: FaceTable, columns: Sequence[str]) -> Target:
        """The joint distribution of these attributes in another table.

        Raises:
            UsageError: it lacks one, or no face in it has a value of all of them.
        """
        names = tuple(known_attribute(name) for name in columns)
        said = f"like:{table.name}:{','.join(names)}"
        if not names:
            raise UsageError(f"{said}: name an attribute")
        coded = table.coded([table.attribute(name) for name in names])
        whole = np.stack([each.codes for each in coded], axis=1)
        found, counts = np.unique(whole[(whole >= 0).all(axis=1)], axis=0, return_counts=True)
        if not len(found):
            raise UsageError(f"{said}: no face in {table.name} has a value of {', '.join(names)}")
        shares = {
            tuple(each.levels[code] for each, code in zip(coded, cell, strict=True)): count / total
            for total in [int(counts.sum())]
            for cell, count in zip(found.tolist(), counts.tolist(), strict=True)
        }
        return cls((Part(names, shares, source=said),), said)

    @classmethod
    def census(cls, path: str | Path, *, normalise: bool = False) -> Target:
        """Read a table of levels with a column of shares or counts.

        Args:
            path: .csv or .tsv; see `facewright.balance.census`.
            normalise: take shares as parts of whatever they add up to; counts always are.

        Raises:
            UsageError: it cannot be read or does not add up; file, line and column are named.
        """
        return cls(read_census(Path(path), normalise=normalise), str(path))

    # -- what it says -----------------------------------------------------------------------

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of all attributes that it speaks of, in the order in which it does."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.attributes))

    def over(self, names: Sequence[str]) -> Target:
        """What it says about some of its attributes.

        Raises:
            UsageError: it speaks of none of them.
        """
        parts = tuple(kept for part in self.parts if (kept := part.over(names)) is not None)
        if not parts:
            raise UsageError(
                f"{self.name} says nothing about {', '.join(names)};"
                f" it is about {', '.join(self.attributes)}"
            )
        return Target(parts, self.name)

    def coded(self, table: FaceTable) -> list[Coded]:
        """Values of its attributes, in their order.

        Raises:
            UsageError: the table lacks one of them, or no face has a value of it.
        """
        found = []
        for name in self.attributes:
            try:
                found.append(table.attribute(name))
            except UsageError as error:
                raise UsageError(f"{self._source(name)}: {error}") from None
        coded = table.coded(found)
        for each in coded:
            if len(table) and each.unknown == len(table):
                raise UsageError(
                    f"{self._source(each.attribute.name)}: no face of {table.name} has a value of"
                    f" {each.attribute.name}; all {len(table)} are unknown"
                )
        return coded

    def expected(self, cells: Cells) -> Floats:
        """Wanted share of every cell.

        Of its attributes that the cells are not split by, the sum is taken. Where cells are
        split by further attributes, those keep, within each cell of the target, the shares that
        they have in the data, or equal ones where the data have no face.

        Returns:
            The shape of `cells.counts`, adding up to 1.

        Raises:
            UsageError: it speaks of none of the cells' attributes, names a level that is not
                there, or its parts contradict each other.
        """
        names = [each.attribute.name for each in cells.coded]
        mine = self.over(names)
        own = [each for each in cells.coded if each.attribute.name in mine.attributes]
        wanted = mine.shares(own)
        others = tuple(i for i, name in enumerate(names) if name not in mine.attributes)
        if not others:
            return wanted
        counts = np.asarray(cells.counts, np.float64)
        size = np.prod([counts.shape[i] for i in others])
        sums = counts.sum(axis=others, keepdims=True)
        within = np.where(sums > 0, counts / np.where(sums > 0, sums, 1.0), 1.0 / size)
        return np.asarray(within * np.expand_dims(wanted, others), np.float64)

    def shares(self, coded: Sequence[Coded]) -> Floats:
        """Wanted share of every cell of its own attributes.

        Args:
            coded: all of its attributes, in any order.

        Returns:
            (L1, .., Lk) in the order of `coded`, adding up to 1.

        Raises:
            UsageError: as `expected`, or there are too many cells.
        """
        shape = tuple(len(each.levels) for each in coded)
        if np.prod(shape, dtype=np.float64) > _MOST_CELLS:
            told = " × ".join(f"{each.attribute.name} ({len(each.levels)})" for each in coded)
            raise UsageError(f"{self.name}: too many cells: {told}; use fewer attributes or levels")
        by_name = {each.attribute.name: n for n, each in enumerate(coded)}
        tables = [_placed(part, coded, by_name) for part in self.parts]
        out = np.ones(shape)
        for table, _ in tables:
            out = out * table
        if self._is_apart:
            return out
        return _flattest(np.ones(shape), tables, self.name)

    @property
    def _is_apart(self) -> bool:
        """Whether no two parts speak of the same attribute."""
        pairs = combinations(self.parts, 2)
        return not any(set(a.attributes) & set(b.attributes) for a, b in pairs)

    def _source(self, name: str) -> str:
        return next(part.source for part in self.parts if name in part.attributes)


def _placed(
    part: Part, coded: Sequence[Coded], by_name: dict[str, int]
) -> tuple[Floats, tuple[int, ...]]:
    """A part's table, broadcast along the other axes, and those axes."""
    axes = [by_name[name] for name in part.attributes]
    table = part.table([coded[axis] for axis in axes])
    ordered = np.transpose(table, np.argsort(axes))
    others = tuple(axis for axis in range(len(coded)) if axis not in axes)
    return np.expand_dims(ordered, others), others


def _flattest(start: Floats, tables: Sequence[tuple[Floats, tuple[int, ...]]], name: str) -> Floats:
    """The flattest table with these sums, by iterative proportional fitting (Deming-Stephan)."""
    out = start / start.sum()
    for _ in range(_ROUNDS):
        worst = 0.0
        for wanted, others in tables:
            sums = out.sum(axis=others, keepdims=True)
            worst = max(worst, float(np.abs(sums - wanted).max()))
            out = out * np.where(sums > 0, wanted / np.where(sums > 0, sums, 1.0), 0.0)
        if worst < _AGREE:
            return np.asarray(out / out.sum(), np.float64)
    raise UsageError(f"{name}: its parts contradict each other; no distribution fits them all")
