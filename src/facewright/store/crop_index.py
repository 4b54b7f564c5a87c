"""Where the crops of all faces lie, as flat arrays: a million faces take tens of megabytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.store.tables import read_part

_FIELDS = ("alignment", "size", "shard", "offset", "length")


@dataclass(frozen=True, slots=True)
class Place:
    """One crop: a byte range of a shard (path relative to the dataset)."""

    alignment: str
    size: int
    shard: str
    offset: int
    length: int


class CropIndex:
    """Crops by row of the whole faces table.

    Args:
        parts: faces parts in order.
    """

    def __init__(self, parts: Sequence[Path]) -> None:
        columns = [f"crops.list.element.{name}" for name in _FIELDS]
        tables = [read_part(path, columns) for path in parts]
        lists = pa.concat_tables(tables).column("crops").combine_chunks() if tables else None
        self._starts = _starts(lists)
        flat = lists.flatten() if lists is not None else None
        self._alignments, self._alignment = _coded(flat, "alignment")
        self._shards, self._shard = _coded(flat, "shard")
        self._size, self._offset, self._length = (
            _numbers(flat, name) for name in ("size", "offset", "length")
        )

    def places(self, row: int) -> list[Place]:
        """Crops of the face in this row, the main one first."""
        return [
            Place(
                self._alignments[self._alignment[i]],
                int(self._size[i]),
                self._shards[self._shard[i]],
                int(self._offset[i]),
                int(self._length[i]),
            )
            for i in range(self._starts[row], self._starts[row + 1])
        ]


def _starts(lists: pa.ListArray | None) -> NDArray[np.int64]:
    if lists is None:
        return np.zeros(1, np.int64)
    lengths = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _coded(flat: pa.StructArray | None, name: str) -> tuple[list[str], NDArray[np.int32]]:
    if flat is None:
        return [], np.zeros(0, np.int32)
    coded = flat.field(name).dictionary_encode()
    names: list[str] = coded.dictionary.to_pylist()
    return names, coded.indices.to_numpy()


def _numbers(flat: pa.StructArray | None, name: str) -> NDArray[np.int64]:
    if flat is None:
        return np.zeros(0, np.int64)
    return np.asarray(flat.field(name).to_numpy(), np.int64)
