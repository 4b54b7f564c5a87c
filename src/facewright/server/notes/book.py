"""Book: one SQLite file whose every accepted line survives whatever ends the process.

A write-ahead log that is synced at each commit: when a call has returned, the line is on the disk.
Several servers may share a book.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from facewright.errors import StorageError
from facewright.store.atomic import make_folder

NAME: Final = "state.sqlite"

_SECONDS: Final = 20.0  # that a writer waits for another server's
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS flags (
    n INTEGER PRIMARY KEY, dataset TEXT NOT NULL, face_id TEXT NOT NULL, reason TEXT NOT NULL,
    note TEXT NOT NULL, who TEXT NOT NULL, "when" TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS flags_of ON flags (dataset, face_id);
CREATE TABLE IF NOT EXISTS labels (
    n INTEGER PRIMARY KEY, dataset TEXT NOT NULL, face_id TEXT NOT NULL, attribute TEXT NOT NULL,
    value TEXT, taken_back INTEGER NOT NULL, who TEXT NOT NULL, "when" TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS labels_of ON labels (dataset, face_id);
CREATE TABLE IF NOT EXISTS selections (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, why TEXT NOT NULL, faces INTEGER NOT NULL,
    created TEXT NOT NULL, changed TEXT NOT NULL, packed BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, asked TEXT NOT NULL,
    state TEXT NOT NULL, progress REAL NOT NULL, message TEXT NOT NULL, result TEXT,
    owner TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL
);
"""


class Book:
    """The file, opened. May be used from any thread.

    Args:
        folder: where it lies; made if it is not there.

    Raises:
        StorageError: it cannot be made or opened.
    """

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        self.path = folder / NAME
        self._lock = threading.RLock()
        with self._told():
            self._db = sqlite3.connect(
                self.path, timeout=_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_SCHEMA)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Answers of a query.

        Raises:
            StorageError: the file cannot be read.
        """
        with self._lock, self._told():
            return [dict(row) for row in self._db.execute(sql, parameters).fetchall()]

    def write(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Change lines; when this returns, they are on the disk.

        Returns:
            How many were changed.

        Raises:
            StorageError: they could not be written.
        """
        with self._lock, self._told():
            return self._db.execute(sql, parameters).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """Several changes that count together or not at all; others wait."""
        with self._lock, self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StorageError(f"{self.path}: {error}; is the disk full?") from error
