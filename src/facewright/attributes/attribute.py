"""Attribute: one thing that faces are counted by, with its levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

UNKNOWN = "unknown"
"""Key that means the same as no value."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing that faces are counted by.

    Attributes:
        name: as recipes, targets and URLs spell it: "age_group".
        title: for people: "Apparent age group".
        expression: SQL over the row of a face (columns of the Record; `photo.` for those of its
            photo) that gives the key of a level as text, or NULL for unknown.
        levels: key to its name for people, in order; None where the levels are whatever the
            data hold.
        needs: dotted leaves that the expression reads, each "text", "number", "flag", "list" or
            "any": where a table has no such column, it does not have the attribute.
        measure: SQL of the number that the levels are bins of; None for classes.
        unit: of the measure.
        ordered: whether the levels' order means something.
        confidence: SQL of how sure the value is, 0-1; None where nothing is told.
        of_photo: whether the expression reads the photo.
        note: what a reader must know.
    """

    name: str
    title: str
    expression: str
    levels: Mapping[str, str] | None = field(hash=False, default=None)
    needs: Mapping[str, str] = field(hash=False, default_factory=dict)
    measure: str | None = None
    unit: str = ""
    ordered: bool = False
    confidence: str | None = None
    of_photo: bool = False
    note: str = ""

    def label(self, key: str) -> str:
        """A level's name for people; the key itself where there is none."""
        return (self.levels or {}).get(key, key)


def words(name: str) -> str:
    """Words of a class: ReadingGlasses gives "reading glasses"."""
    spaced = "".join(f" {char.lower()}" if char.isupper() else char for char in name)
    return spaced.replace("_", " ").strip()


def binned(measure: str, edges: Sequence[float]) -> tuple[str, dict[str, str]]:
    """Bins of a number: below edges[0], from each edge up to but without the next, and the rest.

    Args:
        measure: SQL of the number.
        edges: rising.

    Returns:
        SQL of the bin's key, and key to name. Keys are "<10", "10..20", ">=90".
    """
    keys = [
        f"<{_short(edges[0])}",
        *(f"{_short(low)}..{_short(high)}" for low, high in pairwise(edges)),
        f">={_short(edges[-1])}",
    ]
    names = [
        f"below {_short(edges[0])}",
        *(f"{_short(low)} to {_short(high)}" for low, high in pairwise(edges)),
        f"{_short(edges[-1])} or more",
    ]
    cases = "".join(
        f" WHEN {measure} < {edge} THEN '{key}'" for edge, key in zip(edges, keys, strict=False)
    )
    # NaN is above every number for DuckDB; here it is no number at all.
    sql = (
        f"CASE WHEN {measure} IS NULL OR isnan(({measure})::DOUBLE) THEN NULL{cases}"
        f" ELSE '{keys[-1]}' END"
    )
    labels = {key: name.replace("-", "−") for key, name in zip(keys, names, strict=True)}
    return sql, labels


def _short(number: float) -> str:
    return f"{number:g}"
