"""Study: one dataset with its faces coded, once, for all parts of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from facewright.attributes.attribute import Attribute
from facewright.attributes.face_table import Coded, FaceTable
from facewright.attributes.known import ATTRIBUTES

MOST_COLUMNS: Final = 60
"""Columns of the user's own that are counted; more would hide what matters."""
_KNOWN: Final = frozenset(each.name for each in ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a report is asked for.

    Attributes:
        by: attributes of the intersections; empty for sex x age group x ethnicity, as far as
            they are known.
        target: as `facewright.balance.spec.target_of` reads it; None for uniform.
        audit: CSV of a checked sample, from which label error is taken.
        kde: a pickled density over theta, phi, instead of FFHQ's.
        part: condition and selection that the tables were opened with, for people.
        select: the selection of the first table, where it has one.
    """

    by: tuple[str, ...] = ()
    target: str | None = None
    audit: Path | None = None
    kde: Path | None = None
    part: str = ""
    select: Path | None = None


@dataclass(frozen=True)
class Study:
    """One dataset's faces and their values.

    Attributes:
        table: the faces.
        extra: names of attributes that are counted though they are not among the table's own,
            e.g. columns of the Record that a user names.
    """

    table: FaceTable
    extra: tuple[str, ...] = field(default=())

    @cached_property
    def attributes(self) -> Mapping[str, Attribute]:
        """What is counted: all known attributes, the user's own columns as far as there is room.

        Nothing where there is no face.
        """
        if not len(self.table):
            return {}
        named = {name: self.table.attribute(name) for name in self.extra}
        own = [name for name in self.table.attributes if name not in _KNOWN]
        crowded = set(own[MOST_COLUMNS:])
        kept = {n: a for n, a in self.table.attributes.items() if n not in crowded}
        return kept | named

    @property
    def crowded_out(self) -> int:
        """Columns that are not counted for want of room."""
        return sum(name not in self.attributes for name in self.table.attributes)

    @cached_property
    def coded(self) -> Mapping[str, Coded]:
        """Every attribute's value of every face; empty where there is no face."""
        found = self.table.coded(list(self.attributes.values()))
        return {each.attribute.name: each for each in found}

    def known(self, name: str) -> int:
        """Faces of which this attribute's value is known; 0 where there is no such attribute."""
        coded = self.coded.get(name)
        return 0 if coded is None else int((coded.codes >= 0).sum())

    @cached_property
    def sure(self) -> Mapping[str, float]:
        """Mean confidence by attribute, of those whose annotator gave one."""
        told = {
            n: a for n, a in self.attributes.items() if a.confidence and self._has(a.confidence)
        }
        if not told:
            return {}
        columns = ", ".join(f"avg({one.confidence}) AS c{n}" for n, one in enumerate(told.values()))
        row = self.table.query(f"SELECT {columns} FROM faces").to_pylist()[0]  # noqa: S608 - own names
        means = zip(told, row.values(), strict=True)
        return {name: float(mean) for name, mean in means if mean is not None and np.isfinite(mean)}

    def _has(self, leaf: str) -> bool:
        return self.table.leaves.get(leaf) == "number"


def is_known(name: str) -> bool:
    """Whether an attribute is one of the Record's."""
    return name in _KNOWN
