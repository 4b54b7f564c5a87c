"""Similar faces over all served datasets."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from facewright.server.catalogue.catalogue import Catalogue, Mask
from facewright.server.catalogue.shelf import Shelf
from facewright.server.http.problems import ProblemError
from facewright.server.neighbours.index import Index, build, load
from facewright.server.neighbours.short import Floats, unit_rows
from facewright.store.tables import open_part, read_part

_LOG: Final = logging.getLogger(__name__)
_COLUMN: Final = "embedding"
_KEPT: Final = 12  # indexes on disk
_OPEN: Final = 512  # at the same time; more than datasets can be served


@dataclass(frozen=True, slots=True)
class Similar:
    """A face that is near.

    Attributes:
        row: of the catalogue.
        cosine: of its embedding with that which was asked for.
    """

    row: int
    cosine: float


class Neighbours:
    """Nearest faces by their embeddings; indexes are made when first needed and kept on disk.

    Args:
        folder: for the indexes, in the user's cache.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, Index | None] = {}
        self._lock = threading.Lock()

    def vector(self, catalogue: Catalogue, row: int) -> Floats | None:
        """Unit vector of a face; None where it has no embedding."""
        shelf, own = catalogue.shelf_of(row)
        index = self.index(shelf)
        if index is None:
            return None
        whole = int(shelf.rows[own])
        at = int(np.searchsorted(index.rows, whole))
        if at == len(index.rows) or index.rows[at] != whole:
            return None
        vector: Floats = index.vectors[at].astype(np.float32)
        return vector

    def search(
        self, catalogue: Catalogue, query: Floats, count: int, mask: Mask | None = None
    ) -> tuple[list[Similar], bool]:
        """The nearest faces of all datasets, and whether none nearer can have been missed.

        Args:
            catalogue: where.
            query: (D,) of any length but zero.
            count: at most so many.
            mask: (N,) of the catalogue, which may be answered.

        Raises:
            ProblemError: 503, an index is being made.
        """
        (unit,), (sound,) = unit_rows(query[None])
        if not sound:
            return [], True
        found: list[Similar] = []
        exact = True
        for shelf, start in zip(catalogue.shelves, catalogue.starts.tolist(), strict=False):
            index = self.index(shelf)
            if index is None or index.vectors.shape[1] != len(unit):
                continue
            rows, cosines = index.nearest(unit, count, _allowed(shelf, index, mask, start))
            own = np.searchsorted(shelf.rows, rows)
            exact = exact and index.exact
            found += map(Similar, (own + start).tolist(), cosines.tolist())
        return sorted(found, key=lambda each: (-each.cosine, each.row))[:count], exact

    def line(self, catalogue: Catalogue, row: int) -> NDArray[np.int32]:
        """(N,) rows of all faces, those most like one first; those without an embedding last.

        Raises:
            ProblemError: 404, this face has no embedding; 503, an index is being made.
        """
        vector = self.vector(catalogue, row)
        if vector is None:
            raise ProblemError(404, "this face has no embedding", "no-embedding")
        far = np.full(len(catalogue), np.inf, np.float32)
        for shelf, start in zip(catalogue.shelves, catalogue.starts.tolist(), strict=False):
            index = self.index(shelf)
            if index is not None and index.vectors.shape[1] == len(vector):
                whole = np.full(int(shelf.starts[-1]), np.inf, np.float32)
                whole[index.rows] = -index.likeness(vector)
                far[start : start + len(shelf)] = whole[shelf.rows]
        far[row] = -2.0  # itself, before its doubles
        return np.argsort(far, kind="stable").astype(np.int32)

    def index(self, shelf: Shelf) -> Index | None:
        """The index of a dataset, made if need be; None where it has no embeddings.

        Raises:
            ProblemError: 503, another request is making one.
        """
        with suppress(KeyError):
            return self._held[shelf.signature]
        if not self._lock.acquire(timeout=20.0):
            raise ProblemError(503, "similar faces are being prepared; try again", "preparing",
                headers={"Retry-After": "10"})  # fmt: skip
        try:
            if shelf.signature not in self._held:
                opened = self._opened(shelf)
                if len(self._held) >= _OPEN:  # of states of datasets that have gone by
                    self._held.clear()
                self._held[shelf.signature] = opened
            return self._held[shelf.signature]
        finally:
            self._lock.release()

    def _opened(self, shelf: Shelf) -> Index | None:
        width = _width(shelf)
        if width is None:
            return None
        folder = self._folder / _content(shelf)
        try:
            index = load(folder)
            os.utime(folder)
        except (OSError, ValueError, KeyError):
            index = self._made(shelf, folder, width)
        return index if len(index.rows) else None

    def _made(self, shelf: Shelf, folder: Path, width: int) -> Index:
        """Build beside its place, then rename: an index is there whole or not at all."""
        shutil.rmtree(folder, ignore_errors=True)
        partial = folder.with_name(f".{folder.name}.{os.getpid()}-{secrets.token_hex(4)}")
        try:
            partial.mkdir(parents=True)
            build(partial, int(shelf.starts[-1]), width, lambda: _embeddings(shelf))
            partial.replace(folder)
        except OSError as error:
            shutil.rmtree(partial, ignore_errors=True)
            _LOG.warning("no index of similar faces: %s", error)
            raise ProblemError(507, "the server cannot keep an index", "storage") from error
        self._tidy()
        return load(folder)

    def _tidy(self) -> None:
        """Remove the indexes that were not used for longest."""
        there = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in [path for path in there if not path.name.startswith(".")][:-_KEPT]:
            shutil.rmtree(path, ignore_errors=True)


def _allowed(shelf: Shelf, index: Index, mask: Mask | None, start: int) -> Mask | None:
    """(N,) which faces of an index may be answered: those that are kept, and that a mask names."""
    if mask is None and len(shelf.rows) == shelf.starts[-1]:
        return None
    whole = np.zeros(int(shelf.starts[-1]), np.bool_)
    whole[shelf.rows] = True if mask is None else mask[start : start + len(shelf.rows)]
    allowed: Mask = whole[index.rows]
    return allowed


def _content(shelf: Shelf) -> str:
    """Changes when embeddings may have; not when rules drop faces or take them back."""
    manifest = shelf.manifest
    told = hashlib.blake2b(digest_size=12)
    told.update(f"{manifest.fingerprint} {manifest.created} {manifest.annotators}\n".encode())
    for path in shelf.files:
        with open_part(path) as part:
            told.update(f"{path.name} {_stored(part)}\n".encode())
    return told.hexdigest()


def _stored(part: pq.ParquetFile) -> list[tuple[int, int]]:
    """Rows and bytes of the embeddings, a row group each."""
    at = next((n for n, path in enumerate(_paths(part)) if path.startswith(_COLUMN)), None)
    groups = (part.metadata.row_group(n) for n in range(part.metadata.num_row_groups))
    return [
        (group.num_rows, 0 if at is None else group.column(at).total_compressed_size)
        for group in groups
    ]


def _paths(part: pq.ParquetFile) -> list[str]:
    return [part.schema.column(n).path for n in range(len(part.schema))]


def _width(shelf: Shelf) -> int | None:
    """Numbers of an embedding; None where the dataset has no such column."""
    if not shelf.files:
        return None
    with open_part(shelf.files[0]) as part:
        names = part.schema_arrow.names
        kind = part.schema_arrow.field(_COLUMN).type if _COLUMN in names else None
    return int(kind.list_size) if kind is not None and pa.types.is_fixed_size_list(kind) else None


def _embeddings(shelf: Shelf) -> Iterator[tuple[NDArray[np.int32], NDArray[np.floating]]]:
    """Rows of the whole table that have an embedding, and these, part by part."""
    for number, path in enumerate(shelf.files):
        own = np.arange(shelf.starts[number], shelf.starts[number + 1], dtype=np.int32)
        if not len(own):
            continue
        column = read_part(path, [_COLUMN]).column(_COLUMN).combine_chunks()
        there = column.is_valid().to_numpy(zero_copy_only=False)
        flat = column.drop_null().flatten()
        values = flat.to_numpy(zero_copy_only=False).reshape(-1, column.type.list_size)
        yield own[there], values
