"""Synthetic faces: what is known of them in place of what is estimated.

Faces that were made to order have a column `truth` beside the estimates. Where it says something,
it is written; the key `Truth` of a JSON file lists the keys that it fills, by their path in
`FaceAttributes`. All others are estimates. The published files have no such key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from facewright.layouts.generated_photos.values import FIELDS, LANDMARKS, Fields, Value
from facewright.layouts.seam.export import Export
from facewright.record import EMOTIONS, FacialHair, Hair, Makeup, Part
from facewright.store.jsonrecord import record_rows
from facewright.store.tables import open_part, parts
from facewright.truth import TRUTH, Truth

LISTED: Final = "Truth"
"""Key of a JSON file: what in it is known."""

Row = Mapping[str, Any]
_BATCH: Final = 256
_COLOURS: Final = {"white": "gray", "auburn": "red"}  # shades to the colours that the layout has
_SHADES: Final = ("dark-", "light-")
_GROUPS: Final[Mapping[str, type[Part]]] = {
    "makeup": Makeup,
    "facial_hair": FacialHair,
    "hair": Hair,
}
_LEAST: Final = 0.5  # share of a mix from which a face is of one ethnicity


def truths(export: Export) -> Iterator[dict[str, Any] | None]:
    """What is known of each face of an export, in order; None for those of photographs."""
    files = parts(export.dataset.root, "faces")
    if not files or not _has_truth(files[0]):
        yield from (None for _ in range(len(export)))
        return
    column = export.dataset.table([TRUTH]).column(TRUTH)
    table = pa.table({name: pc.struct_field(column, name) for name in (*_FLAT, *_WIDE)})
    known = column.is_valid().to_pylist()
    for start in range(0, len(table), _BATCH):
        rows = record_rows(table.slice(start, _BATCH), Truth)
        for row, valid in zip(rows, known[start : start + _BATCH], strict=True):
            yield row if valid else None


def with_truth(row: dict[str, Any], truth: Row | None) -> tuple[dict[str, Any], list[str]]:
    """A record with what is known in place of estimates.

    Args:
        row: as the layout writes it.
        truth: as `truths` gives it.

    Returns:
        The record, and the keys of the layout that are known; none without truth.
    """
    if truth is None:
        return row, []
    out, told = dict(row), []
    for key, (column, take) in _KEYS.items():
        read = _READ.get(column, lambda value: value)
        value = read(take(truth))  # what a reader would not understand is not written
        if value is None:
            continue
        top, _, inner = column.partition(".")
        group = out.get(top) or (dict.fromkeys(_GROUPS[top].model_fields) if inner else {})
        out[top] = {**group, inner: value} if inner else value
        told.append(key)
    return out, told


def _has_truth(part: Any) -> bool:
    with open_part(part) as opened:
        return TRUTH in opened.schema_arrow.names


def _same(name: str) -> Callable[[Row], Any]:
    return lambda truth: truth[name]


def _colour(name: str) -> Callable[[Row], str | None]:
    """A colour without its shade: "dark-brown" is brown."""

    def take(truth: Row) -> str | None:
        """The layout's word for a colour that was made."""
        colour = truth[name]
        if colour is None:
            return None
        for shade in _SHADES:
            colour = colour.removeprefix(shade)
        return _COLOURS.get(colour, colour)

    return take


def _share(name: str) -> Callable[[Row], Any]:
    """A yes or no as a share."""
    return lambda truth: None if truth[name] is None else float(truth[name])


def _beard(truth: Row) -> float | None:
    """Stubble is no beard and not none: the estimate stays."""
    if truth["beard"] in {None, "stubble"}:
        return None
    return float(truth["beard"] not in {"no", "none"})


def _hair(truth: Row) -> Any:
    colour = _colour("hair_color")(truth)
    if colour is None or truth["bald"]:
        return None
    return [{"color": colour, "confidence": 1.0}]


def _ethnicity(truth: Row) -> str | None:
    shares = {name: share for name, share in (truth["ethnicity"] or {}).items() if share}
    name = max(shares, key=lambda name: shares[name], default=None)
    return name if name is not None and shares[name] > _LEAST else None


def _emotion(truth: Row) -> dict[str, float] | None:
    """The emotion at its strength, and neutral for the rest."""
    name = truth["emotion"]
    if name not in EMOTIONS:
        return None
    strength = 1.0 if truth["strength"] is None or name == "neutral" else truth["strength"]
    shares = dict.fromkeys(EMOTIONS, 0.0) | {"neutral": round(1.0 - strength, 3)}
    return shares | {name: strength}


def _whole(name: str) -> Callable[[Row], Any]:
    """A group of values that counts only when all of it is known."""

    def take(truth: Row) -> Any:
        """The group of one truth; None where any value lacks."""
        group = truth[name]
        missing = group is None or any(_lacking(value) for value in group.values())
        return None if missing else group

    return take


def _lacking(value: Any) -> bool:
    return value is None or (isinstance(value, list) and any(map(_lacking, value)))


_FLAT: Final = (
    "sex",
    "age",
    "hair_length",
    "hair_color",
    "bald",
    "beard",
    "moustache",
    "eye_color",
    "eye_makeup",
    "lip_makeup",
    "emotion",
    "strength",
)
_WIDE: Final = ("ethnicity", "head_pose", "landmarks")
_KEYS: Final[Mapping[str, tuple[str, Callable[[Row], Any]]]] = {
    LANDMARKS: ("landmarks", _whole("landmarks")),
    "headPose": ("head_pose", _whole("head_pose")),
    "gender": ("sex", _same("sex")),
    "makeup.eyeMakeup": ("makeup.eye", _same("eye_makeup")),
    "makeup.lipMakeup": ("makeup.lip", _same("lip_makeup")),
    "emotion": ("emotion", _emotion),
    "facialHair.moustache": ("facial_hair.moustache", _share("moustache")),
    "facialHair.beard": ("facial_hair.beard", _beard),
    "hair.hairColor": ("hair.color", _hair),
    "hair.hairLength": ("hair.length", _same("hair_length")),
    "hair.bald": ("hair.bald", _share("bald")),
    "ethnicity": ("apparent_ethnicity", _ethnicity),
    "eye_color": ("eye_color", _colour("eye_color")),
    "age": ("age", _same("age")),
}
"""Key of the layout, the record's column that it is written from, and what is known of it."""


def _readers(fields: Fields) -> Iterator[tuple[str, Value]]:
    """How the layout's reader takes each column of the record."""
    for _, what in fields:
        if isinstance(what[0], str):
            yield what
        else:
            yield from _readers(what)


_READ: Final[Mapping[str, Value]] = dict(_readers(FIELDS))
