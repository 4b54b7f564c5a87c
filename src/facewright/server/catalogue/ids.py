"""Ids of a million faces: text to row and back, without a Python object a face.

Each id is hashed by a multilinear function over its bytes (Lemire and Kaser, "Strongly universal
string hashing is fast", 2014); rows are kept in the order of their hashes and found by bisection.
What is found is compared with the id itself, so that hashes may be equal.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_LONGEST: Final = 512  # bytes of an id that are hashed; longer ones are told apart by comparing
_BATCH: Final = 65_536
_KEYS: Final = np.random.default_rng(0).integers(1, 2**63, _LONGEST, np.uint64)


class Ids:
    """Texts by row.

    Args:
        texts: (N,) strings without nulls. Where a text comes twice, its first row is found.
    """

    def __init__(self, texts: pa.StringArray) -> None:
        self._texts = texts
        hashes = _hashes(texts)
        self._order = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._order]

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, row: int) -> str:
        text: str = self._texts[row].as_py()
        return text

    def take(self, rows: NDArray[np.integer]) -> list[str]:
        """Texts of several rows."""
        texts: list[str] = self._texts.take(pa.array(rows)).to_pylist()
        return texts

    def find(self, text: str) -> int | None:
        """Row of a text; None where there is none."""
        wanted = _hash(text.encode("utf-8", "surrogatepass"))
        at = int(np.searchsorted(self._hashes, wanted))
        while at < len(self._hashes) and self._hashes[at] == wanted:
            row = int(self._order[at])
            if self._texts[row].as_py() == text:
                return row
            at += 1
        return None

    def repeats(self) -> list[int]:
        """Rows whose text stands at an earlier row too."""
        alike = self._order[np.flatnonzero(self._hashes[1:] == self._hashes[:-1]) + 1]
        return [row for row in sorted(alike.tolist()) if self.find(self[row]) != row]

    @property
    def texts(self) -> pa.StringArray:
        """All texts, in order."""
        return self._texts


def _hash(data: bytes) -> np.uint64:
    head = np.frombuffer(data[:_LONGEST], np.uint8).astype(np.uint64)
    return np.uint64((head * _KEYS[: len(head)]).sum(dtype=np.uint64) ^ np.uint64(len(data)))


def _hashes(texts: pa.StringArray) -> NDArray[np.uint64]:
    parts = [_batch(texts.slice(at, _BATCH)) for at in range(0, len(texts), _BATCH)]
    return np.concatenate(parts) if parts else np.zeros(0, np.uint64)


def _batch(texts: pa.StringArray) -> NDArray[np.uint64]:
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    first, last = int(ends[0]), int(ends[-1])
    every = np.frombuffer(data, np.uint8)[first:last] if data is not None else np.zeros(0, np.uint8)
    starts, lengths = ends[:-1] - first, np.diff(ends)
    place = np.arange(len(every)) - np.repeat(starts, lengths)
    keys = np.where(place < _LONGEST, _KEYS[np.minimum(place, _LONGEST - 1)], np.uint64(0))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(every * keys, dtype=np.uint64)])
    whole: NDArray[np.uint64] = sums[starts + lengths] - sums[starts]
    return whole ^ lengths.astype(np.uint64)
