"""What the Academic Dataset's JSON says of a face, as columns of the Record, and back.

The published value types are not documented, so numbers may come as text and keys in other
spellings; what is not understood stays in the entry, which is kept word for word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from facewright.layouts.common.checked import EntryError, numbers
from facewright.layouts.common.points import GROUPS
from facewright.record import EMOTIONS

LANDMARKS: Final = "FaceLandmarks"
ATTRIBUTES: Final = "FaceAttributes"
GROUP_ORDER: Final = (
    "mouth",
    "right_eyebrow",
    "left_eyebrow",
    "right_eye",
    "left_eye",
    "nose",
    "jaw",
)
"""The seven groups in published order; left and right are the subject's."""

Value = Callable[[Any], Any]


def _number(low: float, high: float) -> Value:
    """Takes a number, or text that is one, from `low` to `high`; else None."""

    def take(value: Any) -> float | None:
        """A number, also one that is written as text."""
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            found = float(value)
        except ValueError:
            return None
        return found if math.isfinite(found) and low <= found <= high else None

    return take


def _word(*words: str, **others: str) -> Value:
    """Takes one of some words in any case; `others` are further spellings."""
    known = {word.lower(): word for word in words} | others

    def take(value: Any) -> str | None:
        return known.get(value.strip().lower()) if isinstance(value, str) else None

    return take


def _flag(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False, "1": True, "0": False}.get(value.strip().lower())
    return bool(value) if isinstance(value, bool | int) and value in (0, 1) else None


_SHARE, _ANGLE = _number(0, 1), _number(-180, 180)
_COLOUR: Final = _word("brown", "blond", "black", "red", "gray", "other", grey="gray")


def _colours(value: Any) -> list[dict[str, Any]] | None:
    """Hair colours with confidences; None where a name or a confidence is not known."""
    if not isinstance(value, list) or not value:
        return None
    found = []
    for item in value:
        if not isinstance(item, dict):
            return None
        color, confidence = _COLOUR(item.get("color")), _SHARE(item.get("confidence"))
        if color is None or confidence is None:
            return None
        found.append({"color": color, "confidence": confidence})
    return found


# Key of the JSON, and what it holds: a leaf of the record and how it is read, or further keys.
Fields = tuple[tuple[str, Any], ...]
FIELDS: Final[Fields] = (
    ("headPose", tuple((n, (f"head_pose.{n}", _ANGLE)) for n in ("pitch", "roll", "yaw"))),
    ("gender", ("sex", _word("female", "male"))),
    ("makeup", (("eyeMakeup", ("makeup.eye", _flag)), ("lipMakeup", ("makeup.lip", _flag)))),
    ("emotion", tuple((n, (f"emotion.{n}", _SHARE)) for n in EMOTIONS)),
    (
        "facialHair",
        tuple((n, (f"facial_hair.{n}", _SHARE)) for n in ("moustache", "beard", "sideburns")),
    ),
    (
        "hair",
        (
            ("hairColor", ("hair.color", _colours)),
            ("hairLength", ("hair.length", _word("short", "medium", "long"))),
            ("bald", ("hair.bald", _SHARE)),
        ),
    ),
    (
        "occlusion",
        tuple((f"{n}Occluded", (f"occlusion.{n}", _flag)) for n in ("forehead", "eye", "mouth")),
    ),
    (
        "ethnicity",
        (
            "apparent_ethnicity",
            _word("white", "black", "east_asian", "south_asian", "unknown"),
        ),
    ),
    (
        "eye_color",
        ("eye_color", _word("brown", "hazel", "green", "blue", "gray", grey="gray")),
    ),
    ("smile", ("smile", _SHARE)),
    ("age", ("age", _number(0, 130))),
)
"""`FaceAttributes` in published order."""


def columns_of(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Columns of an entry whose keys are the published ones; see `with_published_keys`.

    Coordinates are pixels of the picture.

    Raises:
        EntryError: landmarks are not 68 points in seven groups, or attributes are no object.
    """
    columns: dict[str, Any] = {}
    groups = entry.get(LANDMARKS)
    if groups is not None:
        columns.update(_landmarks(groups, f"{where}: {LANDMARKS}"))
    attributes = entry.get(ATTRIBUTES)
    if attributes is not None:
        if not isinstance(attributes, dict):
            raise EntryError(f"{where}: {ATTRIBUTES} must be an object")
        columns.update(_attributes(attributes, FIELDS))
    return columns


def _landmarks(groups: Any, where: str) -> dict[str, Any]:
    if not isinstance(groups, dict):
        raise EntryError(f"{where} must be an object of seven groups")
    found = {}
    for name, (start, end) in GROUPS.items():
        if name not in groups:
            raise EntryError(f"{where}.{name} is missing")
        points = groups[name]
        if isinstance(points, list):
            points = [_point(point) for point in points]
        array = numbers(points, (end - start, 2), f"{where}.{name}")
        found[f"landmarks.{name}"] = np.round(array, 2).tolist()
    return found


def _point(point: Any) -> Any:
    """A point as [x, y], whether it came so, as {"x", "y"}, or as text."""
    if isinstance(point, dict):
        spelt = {str(key).lower(): value for key, value in point.items()}
        point = [spelt.get("x"), spelt.get("y")]
    take = _number(-1e9, 1e9)
    if isinstance(point, list):
        return [take(value) if isinstance(value, str) else value for value in point]
    return point


def _attributes(values: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, what in fields:
        value = values.get(key)
        if _is_leaf(what):
            column, take = what
            known = take(value)
            if known is not None:
                found[column] = known
        elif isinstance(value, dict):
            found.update(_attributes(value, what))
    return found


def _is_leaf(what: Any) -> bool:
    return isinstance(what[0], str)


def with_published_keys(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    """An entry with its known keys spelt as published; their values and all others untouched.

    `faceLandmarks`, `rightEyebrow`, `HEAD_POSE` are known keys in another spelling.

    Raises:
        EntryError: two keys of one object are spellings of the same.
    """
    top = _spelt(entry, (LANDMARKS, ATTRIBUTES), where)
    if isinstance(top.get(LANDMARKS), dict):
        top[LANDMARKS] = _spelt(top[LANDMARKS], GROUP_ORDER, f"{where}: {LANDMARKS}")
    if isinstance(top.get(ATTRIBUTES), dict):
        top[ATTRIBUTES] = _spelt_fields(top[ATTRIBUTES], FIELDS, f"{where}: {ATTRIBUTES}")
    return top


def _spelt_fields(values: Mapping[str, Any], fields: Fields, where: str) -> dict[str, Any]:
    found = _spelt(values, tuple(key for key, _ in fields), where)
    for key, what in fields:
        if not _is_leaf(what) and isinstance(found.get(key), dict):
            found[key] = _spelt_fields(found[key], what, f"{where}.{key}")
    return found


def _spelt(values: Mapping[str, Any], keys: tuple[str, ...], where: str) -> dict[str, Any]:
    published = {_letters(key): key for key in keys}
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = published.get(_letters(key), key)
        if name in found:
            raise EntryError(f"{where} has {name} twice, once spelt {key!r}")
        found[name] = value
    return found


def _letters(key: str) -> str:
    return re.sub(r"[\s_-]", "", key).lower()


def attributes_of(row: Mapping[str, Any], fields: Fields = FIELDS) -> dict[str, Any]:
    """`FaceAttributes` of a record, with all published keys; null where a value is not known."""
    return {
        key: _leaf(row, what[0]) if _is_leaf(what) else attributes_of(row, what)
        for key, what in fields
    }


def record_columns(fields: Fields = FIELDS) -> list[str]:
    """Top-level columns of the record that `attributes_of` needs."""
    found: list[str] = []
    for _, what in fields:
        names = [what[0].split(".")[0]] if _is_leaf(what) else record_columns(what)
        found += [name for name in names if name not in found]
    return found


def _leaf(row: Mapping[str, Any], column: str) -> Any:
    value: Any = row
    for part in column.split("."):
        value = value[part] if value is not None else None
    return value
