"""Confusion: what an annotator reads, given what is true, counted on faces that were checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.face_table import Coded
from facewright.errors import ModelError
from facewright.stats.audit import Audit


@dataclass(frozen=True, eq=False, slots=True)
class Confusion:
    """How often each true level is read as which level.

    Faces that are read as unknown are not in it: it is about those of which a value is stated.

    Attributes:
        attribute: name of the attribute.
        levels: L keys, of rows and of columns.
        counts: (L, L) checked faces of each true level (rows) and level as read (columns).
        source: who checked which faces, for people.
        note: what else a reader must know; may be empty.
    """

    attribute: str
    levels: tuple[str, ...]
    counts: NDArray[np.int64]
    source: str
    note: str = ""

    @classmethod
    def of_card(cls, attribute: str) -> Confusion | None:
        """Measured confusion of the shipped annotator of an attribute; None where there is none.

        It holds for values that the shipped annotators gave, not for those of other makers, such
        as the ones of published records.

        Raises:
            ModelError: the file of measurements is missing from the installation.
        """
        found = _measured().get(attribute)
        if found is None:
            return None
        counts = np.array(found["counts"], np.int64)
        return cls(attribute, tuple(found["levels"]), counts, found["on"], found["note"])

    @classmethod
    def of_audit(cls, audit: Audit, coded: Coded, face_ids: Sequence[str]) -> Confusion:
        """Confusion of a user's audited sample.

        The sample must be drawn without regard to what was read: faces picked because they are
        read as some level would misstate how often that level is read.

        Args:
            audit: what the user says.
            coded: the attribute as read of the table's faces.
            face_ids: of the same faces.

        Raises:
            UsageError: see `Audit.counts`.
        """
        counts = audit.counts(coded, face_ids)
        source = f"{audit.path.name}, {int(counts.sum())} audited faces"
        return cls(coded.attribute.name, coded.levels, counts, source)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(L, L) P(read | true): rows sum to 1; NaN in the rows of which no face was checked."""
        totals = self.counts.sum(axis=1, keepdims=True)
        return np.where(totals > 0, self.counts / np.maximum(totals, 1), np.nan)

    @property
    def checked(self) -> int:
        """Faces that were checked."""
        return int(self.counts.sum())

    def over(self, levels: Sequence[str]) -> Confusion:
        """The same over other levels: those it does not know were never checked.

        A checked face that is read as a level that is not among them is left out.
        """
        at = {key: n for n, key in enumerate(self.levels)}
        places = [at.get(key, len(at)) for key in levels]
        padded = np.pad(self.counts, (0, 1))
        counts = padded[np.ix_(places, places)]
        return Confusion(self.attribute, tuple(levels), counts, self.source, self.note)


def measured_attributes() -> tuple[str, ...]:
    """Names of the attributes of which the shipped annotators' confusion was measured."""
    return tuple(_measured())


@cache
def _measured() -> dict[str, Any]:
    path = files("facewright") / "weights" / "confusion.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{path}: missing; install facewright again") from error
    return found
