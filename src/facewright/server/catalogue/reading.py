"""Columns of a dataset's Parquet parts as codes and numbers: one pass of DuckDB, nothing kept wide.

Classes are turned into small codes inside of the query, so that no text is made a face; a value
that its attribute does not expect is rare, and only then is the column read again as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facewright.attributes.attribute import UNKNOWN, Attribute
from facewright.attributes.columns import generic, leaves_of, spread_of, spread_sql
from facewright.attributes.known import ATTRIBUTES
from facewright.record import Record
from facewright.server.catalogue.columns import Column, Floats, is_binned, narrowest
from facewright.server.catalogue.opening import listed
from facewright.store.database import connect

_UNKNOWN: Final = 255
_UNEXPECTED: Final = 254
_MOST_CODED: Final = 200
"""Levels up to which a query gives codes."""
_COUNTABLE: Final = ("text", "number", "flag")
_NOT_SHOWN: Final = ("truth.blendshapes.", "truth.ordered")
_MOST_OWN: Final = 64
"""Columns of the user's that are read as attributes."""

Rows = NDArray[np.int64]


class PartsReader:
    """Parquet parts of one kind, read in their order.

    Args:
        files: parts; at least one.
        alias: how expressions call the row: `photo` for photos.
        schema: of the first part.
    """

    def __init__(self, files: Sequence[Path], alias: str, schema: pa.Schema) -> None:
        self._source = (
            f"read_parquet([{listed(files)}], filename = true, file_row_number = true) AS {alias}"
        )
        self._schema = schema
        self._prefix = "photo." if alias == "photo" else ""
        self.leaves = {f"{self._prefix}{name}": kind for name, kind in leaves_of(schema)}

    def read(self, columns: Mapping[str, str]) -> pa.Table:
        """SQL expressions of all rows by the names that they get; rows in file order."""
        listing = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
        with connect() as db:
            return db.sql(f"SELECT {listing} FROM {self._source}").to_arrow_table()  # noqa: S608

    def has(self, attribute: Attribute) -> bool:
        """Whether the columns that an attribute needs are there."""
        return all(
            leaf in self.leaves and wanted in ("any", self.leaves[leaf])
            for leaf, wanted in attribute.needs.items()
        )

    def own(self) -> list[Attribute]:
        """Attributes of columns that the Record does not know."""
        ours = {*Record.model_fields, "photo"}
        rest = {
            leaf: kind
            for leaf, kind in self.leaves.items()
            if kind in _COUNTABLE
            and leaf.split(".")[0] not in ours
            and not leaf.startswith(_NOT_SHOWN)
        }
        rest = dict(list(rest.items())[:_MOST_OWN])
        numbers = [leaf for leaf, kind in rest.items() if kind == "number"]
        found = self.read({leaf: spread_sql(leaf) for leaf in numbers}) if numbers else None
        spreads = {
            leaf: spread_of(found.column(leaf)[0].as_py()) for leaf in numbers if found is not None
        }
        return [generic(leaf, kind, spreads.get(leaf)) for leaf, kind in rest.items()]


def attributes_of(faces: PartsReader) -> list[Attribute]:
    """Attributes of the faces' own columns: those of the Record, then the user's."""
    known = [each for each in ATTRIBUTES if not each.of_photo and faces.has(each)]
    return known + faces.own()


def queries(attributes: Sequence[Attribute]) -> dict[str, str]:
    """SQL of what is read of some attributes: codes or texts, and numbers."""
    columns = {}
    for each in attributes:
        columns[f"code {each.name}"] = _code_sql(each) or f"({each.expression})::VARCHAR"
        if each.measure is not None:
            columns[f"number {each.name}"] = f"({each.measure})::FLOAT"
    return columns


def columns_from(
    reader: PartsReader, attributes: Sequence[Attribute], table: pa.Table, rows: Rows
) -> dict[str, Column]:
    """Columns of the rows that are shown; of photos, `rows` may be -1: nothing is known.

    Args:
        reader: that read the table.
        attributes: whose `queries` it answered.
        table: one row a row of the parts.
        rows: (N,) rows of the table.
    """
    found = {}
    for each in attributes:
        raw = table.column(f"code {each.name}")
        if _code_sql(each) is None:
            column = _from_texts(each, raw, rows)
        else:
            codes = raw.to_numpy()
            if (codes == _UNEXPECTED).any():
                again = reader.read({"text": f"({each.expression})::VARCHAR"})
                column = _from_texts(each, again.column(0), rows)
            else:
                column = _from_codes(each, codes, rows)
        if each.measure is not None:
            numbers = taken(table.column(f"number {each.name}"), rows)
            column = Column(each, column.levels, column.codes, numbers)
        found[each.name] = column
    return found


def taken(column: pa.ChunkedArray, rows: Rows) -> Floats:
    """(N,) float32 of some rows; NaN where there is none."""
    values = column.to_numpy().astype(np.float32, copy=False)
    values = np.where(np.isfinite(values), values, np.float32(np.nan))
    return _take(values, rows, np.float32(np.nan))


def _code_sql(attribute: Attribute) -> str | None:
    """SQL of a level's number; None where levels are not known beforehand."""
    levels = attribute.levels
    if not levels or len(levels) > _MOST_CODED:
        return None
    cases = " ".join(
        "WHEN '" + key.replace("'", "''") + f"' THEN {code}" for code, key in enumerate(levels)
    )
    return (
        f"CASE coalesce(({attribute.expression})::VARCHAR, '{UNKNOWN}') {cases}"
        f" WHEN '{UNKNOWN}' THEN {_UNKNOWN} ELSE {_UNEXPECTED} END::UTINYINT"
    )


def _from_codes(attribute: Attribute, codes: NDArray[np.uint8], rows: Rows) -> Column:
    levels = tuple(attribute.levels or ())
    lookup = np.full(256, len(levels), np.uint8)
    lookup[: len(levels)] = np.arange(len(levels))
    return Column(attribute, levels, _take(lookup[codes], rows, len(levels)))


def _from_texts(attribute: Attribute, column: pa.ChunkedArray, rows: Rows) -> Column:
    """Levels are the attribute's own, then what else there is; the most frequent first."""
    encoded = column.combine_chunks().dictionary_encode()
    texts: list[str] = encoded.dictionary.to_pylist()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    codes = _take(codes, rows, -1)
    own = tuple(attribute.levels or ())
    often = np.bincount(codes[codes >= 0], minlength=len(texts))
    order = sorted(range(len(texts)), key=lambda n: (-often[n], texts[n]))
    if is_binned(own):
        order = sorted(order, key=lambda n: texts[n])
    rest = (texts[n] for n in order if often[n] and texts[n] != UNKNOWN)
    levels = tuple(dict.fromkeys((*own, *rest)))
    index: dict[Any, int] = {key: code for code, key in enumerate(levels)}
    kind = narrowest(len(levels))
    lookup = np.array([*(index.get(text, len(levels)) for text in texts), len(levels)], kind)
    return Column(attribute, levels, lookup[codes])


def _take(values: NDArray[Any], rows: Rows, missing: Any) -> NDArray[Any]:
    """Values at some rows; `missing` where the row is -1. All rows in order are not copied."""
    if len(rows) == len(values) and (len(rows) == 0 or rows[0] == 0) and _is_range(rows):
        return values
    if not len(values):
        return np.full(len(rows), missing, values.dtype)
    out = values[rows]
    if len(rows) and rows.min() < 0:
        out[rows < 0] = missing
    return out


def _is_range(rows: Rows) -> bool:
    return bool((np.diff(rows) == 1).all())
