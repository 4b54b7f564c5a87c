"""Catalogue: the faces of all opened datasets in one numbering, as columns in memory.

It never changes; when a dataset grows or a label is corrected, another one takes its place, so
that a request sees one state from its first line to its last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.server.catalogue.columns import GROUPS, Column, group_of, joined
from facewright.server.catalogue.correcting import corrected
from facewright.server.catalogue.further import FurtherColumns, Reads, new_reads
from facewright.server.catalogue.ids import Ids
from facewright.server.catalogue.memo import Memo
from facewright.server.catalogue.shelf import DATASET, FLAGGED, Shelf
from facewright.store.crop_index import Place

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]


class Label(NamedTuple):
    """An audited value that wins over the estimate. None: it is not known."""

    attribute: str
    face_id: str
    value: str | None


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All faces by row.

    Attributes:
        shelves: the datasets, in order.
        columns: attributes by name, in the order of the page.
        ids: public id of each face. An id that an earlier dataset has too is `ID@DATASET`.
        version: changes when anything in it does.
        further: columns that are no attributes.
    """

    shelves: tuple[Shelf, ...]
    columns: Mapping[str, Column]
    ids: Ids
    version: str
    further: FurtherColumns
    masks: Memo[Any, Mask] = field(default_factory=lambda: Memo(48))
    """Partial masks by what they hold for."""
    orders: Memo[Any, Rows] = field(default_factory=lambda: Memo(12))
    """Rows sorted, by key."""
    lines: Memo[str, Rows] = field(default_factory=lambda: Memo(8))
    """Rows of whole filters in their order, by filter and order."""

    @classmethod
    def of(cls, shelves: Sequence[Shelf], reads: Reads | None = None) -> Catalogue:
        """Number the faces of some datasets one after the other.

        Args:
            shelves: the datasets.
            reads: what was read of their further columns, if somebody keeps it.
        """
        names = dict.fromkeys(name for shelf in shelves for name in shelf.columns)
        columns = {
            name: joined([(shelf.columns.get(name), len(shelf)) for shelf in shelves])
            for name in names
        }
        columns["dataset"] = _datasets(shelves)
        columns["flagged"] = _flagged(sum(map(len, shelves)), [])
        told = hashlib.blake2b(" ".join(shelf.signature for shelf in shelves).encode())
        return cls(
            tuple(shelves),
            _in_page_order(columns),
            _public_ids(shelves),
            told.hexdigest()[:16],
            FurtherColumns(shelves, new_reads() if reads is None else reads),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """(S + 1,) row at which each dataset begins."""
        return np.cumsum([0, *map(len, self.shelves)], dtype=np.int64)

    def shelf_of(self, row: int) -> tuple[Shelf, int]:
        """The dataset of a face, and its row there."""
        number = int(np.searchsorted(self.starts, row, side="right")) - 1
        return self.shelves[number], row - int(self.starts[number])

    def places(self, row: int) -> list[Place]:
        """Crops of a face, the main one first."""
        shelf, own = self.shelf_of(row)
        return shelf.crops.places(int(shelf.rows[own]))

    def column(self, name: str) -> Column:
        """An attribute or, by its dotted name, any other column, which is read if need be.

        Raises:
            KeyError: there is no such column.
            ColumnError: its values cannot be listed.
        """
        found = self.columns.get(name)
        return self.further.column(name) if found is None else found

    def holds(self, name: str) -> bool:
        """Whether a column can be had without reading."""
        return name in self.columns or self.further.holds(name)

    def level(self, attribute: str, row: int) -> str | None:
        """Level of one face; None where it is not known or there is no such attribute."""
        column = self.columns.get(attribute)
        if column is None:
            return None
        code = int(column.codes[row])
        return column.levels[code] if code < len(column.levels) else None

    def with_labels(self, labels: Iterable[Label], version: str) -> Catalogue:
        """Audited labels in place of estimates; those of unknown faces or attributes are left out.

        Args:
            labels: later ones win.
            version: of the labels; becomes part of the catalogue's.
        """
        by_attribute: dict[str, dict[int, str | None]] = {}
        for label in labels:
            row = self.ids.find(label.face_id)
            if row is not None and label.attribute in self.columns:
                by_attribute.setdefault(label.attribute, {})[row] = label.value
        columns = dict(self.columns)
        for name, values in by_attribute.items():
            columns[name] = corrected(columns[name], values)
        told = hashlib.blake2b(f"{self.version} {version}".encode()).hexdigest()[:16]
        return replace(
            self, columns=columns, version=told, masks=Memo(48), orders=Memo(12), lines=Memo(8)
        )

    def with_flags(self, face_ids: Iterable[str]) -> Catalogue:
        """These faces as flagged ones, no others.

        The version stays: whoever walks through pages meanwhile goes on where they are.
        """
        found = (self.ids.find(face_id) for face_id in face_ids)
        rows = [row for row in found if row is not None]
        columns = {**self.columns, "flagged": _flagged(len(self), rows)}
        return replace(self, columns=columns, masks=Memo(48), orders=Memo(12), lines=Memo(8))


def _flagged(faces: int, rows: Sequence[int]) -> Column:
    codes = np.zeros(faces, np.uint8)
    codes[list(rows)] = 1
    return Column(FLAGGED, tuple(FLAGGED.levels or ()), codes)


def _datasets(shelves: Sequence[Shelf]) -> Column:
    names = tuple(shelf.name for shelf in shelves)
    sizes = [len(shelf) for shelf in shelves]
    codes = np.repeat(np.arange(len(shelves), dtype=np.uint8), sizes)
    return Column(replace(DATASET, levels={name: name for name in names}), names, codes)


def _in_page_order(columns: Mapping[str, Column]) -> dict[str, Column]:
    order = sorted(columns, key=lambda name: GROUPS.index(group_of(name)))  # stable
    return {name: columns[name] for name in order}


def _public_ids(shelves: Sequence[Shelf]) -> Ids:
    whole = pa.chunked_array([shelf.face_ids for shelf in shelves], pa.string()).combine_chunks()
    ids = Ids(whole)
    repeats = ids.repeats()
    if not repeats:
        return ids
    ends = np.cumsum([len(shelf) for shelf in shelves])
    texts: list[str] = whole.to_pylist()
    for row in repeats:
        texts[row] += f"@{shelves[int(np.searchsorted(ends, row, side='right'))].name}"
    return Ids(pa.array(texts, pa.string()))
