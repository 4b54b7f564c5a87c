"""Read what rules need from any table of faces, in one query."""

from __future__ import annotations

from collections.abc import Iterable

from facewright.attributes.columns import sql_name
from facewright.attributes.face_table import FaceTable
from facewright.rules.columns import FaceColumns, Read

_PHOTO = "photo."


def read_columns(table: FaceTable, reads: Iterable[Read]) -> FaceColumns:
    """Columns of all faces of a table, in its order; those that it has.

    Raises:
        UsageError: DuckDB cannot read a value that is made from a column.
    """
    there = _names(table)
    wanted = [read for read in dict.fromkeys(reads) if read.leaf in there]
    columns = ", ".join(f"{_sql(read)} AS c{n}" for n, read in enumerate(wanted))
    joined = any(read.leaf.startswith(_PHOTO) for read in wanted)
    source = "faces LEFT JOIN photos AS photo USING (photo_id)" if joined else "faces"
    found = table.query(f"SELECT {columns or 'NULL'} FROM {source} ORDER BY place")  # noqa: S608 - own names
    return FaceColumns(found, wanted, there)


def _names(table: FaceTable) -> set[str]:
    """Dotted leaves, and every name on the way to them."""
    names = set(table.leaves)
    for leaf in table.leaves:
        parts = leaf.split(".")
        names |= {".".join(parts[:n]) for n in range(1, len(parts))}
    return names - {"photo"}


def _sql(read: Read) -> str:
    return read.made or sql_name(read.leaf)
