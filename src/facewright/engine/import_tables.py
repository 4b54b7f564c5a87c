"""Tables of an import: rows of the layout, and of the sidecar where an export left one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

import pyarrow as pa

from facewright.align.base import CropSpec
from facewright.engine.import_rows import ImportRows
from facewright.engine.shards import EncodedCrop
from facewright.layouts.seam.sidecar import without_names
from facewright.record import Face, Photo, Record
from facewright.schema import arrow_schema, to_table

_DESCRIBED = tuple(
    name for name in Record.model_fields if name not in Face.model_fields and name != "null_reasons"
)
"""Fields that a layout may state, or not."""
UNSOUND = (pa.ArrowException, TypeError, ValueError, OverflowError)
"""What Arrow raises for a value that does not fit."""


def drop_unsound(rows: ImportRows, layout: str) -> None:
    """Exclude photos of whose faces a value does not fit the Record: a text for a number, 6e99."""
    try:
        _table_of_faces(rows.faces, layout)
    except UNSOUND:
        bad = {
            face["photo_id"]: problem
            for face in rows.faces
            if (problem := _misfit(face)) is not None
        }
        for photo in rows.photos:
            if photo["photo_id"] in bad:
                detail = f"{photo['key']}: {bad[photo['photo_id']]}"
                excluded = {"status": "excluded", "reason": "bad_entry", "detail": detail}
                photo |= {**excluded, "faces": 0}
        good = [n for n, face in enumerate(rows.faces) if face["photo_id"] not in bad]
        rows.faces = [rows.faces[n] for n in good]
        rows.names = [rows.names[n] for n in good]
        rows.crops = [rows.crops[n] for n in good]
        rows.pictures = [rows.pictures[n] for n in good]


def _misfit(face: dict[str, Any]) -> str | None:
    """Which value of a face does not fit, if one does not."""
    for name, value in face.items():
        try:
            to_table(Record, {name: [value]}, 1)
        except UNSOUND:
            return f"{name} cannot be {value!r}"
    return None


def faces_table(
    rows: ImportRows, layout: str, kept_rows: pa.Table | None, kept_crop: str | None
) -> pa.Table:
    """The faces' rows: from the sidecar where it has them, else from the layout.

    Args:
        rows: of the layout; crops whose alignment the sidecar knows are told it.
        layout: name of the layout.
        kept_rows: rows of the sidecar for these faces, with their names.
        kept_crop: which of their crops the pictures are.
    """
    own = _table_of_faces(rows.faces, layout)
    if kept_rows is None:
        return own
    names = kept_rows.column("layout_name").to_pylist()
    at = {name: row for row, name in enumerate(names)}
    kept = _completed(without_names(kept_rows), own.schema)
    for name in ("origin", "kept", "reasons"):  # the picture may have been lost since
        kept = kept.set_column(*_column(own, name, kept, at, rows))
    order = [at[name] if name in at else len(names) + n for n, name in enumerate(rows.names)]
    for n, name in enumerate(rows.names):
        if name in at:
            _place_again(rows.crops[n], kept.column("crops")[at[name]].as_py(), kept_crop)
    return pa.concat_tables([kept, own]).take(pa.array(order, pa.int64()))


def sound_faces_table(
    rows: ImportRows, layout: str, kept_rows: pa.Table | None, kept_crop: str | None
) -> pa.Table:
    """The same of rows that are as the layout says: photos whose faces do not fit are excluded."""
    try:
        return faces_table(rows, layout, kept_rows, kept_crop)
    except UNSOUND:
        drop_unsound(rows, layout)
        return faces_table(rows, layout, kept_rows, kept_crop)


def _completed(kept: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows of a sidecar with all columns of today; those that it was written without are null."""
    every = pa.concat_tables([schema.empty_table(), kept], promote_options="permissive")
    return every.select(schema.names).cast(schema)


def _column(
    own: pa.Table, name: str, kept: pa.Table, at: dict[str, int], rows: ImportRows
) -> tuple[int, pa.Field, pa.Array]:
    """A column of the sidecar's rows with the values that the layout's rows have now."""
    row_of = {face: n for n, face in enumerate(rows.names)}
    order = [row_of.get(face) for face in at]
    index = kept.schema.get_field_index(name)
    return index, kept.schema.field(index), own.column(name).take(pa.array(order, pa.int64()))


def _place_again(crops: list[EncodedCrop], kept: list[dict[str, Any]], wanted: str | None) -> None:
    """Give imported pictures the alignment and place that their export knew.

    Layouts with several crops a face tell them by alignment; of others, the first is the one
    that was exported.
    """
    for n, new in enumerate(crops):
        same = [old for old in kept if old["alignment"] == new.spec.alignment]
        same.sort(key=lambda old: old["size"] != new.spec.size)
        if not same and n == 0:
            same = [
                old
                for old in kept
                if wanted in (None, old["alignment"], f"{old['alignment']}:{old['size']}")
            ]
        if same:
            old = same[0]
            spec = CropSpec(old["alignment"], new.spec.size)
            crops[n] = replace(new, spec=spec, outside=old["outside"], quad=old["quad"])


def _table_of_faces(faces: Sequence[dict[str, Any]], layout: str) -> pa.Table:
    columns = _columns(faces)
    given = columns.pop("null_reasons", [None] * len(faces))
    reasons = _null_reasons(columns, given, f"the layout {layout} does not state it")
    return to_table(Record, {**columns, "null_reasons": reasons}, len(faces))


def _columns(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows turned into columns, sorted by name; None where a row has no such value."""
    names = sorted(set[str]().union(*rows))
    if all(len(row) == len(names) for row in rows):
        return {name: list(map(itemgetter(name), rows)) for name in names}
    return {name: [row.get(name) for row in rows] for name in names}


def _null_reasons(
    columns: Mapping[str, list[Any]], given: Sequence[Mapping[str, str] | None], silent: str
) -> pa.Array:
    """Why the fields that the layout does not state are null.

    Few sets of reasons differ among the faces of one layout: each is made once.

    Args:
        columns: what is stated.
        given: reasons that the layout gives itself, a face; the key "all" is for all other fields.
        silent: the reason where it gives none.
    """
    stated = [[value is not None for value in column] for column in columns.values()]
    kinds: dict[tuple[tuple[bool, ...], tuple[tuple[str, str], ...]], int] = {}
    rows = [
        kinds.setdefault((flags, tuple((own or {}).items())), len(kinds))
        for flags, own in zip(zip(*stated, strict=True), given, strict=True)
    ]
    reasons = []
    for flags, own in kinds:
        fields = {leaf.split(".")[0] for leaf, flag in zip(columns, flags, strict=True) if flag}
        said = dict(own)
        rest = said.pop("all", silent)
        reasons.append({name: rest for name in _DESCRIBED if name not in fields} | said)
    return pa.array(reasons, pa.map_(pa.string(), pa.string())).take(pa.array(rows, pa.int64()))


def photos_table(rows: ImportRows, kept_rows: pa.Table | None) -> pa.Table:
    """The photos' rows: from the sidecar where it has them, else from the layout."""
    if not rows.photos:
        return arrow_schema(Photo).empty_table()
    own = to_table(Photo, _columns(rows.photos), len(rows.photos))
    if kept_rows is None:
        return own
    at = {name: n for n, name in enumerate(kept_rows.column("photo_id").to_pylist())}
    kept = _completed(kept_rows, own.schema)
    order = [
        at.get(photo["photo_id"], len(at) + n) if photo["status"] == "used" else len(at) + n
        for n, photo in enumerate(rows.photos)
    ]
    return pa.concat_tables([kept, own]).take(pa.array(order, pa.int64()))
