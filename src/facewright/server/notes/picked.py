"""Picked faces: in order, with repeats, by dataset and the dataset's own id.

So a selection finds its faces again whatever their datasets are called, wherever they lie, and
whatever else is served with them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.notes.place import key_of

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Picked:
    """Faces.

    Attributes:
        datasets: keys of the datasets that they are of.
        of: (N,) index into `datasets` of each face.
        ids: (N,) own id of each face.
    """

    datasets: tuple[str, ...]
    of: Rows
    ids: pa.StringArray

    def __len__(self) -> int:
        return len(self.of)

    @classmethod
    def of_rows(cls, catalogue: Catalogue, rows: Sequence[int] | NDArray[np.integer]) -> Picked:
        """Faces of a catalogue by their rows."""
        at = np.asarray(rows, np.int64)
        shelves = np.searchsorted(catalogue.starts, at, side="right") - 1
        ids = np.empty(len(at), object)
        for number in np.unique(shelves).tolist():
            own = at[shelves == number] - catalogue.starts[number]
            ids[shelves == number] = (
                catalogue.shelves[number].face_ids.take(pa.array(own)).to_pylist()
            )
        keys = [key_of(shelf.manifest) for shelf in catalogue.shelves]
        datasets = tuple(dict.fromkeys(keys))
        to_key = np.array([datasets.index(key) for key in keys], np.int64)
        return cls(datasets, to_key[shelves], pa.array(ids, pa.string()))

    def rows(self, catalogue: Catalogue) -> Rows:
        """(N,) rows in a catalogue; -1 where a face is not shown. Of copies, the first is told."""
        found = np.full(len(self), -1, np.int64)
        starts = catalogue.starts.tolist()
        for shelf, start in reversed(list(zip(catalogue.shelves, starts, strict=False))):
            key = key_of(shelf.manifest)
            if key not in self.datasets:
                continue
            mine = np.flatnonzero(self.of == self.datasets.index(key))
            there = pc.index_in(self.ids.take(pa.array(mine)), value_set=shelf.face_ids)
            own = pc.fill_null(there, -1).to_numpy(zero_copy_only=False)
            found[mine[own >= 0]] = own[own >= 0] + start
        return found

    def public(self, catalogue: Catalogue) -> list[str]:
        """Public ids; the own id of a face that is not shown."""
        rows = self.rows(catalogue)
        ids: list[str] = self.ids.to_pylist()
        shown = np.flatnonzero(rows >= 0)
        for n, face_id in zip(shown.tolist(), catalogue.ids.take(rows[shown]), strict=True):
            ids[n] = face_id
        return ids

    def packed(self) -> bytes:
        """For the book."""
        told = [self.datasets, self.of.tolist(), self.ids.to_pylist()]
        return zlib.compress(json.dumps(told).encode(), 1)

    @classmethod
    def unpacked(cls, data: bytes) -> Picked:
        """What `packed` wrote."""
        datasets, of, ids = json.loads(zlib.decompress(data))
        return cls(tuple(datasets), np.array(of, np.int64), pa.array(ids, pa.string()))
