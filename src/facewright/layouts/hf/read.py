"""Faces in Parquet files as Hugging Face datasets have them.

A picture is a struct of `bytes` and `path`, plain bytes, or a list of such; `image` counts before
others. A row of ours is a Record and is checked as one; anybody else's row gives what fits and
keeps the rest in `extra`: see `faces_read`. NaN is null, as pandas writes it.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from facewright.errors import LayoutError
from facewright.layouts.common.faces_read import Described, Photos, ReadFace, describe
from facewright.layouts.seam.items import BytesPicture, FilePicture, PhotoItem
from facewright.layouts.seam.sidecar import FOLDER
from facewright.layouts.seam.tree import Tree
from facewright.record import Record
from facewright.schema import arrow_schema
from facewright.sources.base import Entry, SourceReason, escapes, printable
from facewright.sources.folder import FolderSource
from facewright.store.jsonrecord import record_rows

_FIRST: Final = ("image", "img", "picture", "jpg", "png", "webp")
_BATCH: Final = 32
_BUFFER: Final = 4 << 20
"""Of a row group, which may hold gigabytes of pictures, this much is read at once."""
_LONG: Final = ("mesh", "embedding")
_IDS: Final = ("face_id", "photo_id")


def parquet_names(tree: Tree) -> list[str]:
    """Paths of the Parquet files, those of a sidecar left out."""
    return [n for n in tree.names if n.endswith(".parquet") and not n.startswith(FOLDER)]


def read_parquet(tree: Tree) -> Iterator[PhotoItem]:
    """Photos of all files; one with several faces comes once its last face is read.

    Raises:
        LayoutError: a file cannot be read or has no column of pictures; names it.
    """
    files = [_File.open(tree, name) for name in parquet_names(tree)]
    if not files:
        raise LayoutError(f"{tree.path} has no Parquet file")
    awaited: dict[str, int] = {}
    for file in files:
        for photo_id in file.photo_ids():
            awaited[photo_id] = awaited.get(photo_id, 0) + 1
    photos = Photos()
    held: dict[str, list[ReadFace]] = {}
    for file in files:
        for shared, face in file.faces(tree):
            if shared is None:
                yield from photos.items([face])
                continue
            group = held.setdefault(shared, [])
            group.append(face)
            if len(group) == awaited[shared]:
                yield from photos.items(held.pop(shared))


@dataclass(frozen=True, slots=True)
class _File:
    """One Parquet file.

    Attributes:
        name: its path in the layout.
        place: path of the file, or its bytes where it lies in an archive.
        schema: of its rows.
        column: of pictures that is taken.
        others: further columns of pictures.
    """

    name: str
    place: Path | bytes
    schema: pa.Schema
    column: str
    others: tuple[str, ...]

    @classmethod
    def open(cls, tree: Tree, name: str) -> _File:
        """Open a Parquet file and find its columns."""
        entry = next(entry for entry in tree.entries if entry.key == name)
        source = tree.source
        file = source.root / entry.locator if isinstance(source, FolderSource) else None
        place = tree.read(name) if file is None else file
        try:
            schema = pq.read_schema(_opened(place))
        except (OSError, pa.ArrowException) as error:
            raise LayoutError(f"cannot read {name} in {tree.path}: {_line(error)}") from error
        able = [field.name for field in schema if _holds_pictures(field)]
        if not able:
            raise LayoutError(
                f"{name} in {tree.path} has no column of pictures (a struct of bytes and path);"
                f" it has: {', '.join(schema.names)}"
            )
        column: str = next((first for first in _FIRST if first in able), able[0])
        return cls(name, place, schema, column, tuple(n for n in able if n != column))

    @property
    def is_ours(self) -> bool:
        """Whether its rows are Records: both ids are there, as text."""
        return all(
            name in self.schema.names and pa.types.is_string(self.schema.field(name).type)
            for name in _IDS
        )

    def photo_ids(self) -> list[str]:
        """Photo id of each row whose photo may have other rows."""
        if not self.is_ours:
            return []
        return [row["photo_id"] for _, row in self._rows(list(_IDS)) if _has_ids(row)]

    def faces(self, tree: Tree) -> Iterator[tuple[str | None, ReadFace]]:
        """Each picture with the photo id that its row is counted under."""
        columns = [name for name in self.schema.names if name not in self.others]
        for number, row in self._rows(columns):
            name = f"{self.name}#{number}"
            cell = row.pop(self.column)
            said = self._said(name, row)
            photo_id = row["photo_id"] if self.is_ours and _has_ids(row) else None
            several = isinstance(cell, list)
            for place, one in enumerate(cell if several else [cell]):
                where = f"{name}/{place}" if several else name
                picture = _picture(tree, where, one)
                fallback = PurePosixPath(self.name).stem + where.removeprefix(self.name)
                yield photo_id, ReadFace(where, _id(one) or fallback, picture, said)
                if photo_id is not None:
                    break

    def _said(self, name: str, row: Mapping[str, Any]) -> Described | str:
        data = {key: value for key, value in row.items() if value is not None}
        if isinstance(data.get("null_reasons"), list):
            data["null_reasons"] = {r["field"]: r["reason"] for r in data["null_reasons"]}
        if self.others:
            data["other_pictures"] = list(self.others)
        try:
            return describe(data)
        except (ValueError, KeyError) as error:
            return f"{name}: {error}"

    def _rows(self, columns: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
        number = 0
        try:
            with pq.ParquetFile(_opened(self.place), buffer_size=_BUFFER) as file:
                for batch in file.iter_batches(_BATCH, columns=columns, use_threads=False):
                    for row in self._plain(batch):
                        yield number, row
                        number += 1
        except (OSError, pa.ArrowException) as error:
            raise LayoutError(f"{self.name} breaks off at row {number}: {_line(error)}") from error

    def _arrays(self, table: pa.Table) -> dict[str, list[Any]]:
        """Cells of the long columns of ours: too many numbers for Python, and never rounded."""
        ours = arrow_schema(Record)
        names = [name for name in _LONG if self.is_ours and name in table.column_names]
        return {
            name: _lists(table.column(name))
            for name in names
            if self.schema.field(name).type == ours.field(name).type
        }

    def _plain(self, batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
        """Rows as plain data; those of ours with the decimals that the definition keeps."""
        table = pa.Table.from_batches([batch])
        arrays = self._arrays(table)
        kept = [name for name in table.column_names if name not in (self.column, *arrays)]
        known = [name for name in kept if self.is_ours and name in Record.model_fields]
        others = [name for name in kept if name not in known]
        pictures = (
            table.column(self.column).to_pylist() if self.column in batch.schema.names else []
        )
        rows = record_rows(table.select(known), Record) if known else [{}] * len(table)
        rest = table.select(others).to_pylist(maps_as_pydicts="lossy") if others else rows
        for number, (row, more) in enumerate(zip(rows, rest, strict=True)):
            found = {**{key: _json(value) for key, value in more.items()}, **row}
            found |= {name: cells[number] for name, cells in arrays.items()}
            yield {**found, self.column: pictures[number]} if pictures else found


def _lists(column: pa.ChunkedArray) -> list[Any]:
    """Cells of a column of fixed-size lists, null or nested lists of floats, not rounded."""
    whole = column.combine_chunks()
    valid = whole.is_valid().to_numpy(zero_copy_only=False)
    shape = [int(valid.sum())]
    while pa.types.is_fixed_size_list(whole.type):
        shape.append(whole.type.list_size)
        whole = whole.flatten()
    numbers = whole.to_numpy(zero_copy_only=False).astype(np.float64).reshape(shape)
    cells = iter(numbers.tolist())
    return [next(cells) if present else None for present in valid]


def _opened(place: Path | bytes) -> Path | io.BytesIO:
    return io.BytesIO(place) if isinstance(place, bytes) else place


def _holds_pictures(field: pa.Field) -> bool:
    kind = field.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        kind = kind.value_type
    if pa.types.is_struct(kind):
        return any(inner.name == "bytes" and _is_bytes(inner.type) for inner in kind)
    return _is_bytes(kind)


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _has_ids(row: Mapping[str, Any]) -> bool:
    return all(row.get(name) is not None for name in _IDS)


def _picture(tree: Tree, name: str, cell: Any) -> FilePicture | BytesPicture:
    """The cell's bytes; else the file that its path names inside of the layout."""
    data = cell.get("bytes") if isinstance(cell, dict) else cell
    path = (cell.get("path") or "") if isinstance(cell, dict) else ""
    if data is not None:
        return BytesPicture(name, data)
    if path and path in tree:
        return tree.picture(path)
    reason = SourceReason.ESCAPES if path and escapes(path) else SourceReason.MISSING
    detail = f"{name} has no bytes" + (f", and its path is {printable(path)}" if path else "")
    return FilePicture(tree.source, Entry(name, "", problem=reason, problem_detail=detail))


def _id(cell: Any) -> str | None:
    """Id for the photo from the picture's own file name, where the cell has one."""
    path = cell.get("path") if isinstance(cell, dict) else None
    stem = PurePosixPath(path.replace("\\", "/")).stem if path else ""
    return printable(stem) or None


def _json(value: Any) -> Any:
    """A cell as JSON data: what JSON cannot say is written as text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return {"bytes": len(value)}
    return value if value is None or isinstance(value, str | int) else str(value)


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
