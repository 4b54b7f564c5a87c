"""Leaves: every column of the served tables by its dotted name, and whether it can be counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from facewright.attributes.attribute import Attribute, words
from facewright.attributes.columns import kind_of, sql_name
from facewright.record import Photo, Record
from facewright.schema import arrow_schema
from facewright.server.catalogue.shelf import Shelf
from facewright.store.tables import open_part

PHOTO: Final = "photo."
"""Begins the names of the columns of a face's photo."""
_ID: Final = "names each face or photo; ask by a condition, or open /face/ID"
_REFUSED: Final = {
    "kept": "only the faces that rules kept are shown",
    "reasons": "only the faces that rules kept are shown",
    **dict.fromkeys(("face_id", "photo_id", "crop_hash", "origin.name", "origin.extra"), _ID),
    **dict.fromkeys(
        (
            *("photo.photo_id", "photo.key", "photo.sha256", "photo.duplicate_of"),
            *("photo.origin.name", "photo.origin.extra"),
        ),
        _ID,
    ),
}
_HIDDEN: Final = frozenset(("place", "crops.shard"))
_POINTS: Final = "is a list of numbers, which has no values to count"
_OTHER: Final = "is of a kind that has no values to count"
_MOST_FOOTERS: Final = 400
_LISTED: Final = (".list.element", ".list.item", ".key_value.key", ".key_value.value")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One column of the faces, or of their photos.

    Attributes:
        name: dotted; `photo.` before those of the photo.
        kind: text, number, flag, texts (a list of them), or other.
        sql: its value in a row of its table; of texts, a list.
        about: what it is, "" where nobody says.
        unit: of a number.
        why: it cannot be counted; "" where it can.
    """

    name: str
    kind: str
    sql: str
    about: str = ""
    unit: str = ""
    why: str = ""

    @property
    def of_photo(self) -> bool:
        """Whether it is a column of the photo."""
        return self.name.startswith(PHOTO)

    @property
    def title(self) -> str:
        """For people."""
        text = words(self.name.replace(".", " "))
        return text[:1].upper() + text[1:]


def leaves(shelves: Sequence[Shelf]) -> dict[str, Leaf]:
    """All columns of some datasets by name; of one name in two, the first is told."""
    found: dict[str, Leaf] = {}
    for shelf in shelves:
        for leaf in (*_of(shelf.files, "", Record), *_of(shelf.photo_files, PHOTO, Photo)):
            found.setdefault(leaf.name, leaf)
    return found


def empty_leaves(shelves: Sequence[Shelf], names: Sequence[str]) -> frozenset[str]:
    """Names of the columns in which no value is stored, as the footers of the parts say.

    Of datasets in more parts than can be looked at, none is called empty.
    """
    if sum(len(shelf.files) for shelf in shelves) > _MOST_FOOTERS:
        return frozenset()
    stored: set[str] = set()
    for shelf in shelves:
        for prefix, files in (("", shelf.files), (PHOTO, shelf.photo_files)):
            for file in files:
                with open_part(file) as part:
                    stored |= {prefix + path for path in _stored(part.metadata, stored, prefix)}
    return frozenset(
        name
        for name in names
        if name not in stored and not any(path.startswith(f"{name}.") for path in stored)
    )


def same_as(attributes: Mapping[str, Attribute], name: str) -> str | None:
    """The attribute that a column is, under another name or its own; None where there is none."""
    if name in attributes:
        return name
    spelt = (name, name.replace('"', ""), sql_name(name))
    return next(
        (
            other
            for other, each in attributes.items()
            if each.measure in spelt or each.expression in spelt
        ),
        None,
    )


def _of(files: Sequence[Path], prefix: str, model: type) -> Iterator[Leaf]:
    if not files:
        return
    with open_part(files[0]) as part:
        schema = part.schema_arrow
    told = _told(arrow_schema(model))
    for field in schema:
        for leaf in _below(field.name, field.type):
            about, unit = told.get(leaf.name, ("", ""))
            name = prefix + leaf.name
            if not _HIDDEN & {name, name.partition(".")[0]}:
                why = _REFUSED.get(name, leaf.why)
                yield replace(leaf, name=name, about=about, unit=unit, why=why)


def _below(name: str, kind: pa.DataType) -> Iterator[Leaf]:
    """Leaves of a column; lists of structs have their texts as leaves, maps their keys."""
    sql = sql_name(name)
    if pa.types.is_struct(kind):
        for field in kind:
            yield from _below(f"{name}.{field.name}", field.type)
    elif pa.types.is_map(kind):
        yield Leaf(name, "texts", f"map_keys({sql})")
    elif kind_of(kind) == "list":
        yield from _of_list(name, kind.value_type)
    else:
        known = kind_of(kind)
        yield Leaf(name, known, sql, why=_OTHER if known == "other" else "")


def _of_list(name: str, entry: pa.DataType) -> Iterator[Leaf]:
    sql = sql_name(name)
    if pa.types.is_struct(entry):
        for field in entry:
            if kind_of(field.type) == "text":
                own = sql_name(field.name)
                yield Leaf(f"{name}.{field.name}", "texts", f"[x.{own} FOR x IN {sql}]")
    elif kind_of(entry) == "text":
        yield Leaf(name, "texts", sql)
    else:
        yield Leaf(name, "other", sql, why=_POINTS)


def _told(schema: pa.Schema) -> dict[str, tuple[str, str]]:
    """Description and unit of each dotted field."""
    found: dict[str, tuple[str, str]] = {}

    def walk(prefix: str, fields: Iterator[pa.Field]) -> None:
        """Note these fields and all below them."""
        for field in fields:
            name = f"{prefix}{field.name}"
            meta = field.metadata or {}
            about, unit = (meta.get(key, b"").decode() for key in (b"description", b"unit"))
            found[name] = (about, "of 1" if unit == "0-1" else unit)
            if pa.types.is_struct(field.type):
                walk(f"{name}.", iter(field.type))

    walk("", iter(schema))
    return found


def _stored(told: pq.FileMetaData, known: set[str], prefix: str) -> Iterator[str]:
    """Dotted names of a part's columns that hold a value."""
    for number in range(told.num_columns):
        path = told.schema.column(number).path
        for middle in _LISTED:
            path = path.replace(middle, "")
        if prefix + path not in known and any(
            _holds(told.row_group(group).column(number)) for group in range(told.num_row_groups)
        ):
            yield path


def _holds(chunk: pq.ColumnChunkMetaData) -> bool:
    statistics = chunk.statistics
    return (
        statistics is None
        or not statistics.has_null_count
        or bool(statistics.null_count < chunk.num_values)
    )
