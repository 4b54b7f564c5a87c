"""Photos named by a list: a text, CSV or JSON Lines file.

- Text (.txt, .lst): one path a line; empty lines are skipped.
- CSV (.csv): a header with a column `path`, and any of id, author, licence (or license),
  licence_url (or license_url), source_url (or url); other columns are passed over.
- JSON Lines (.jsonl, .ndjson): an object a line with the same names, or a string.
Relative paths start at the list's own folder. UTF-8, with or without a byte-order mark. A line
that cannot be read becomes an entry with the problem `bad_line`. A path named twice is listed
twice (`a.jpg`, `a.jpg#2`): the run marks the second as a duplicate.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from facewright.errors import SourceError, UsageError
from facewright.limits import Limits
from facewright.sources.base import (
    Entry,
    SourceReason,
    UniqueKeys,
    described,
    posix_key,
    raise_problem,
)
from facewright.sources.files import file_size, read_regular_file

Row = Mapping[str, object] | str
"""What a line says, or (a string) why it cannot be read."""

_PATH = "path"


@dataclass
class ListSource:
    """The photos that a list names, in its order, whatever their extensions.

    Attributes:
        path: the list.
    """

    path: Path

    @property
    def ignored(self) -> int:
        """A list names all that it means: nothing is passed over."""
        return 0

    def describe(self) -> str:
        """Say what this is, for people."""
        return f"list {self.path}"

    def entries(self) -> Iterator[Entry]:
        """List the photos in the order of the lines.

        Raises:
            SourceError: the list cannot be read.
            UsageError: a CSV without a column `path`.
        """
        unique, folder = UniqueKeys(), self.path.parent
        try:
            with self.path.open(
                encoding="utf-8-sig", errors="surrogateescape", newline=""
            ) as lines:
                for number, row in _READERS[self.path.suffix.lower()](lines):
                    entry = _entry(number, row)
                    size = None if entry.problem else file_size(folder / entry.locator)
                    yield replace(_with_key(entry, unique(entry.key)), size=size)
        except OSError as error:
            raise SourceError(f"cannot read the list {self.path}: {error.strerror}") from error

    def read(self, entry: Entry, limits: Limits) -> bytes:
        """Read the file of one photo.

        Raises:
            PhotoError: missing, unreadable, not_a_file, link_loop, bad_line, too_large_file.
        """
        raise_problem(entry)
        return read_regular_file(self.path.parent / entry.locator, limits)


def open_list(path: Path, head: bytes) -> ListSource | None:
    """Take a .txt, .lst, .csv, .jsonl or .ndjson file that is no picture and no archive."""
    is_text = b"\0" not in head
    return ListSource(path) if is_text and path.suffix.lower() in _READERS else None


def _read_text(lines: TextIO) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(lines, 1):
        if path := line.rstrip("\r\n"):
            yield number, {_PATH: path}


def _read_csv(lines: TextIO) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(lines, strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    if _PATH not in header:
        raise UsageError(
            f"the first line of {lines.name} must name the columns, one of them 'path'"
        )
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, f"CSV: {error}"
            continue
        if not cells:
            continue
        if len(cells) != len(header):
            yield reader.line_num, f"CSV: {len(cells)} cells under {len(header)} columns"
        else:
            yield reader.line_num, dict(zip(header, cells, strict=True))


def _read_jsonl(lines: TextIO) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, _json_row(line)


def _json_row(line: str) -> Row:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"JSON: {error}"
    if isinstance(value, str):
        return {_PATH: value}
    return value if isinstance(value, dict) else f"JSON: {type(value).__name__}, not an object"


_READERS: dict[str, Callable[[TextIO], Iterator[tuple[int, Row]]]] = {
    ".txt": _read_text,
    ".lst": _read_text,
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
}


def _entry(number: int, row: Row) -> Entry:
    if isinstance(row, str):
        return _bad(number, row)
    path = row.get(_PATH)
    if not isinstance(path, str) or not path:
        return _bad(number, "it names no path")
    if path.startswith(("http://", "https://", "s3://", "file://")):
        return _bad(number, f"{posix_key(path)[:80]} is an address, not a path; fetch it first")
    return described(posix_key(os.path.normpath(path)), path, row)


def _bad(number: int, detail: str) -> Entry:
    return Entry(
        f"line {number}",
        "",
        problem=SourceReason.BAD_LINE,
        problem_detail=f"line {number}: {posix_key(detail)}",
    )


def _with_key(entry: Entry, key: str) -> Entry:
    return entry if key == entry.key else replace(entry, key=key)
