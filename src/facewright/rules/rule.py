"""Rule: keeps a face or drops it with a reason. Built-in rules and a user's own are the same thing.

A rule is a value: its name, what it means, the table of its parameters, the columns it reads and
one function over whole columns. It is registered as an entry point of `facewright.rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from facewright.rules.columns import FaceColumns, Read

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]


class RuleTable(BaseModel):
    """Parameters of a rule: the table `[rules.NAME]` of a recipe.

    Describe every field and give its unit: `facewright rules --list` shows both. A field called
    `file` is a path; in a recipe's file it is relative to that file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a rule says of N faces.

    Attributes:
        drop: (N,) the rule drops the face.
        unknown: (N,) the rule could not judge it, and so keeps it. Never together with `drop`.
    """

    drop: Mask
    unknown: Mask

    def __or__(self, other: Verdict) -> Verdict:
        """Drops what either drops; what neither drops is unknown where either could not judge."""
        drop = self.drop | other.drop
        return Verdict(drop, (self.unknown | other.unknown) & ~drop)

    def __and__(self, other: Verdict) -> Verdict:
        """Drops what both drop; a face that one of them keeps for sure is kept."""
        drop = self.drop & other.drop
        spared = (~self.drop & ~self.unknown) | (~other.drop & ~other.unknown)
        return Verdict(drop, ~drop & ~spared)

    def only_where(self, sure: Mask) -> Verdict:
        """Cannot judge (N,) faces that are not sure; what it keeps it keeps."""
        return Verdict(self.drop & sure, self.unknown | (self.drop & ~sure))


def dropping(drop: Mask, known: Mask) -> Verdict:
    """Drops (N,) faces where it is known that `drop` holds; cannot judge where it is not known."""
    return Verdict(drop & known, ~known)


def below(values: Numbers, limit: float) -> Verdict:
    """Drops (N,) values under the limit; NaN is unknown."""
    return dropping(values < limit, ~np.isnan(values))


def above(values: Numbers, limit: float) -> Verdict:
    """Drops (N,) values over the limit; NaN is unknown."""
    return dropping(values > limit, ~np.isnan(values))


def outside(values: Numbers, low: float, high: float) -> Verdict:
    """Drops (N,) values under `low` or over `high`; NaN is unknown."""
    return below(values, low) | above(values, high)


Table = TypeVar("Table", bound=RuleTable)
Reads = Sequence[str | Read]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Table]):
    """One rule.

    Attributes:
        name: as recipes write it, and as the reason of a dropped face.
        meaning: of the reason, for people: "the face is blurred".
        table: its parameters.
        reads: dotted leaves of the Record ("blur.value"; "photo.licence" of its photo) and what
            is made from them; or a function from the parameters to them.
        judge: from columns and parameters to a `Verdict`.
        named: whether a recipe may have several: `[rules.sql.minors]` beside `[rules.sql]`.
    """

    name: str
    meaning: str
    table: type[Table]
    reads: Reads | Callable[[Table], Reads]
    judge: Callable[[FaceColumns, Table], Verdict]
    named: bool = False

    def reads_of(self, settings: Any) -> tuple[Read, ...]:
        """The columns it reads under these parameters."""
        found = self.reads(settings) if callable(self.reads) else self.reads
        return tuple(Read(each) if isinstance(each, str) else each for each in found)
