"""A target as a command takes it: a file, a sentence, uniform:, like: or census:."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from facewright.attributes.face_table import FaceTable
from facewright.balance.sentence import parse_target
from facewright.balance.target import Target
from facewright.balance.target_file import FILES, load_target
from facewright.errors import UsageError

OPENER = Callable[[str], FaceTable]

_USUAL: Final = ("sex", "age_group", "ethnicity")


def target_of(spec: str, table: FaceTable, open_other: OPENER) -> Target:
    """Read a target.

    Args:
        spec: "target.toml", "census.csv", "census:table.txt", "uniform:sex,age_group",
            "like:OTHER" or "like:OTHER:sex,smile", or a sentence.
        table: the faces it is meant for.
        open_other: opens what `like` names.

    Raises:
        UsageError: it cannot be read or does not add up.
    """
    kind, colon, rest = spec.strip().partition(":")
    if colon and kind == "uniform":
        return Target.uniform(_listed(rest))
    if colon and kind == "census":
        return Target.census(rest)
    if colon and kind == "like":
        return _like(rest, table, open_other)
    if Path(spec).suffix.lower() in FILES:
        return load_target(spec, table)
    return parse_target(spec, table)


def _like(rest: str, table: FaceTable, open_other: OPENER) -> Target:
    """`like:OTHER[:COLUMNS]`; without columns the usual ones that both tables know."""
    place, colon, columns = rest.rpartition(":")
    if not colon or any(mark in columns for mark in "/\\"):  # as in C:\faces
        place, columns = rest, ""
    other = open_other(place)
    if columns:
        return Target.like(other, _listed(columns))
    both = [name for name in _USUAL if _knows(table, name) and _knows(other, name)]
    if not both:
        raise UsageError(
            f"like:{rest}: {table.name} and {other.name} share no known values of"
            f" {', '.join(_USUAL)}; name attributes: like:{rest}:smile,pose"
        )
    return Target.like(other, both)


def _knows(table: FaceTable, name: str) -> bool:
    """Whether some face has a value of it."""
    if name not in table.attributes:
        return False
    (coded,) = table.coded([table.attributes[name]])
    return coded.unknown < len(table)


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
