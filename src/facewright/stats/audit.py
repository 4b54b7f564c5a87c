"""Audit: a user's own look at some faces of a table, read from CSV.

Two forms. Long: columns `face_id`, `attribute` and `true`, a row each value. Wide: `face_id` and
one column an attribute, named after it. An empty value, or "unknown", is one that the user could
not tell; it does not count.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.attribute import UNKNOWN
from facewright.attributes.face_table import Coded
from facewright.errors import UsageError

_ID, _ATTRIBUTE, _TRUE = "face_id", "attribute", "true"
_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What the user says of a face.

    Attributes:
        line: of the file, from 1 on.
        face_id: of the face.
        value: the true level's key or name.
    """

    line: int
    face_id: str
    value: str


@dataclass(frozen=True, slots=True)
class Audit:
    """An audited sample of faces.

    Attributes:
        path: of the file.
        told: attribute's name to what is told of it, in the file's order.
    """

    path: Path
    told: Mapping[str, Sequence[Told]]

    @classmethod
    def load(cls, path: str | Path) -> Audit:
        """Read a file.

        Raises:
            UsageError: it cannot be read, lacks a column, or tells nothing.
        """
        told: dict[str, list[Told]] = {}
        for attribute, each in _values(Path(path)):
            told.setdefault(attribute, []).append(each)
        if not told:
            raise UsageError(f"{path}: the audit tells no true value of any face")
        return cls(Path(path), told)

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the attributes of which it tells something."""
        return tuple(self.told)

    def counts(self, coded: Coded, face_ids: Sequence[str]) -> NDArray[np.int64]:
        """Audited faces of each true level (rows) and level as read (columns), (L, L).

        Faces that are read as unknown are left out. A face that is told twice counts once.

        Args:
            coded: the attribute as read of the table's faces.
            face_ids: of the same faces.

        Raises:
            UsageError: nothing is told of the attribute, a face is none of the table's, a value
                is none of its levels, or a face is told two different values.
        """
        name = coded.attribute.name
        if name not in self.told:
            raise UsageError(
                f"{self.path}: the audit tells nothing of '{name}', but of "
                + ", ".join(self.attributes)
            )
        place = {face_id: row for row, face_id in enumerate(face_ids)}
        keys = _keys(coded)
        truth: dict[int, int] = {}
        for each in self.told[name]:
            if each.face_id not in place:
                raise self._wrong(each, f"no face '{each.face_id}' in the table")
            row, level = place[each.face_id], self._level(each, coded, keys)
            if truth.setdefault(row, level) != level:
                raise self._wrong(each, f"face '{each.face_id}' has two true values of '{name}'")
        size = len(coded.levels)
        counts = np.zeros((size, size), np.int64)
        for row, level in truth.items():
            if coded.codes[row] >= 0:
                counts[level, coded.codes[row]] += 1
        return counts

    def _level(self, each: Told, coded: Coded, keys: Mapping[str, int]) -> int:
        found = keys.get(each.value, keys.get(each.value.casefold()))
        if found is not None:
            return found
        listed = coded.levels
        if len(listed) > _LISTED:
            listed = tuple(get_close_matches(each.value, listed, n=5)) or listed[:_LISTED]
        raise self._wrong(
            each,
            f"'{each.value}' is no level of '{coded.attribute.name}'; known: {', '.join(listed)}",
        )

    def _wrong(self, each: Told, what: str) -> UsageError:
        return UsageError(f"{self.path}, line {each.line}: {what}")


def _keys(coded: Coded) -> dict[str, int]:
    """Number of a level by its key, and by its key and its name without regard to case."""
    named = {coded.attribute.label(key).casefold(): n for n, key in enumerate(coded.levels)}
    folded = {key.casefold(): n for n, key in enumerate(coded.levels)}
    return named | folded | {key: n for n, key in enumerate(coded.levels)}


def _values(path: Path) -> Iterator[tuple[str, Told]]:
    """Attribute's name and what is told of it, of every value that is not empty."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            header = _header(path, reader.fieldnames or ())
            for row in reader:
                yield from _of_row(path, row, header, reader.line_num)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: not a CSV file in UTF-8 ({error})") from error


def _header(path: Path, columns: Sequence[str]) -> Sequence[str]:
    if _ID not in columns or len(columns) < 2:
        raise UsageError(
            f"{path}: an audit has the column {_ID} and, of every attribute, a column of its name"
            f" (or the columns {_ATTRIBUTE} and {_TRUE}); found: {', '.join(columns) or 'none'}"
        )
    if _ATTRIBUTE in columns and _TRUE not in columns:
        raise UsageError(f"{path}: an audit with a column {_ATTRIBUTE} needs a column {_TRUE}")
    return columns


def _of_row(
    path: Path, row: Mapping[str, str | None], columns: Sequence[str], line: int
) -> Iterator[tuple[str, Told]]:
    if None in row.values() or set(row) != set(columns):
        raise UsageError(f"{path}, line {line}: not as many values as there are columns")
    found = {name: (value or "").strip() for name, value in row.items()}
    if _ATTRIBUTE in found:
        pairs = [(found[_ATTRIBUTE], found[_TRUE])]
    else:
        pairs = [(name, found[name]) for name in columns if name != _ID]
    for name, value in pairs:
        if value and value.casefold() != UNKNOWN:
            yield name, Told(line, found[_ID], value)
