"""What a label by hand changes in the record of a face: leaves, and their new values.

A class, a flag or a level is put in place. A number of which only a bin or a group was said moves
as little as it must: an age of 21 that is labelled "child" becomes 17.9. What was estimated of
how sure the value is goes, for it was no annotator that said it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from facewright.attributes.attribute import Attribute
from facewright.attributes.known import ATTRIBUTES, FRONT
from facewright.record import EMOTIONS

Leaves = dict[str, Any]
"""Dotted leaf to its new value; None: nobody can tell."""

BY_HAND: Final = "somebody looked, and could not tell"
"""Why a value is null, where a label says so."""

_KNOWN: Final = {each.name: each for each in ATTRIBUTES}
_STEP: Final = 0.1
_BIN: Final = re.compile(r"(?:<|>=)?(-?[\d.]+?)(?:\.\.(-?[\d.]+))?")
Ranges = Mapping[str, tuple[float | None, float | None]]
GROUPS: Final[Mapping[str, tuple[str, Ranges]]] = {
    "age_group": ("age", {"child": (None, 18), "adult": (18, 60), "elderly": (60, None)}),
    "pose": (
        "yaw",
        {
            "left": (None, -FRONT),
            "front": (-FRONT, FRONT + _STEP),
            "right": (FRONT + _STEP, None),
        },
    ),
}
"""Attributes that are groups of a number: the number, and from which up to which each goes."""


def group_of(group: str, number: float) -> str:
    """The level of an attribute of `GROUPS` that a number falls in."""
    _, ranges = GROUPS[group]
    return next(key for key, (_, high) in ranges.items() if high is None or number < high)


def moved(group: str, level: str, now: float | None) -> float:
    """The number that falls in a level of an attribute of `GROUPS`, nearest to what it is now."""
    return _within(now, *GROUPS[group][1][level])


def edits(attribute: str, value: str | None, record: Mapping[str, Any]) -> Leaves:
    """What a label changes; nothing where the Record has no place for it.

    Args:
        attribute: as `facewright.attributes.known` names it.
        value: a level's key, or a number as text; None: nobody can tell.
        record: top-level columns of the face as plain data, those of `columns_of`.
    """
    known = _KNOWN.get(attribute)
    if known is None or known.of_photo:
        return {}
    found = _changes(known, value, record)
    return {**found, known.confidence: None} if found and known.confidence else found


def columns_of(attribute: str) -> set[str]:
    """Top-level columns that a label of an attribute may change."""
    known = _KNOWN.get(attribute)
    if known is None or known.of_photo:
        return set()
    further = {"confidence"} if known.confidence else set()
    return {leaf.partition(".")[0] for leaf in known.needs} | further


def _changes(known: Attribute, value: str | None, record: Mapping[str, Any]) -> Leaves:
    if known.name in _SPECIAL:
        return _SPECIAL[known.name](value, record)
    if known.name in GROUPS:
        leaf = str(_KNOWN[GROUPS[known.name][0]].measure)
        return {leaf: None if value is None else moved(known.name, value, _number(record, leaf))}
    (leaf,) = known.needs
    return {leaf: None if value is None else _plain(known, leaf, value, record)}


def _plain(known: Attribute, leaf: str, value: str, record: Mapping[str, Any]) -> Any:
    """The value of an attribute that is one leaf."""
    if known.needs[leaf] == "flag":
        return value == "yes"
    if known.measure is None:
        return value
    if value in ("yes", "no"):
        return float(value == "yes")
    return said_number(value, _number(record, leaf))


def said_number(value: str, now: float | None) -> float:
    """The number that is said, or the one in the bin that is said."""
    if not re.search(r"[<>]|\.\.", value):
        return float(value)
    match = _BIN.fullmatch(value)
    assert match is not None
    first = float(match[1])
    if value.startswith("<"):
        return _within(now, None, first)
    if value.startswith(">"):
        return _within(now, first, None)
    return _within(now, first, float(match[2]))


def _within(now: float | None, low: float | None, high: float | None) -> float:
    """The number from `low` up to but without `high` that is nearest to what is there now."""
    if now is None:
        ends = [end for end in (low, high) if end is not None]
        now = sum(ends) / len(ends)
    if low is not None and now < low:
        now = low
    if high is not None and now >= high:
        now = high - _STEP
    return round(now, 3)


def _number(record: Mapping[str, Any], leaf: str) -> float | None:
    found: Any = record
    for name in leaf.split("."):
        found = None if found is None else found.get(name)
    return None if found is None else float(found)


# -- attributes that are made of several columns -------------------------------------------------


def _emotion(value: str | None, _: Mapping[str, Any]) -> Leaves:
    return {f"emotion.{n}": None if value is None else float(n == value) for n in EMOTIONS}


def _skin_tone(value: str | None, _: Mapping[str, Any]) -> Leaves:
    return {"skin_tone.monk": None if value is None else int(value)}


def _hair_color(value: str | None, record: Mapping[str, Any]) -> Leaves:
    if value is None or value == "hidden":
        return {"hair.color": None, "hair.invisible": value and True, "hair.bald": None}
    if value == "bald":
        return {"hair.color": None, "hair.invisible": False, "hair.bald": 1.0}
    listed = (record.get("hair") or {}).get("color") or []
    names = dict.fromkeys([*(each["color"] for each in listed), value])
    colours = [{"color": name, "confidence": float(name == value)} for name in names]
    return {"hair.color": colours, "hair.invisible": False}


def _headwear(value: str | None, record: Mapping[str, Any]) -> Leaves:
    if value is None:
        return {"accessories": None}
    others = [each for each in record.get("accessories") or [] if each["type"] != "headwear"]
    worn = [{"type": "headwear", "confidence": 1.0}] if value == "yes" else []
    order = ("glasses", "headwear", "mask")
    return {"accessories": sorted([*others, *worn], key=lambda each: order.index(each["type"]))}


_SPECIAL: Final[Mapping[str, Callable[[str | None, Mapping[str, Any]], Leaves]]] = {
    "emotion": _emotion,
    "skin_tone": _skin_tone,
    "hair_color": _hair_color,
    "headwear": _headwear,
}
