"""Columns of the Record for conditions: read when first named, kept while there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from facewright.attributes.columns import sql_name
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.columns import Column
from facewright.server.catalogue.opening import listed
from facewright.server.catalogue.shelf import Shelf
from facewright.store.database import connect
from facewright.store.tables import HEAVY, open_part

_ROOM: Final = 256 * 1024 * 1024
_HIDDEN: Final = frozenset((*HEAVY, "crops", "truth", "place"))
"""Not for conditions: long, or only about where things lie."""


class RecordColumns:
    """Arrow columns by dataset and name, the last used ones.

    Args:
        room: bytes of columns kept; one that is larger is kept alone.
    """

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._held: OrderedDict[tuple[str, str], pa.ChunkedArray] = OrderedDict()
        self._lock = threading.Lock()

    def table(self, catalogue: Catalogue, names: tuple[str, ...]) -> pa.Table:
        """Columns of all faces, one row a face; names that nothing has are left out.

        Args:
            catalogue: whose faces. An attribute stands under its name where the Record has no
                column of that name, and where it is such a column itself, so that audited labels
                count.
            names: top-level columns of the Record, attributes, and `photo.` leaves.
        """
        own: dict[str, Any] = {"": pa.nulls(len(catalogue), pa.int8())}
        photo: dict[str, Any] = {}
        for name in names:
            if name.startswith("photo."):
                found = self._of_all(catalogue, name)
                if found is not None:
                    photo[name.removeprefix("photo.")] = found
                continue
            column = catalogue.columns.get(name)
            plain = column is not None and column.attribute.expression == name
            found = None if plain else self._of_all(catalogue, name)
            if found is None and column is not None:
                found = arrow_of(column)
            if found is not None:
                own[name] = found
        if photo:
            arrays = [column.combine_chunks() for column in photo.values()]
            own["photo"] = pa.StructArray.from_arrays(arrays, names=list(photo))
        return pa.table(own)

    def _of_all(self, catalogue: Catalogue, name: str) -> pa.ChunkedArray | None:
        """One column of all datasets; None where none of them has it."""
        tables = []
        for shelf in catalogue.shelves:
            column = self._of(shelf, name)
            none = {"": pa.nulls(len(shelf), pa.int8())}
            tables.append(pa.table(none if column is None else {name: column}))
        if not any(name in table.column_names for table in tables):
            return None
        return pa.concat_tables(tables, promote_options="permissive").column(name)

    def _of(self, shelf: Shelf, name: str) -> pa.ChunkedArray | None:
        key = (shelf.signature, name)
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        column = _read(shelf, name)
        if column is not None:
            with self._lock:
                self._held[key] = column
                while (
                    len(self._held) > 1 and sum(c.nbytes for c in self._held.values()) > self._room
                ):
                    self._held.popitem(last=False)
        return column

    def _used(self) -> int:
        return sum(column.nbytes for column in self._held.values())


def arrow_of(column: Column) -> pa.Array:
    """An attribute as Arrow: its number, or the keys of its levels; null where not known."""
    if column.numbers is not None and column.kind != "class":
        return pa.array(column.numbers, mask=np.isnan(column.numbers))
    codes = column.codes.astype(np.int32)
    coded = pa.array(codes, mask=codes == len(column.levels))
    return pa.DictionaryArray.from_arrays(coded, pa.array(column.levels, pa.string()))


def _read(shelf: Shelf, name: str) -> pa.ChunkedArray | None:
    """A column of the faces that a dataset shows; None where it has none of this name."""
    of_photo = name.startswith("photo.")
    files = shelf.photo_files if of_photo else shelf.files
    leaf = name.removeprefix("photo.")
    if not files or leaf in _HIDDEN or leaf not in _names(files[0]):
        return None
    with connect() as db:
        sql = f"SELECT {sql_name(leaf)} AS x FROM read_parquet([{listed(files)}])"  # noqa: S608
        column = db.sql(sql).to_arrow_table().column(0)
    if of_photo:
        rows = shelf.photo_rows
        return column.take(pa.array(rows, mask=rows < 0))
    return column if len(column) == len(shelf) else column.take(pa.array(shelf.rows))


def _names(file: Path) -> list[str]:
    with open_part(file) as part:
        names: list[str] = part.schema_arrow.names
        return names
