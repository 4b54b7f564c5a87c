"""Photos in a column of a Parquet file: plain bytes, or Hugging Face's struct of bytes and path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from facewright.errors import PhotoError, SourceError, UsageError
from facewright.limits import Limits
from facewright.sources.base import FIELDS, Entry, SourceReason, described, raise_problem
from facewright.sources.files import check_size

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES: Final = ("image", "image_bytes", "bytes", "jpg", "jpeg", "png", "webp", "content", "data")
_BATCH_ROWS: Final = 16
_BUFFER: Final = 1 << 20
_LIST_ROWS: Final = 65_536
_BROKEN: Final = (OSError, pa.ArrowException)


@dataclass
class ParquetSource:
    """The rows of a Parquet file, in order; the key is the row number.

    Reading in order costs one pass a row group with some rows in memory; reading backwards
    starts the group again. Not for several threads at once: give each its copy.

    Attributes:
        path: the file.
        column: of the picture's bytes; chosen by name and type where not given.
    """

    path: Path
    column: str = ""
    _cursor: _Cursor | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def ignored(self) -> int:
        """All rows are listed."""
        return 0

    def describe(self) -> str:
        """Say what this is, for people."""
        return f"Parquet file {self.path}, column {self.column or '?'}"

    def entries(self) -> Iterator[Entry]:
        """List the rows with what their columns say: see `FIELDS` for the names.

        Raises:
            SourceError: the file cannot be read.
        """
        columns = [name for names in FIELDS.values() for name in names]
        row = 0
        try:
            with pq.ParquetFile(self.path) as file:
                flat = [name for name in columns if name in file.schema_arrow.names]
                for group in range(file.num_row_groups):
                    start = row
                    for cells in _rows(file, group, flat):
                        yield described(str(row), f"{group}:{row - start}", cells)
                        row += 1
        except _BROKEN as error:
            raise SourceError(f"cannot read the Parquet file {self.path}: {error}") from error

    def read(self, entry: Entry, limits: Limits) -> bytes:
        """Read the bytes in one row.

        Raises:
            PhotoError: missing (the cell is null), too_large_file or unreadable.
        """
        raise_problem(entry)
        group, row = (int(number) for number in entry.locator.split(":"))
        try:
            cell = self._at(group).cell(row)
        except _BROKEN as error:
            self._cursor = None
            raise PhotoError(SourceReason.UNREADABLE, f"the Parquet file: {error}") from error
        if cell is None:
            raise PhotoError(SourceReason.MISSING, f"the cell of column {self.column} is null")
        check_size(len(cell), limits)
        return cell

    def _at(self, group: int) -> _Cursor:
        if self._cursor is None or self._cursor.group != group:
            self._cursor = _Cursor(self.path, self.column, group)
        return self._cursor

    def __getstate__(self) -> dict[str, Any]:
        """Travel without the open file."""
        return {"path": self.path, "column": self.column, "_cursor": None}


class _Cursor:
    """A place in one row group's column, moving forwards a few rows at a time."""

    def __init__(self, path: Path, column: str, group: int) -> None:
        self.group = group
        self._file = pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)
        self._column = column
        self._rewind()

    def _rewind(self) -> None:
        self._batches = self._file.iter_batches(
            _BATCH_ROWS, row_groups=[self.group], columns=[self._column], use_threads=False
        )
        self._first, self._cells = 0, pa.array([], pa.binary())

    def cell(self, row: int) -> bytes | None:
        """Bytes of the picture in a row; None where the cell is null."""
        if row < self._first:
            self._rewind()
        while row >= self._first + len(self._cells):
            self._first += len(self._cells)
            batch = next(self._batches, None)
            if batch is None:
                raise pa.ArrowInvalid(f"row group {self.group} ends before row {row}")
            self._cells = _bytes_of(batch.column(0))
        value: bytes | None = self._cells[row - self._first].as_py()
        return value


def open_parquet(path: Path, head: bytes) -> ParquetSource | None:
    """Take a Parquet file and choose its column of pictures.

    Raises:
        SourceError: the file cannot be read.
        UsageError: no column, or several, could be meant.
    """
    if not head.startswith(b"PAR1"):
        return None
    try:
        schema = pq.read_schema(path)
    except _BROKEN as error:
        raise SourceError(f"cannot read the Parquet file {path}: {error}") from error
    return ParquetSource(path, _choose(path, schema))


def _choose(path: Path, schema: pa.Schema) -> str:
    able = [item.name for item in schema if _holds_bytes(item.type)]
    named = [name for name in _NAMES if name in able]
    if named:
        return named[0]
    if len(able) == 1:
        return str(able[0])
    found = ", ".join(able) or "none"
    raise UsageError(
        f"{path} needs one column of picture bytes, best named 'image'; found: {found}"
    )


def _holds_bytes(kind: pa.DataType) -> bool:
    if pa.types.is_struct(kind):
        return any(item.name == "bytes" and _holds_bytes(item.type) for item in kind)
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _bytes_of(column: pa.Array) -> pa.Array:
    return pc.struct_field(column, "bytes") if pa.types.is_struct(column.type) else column


def _rows(file: pq.ParquetFile, group: int, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    if not columns:
        yield from ({} for _ in range(file.metadata.row_group(group).num_rows))
        return
    for batch in file.iter_batches(_LIST_ROWS, row_groups=[group], columns=list(columns)):
        yield from batch.to_pylist()
