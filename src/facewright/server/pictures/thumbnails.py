"""Thumbnails: made once, kept in a SQLite file of the user's cache, the last used ones in memory.

The file is a cache and nothing else: when it cannot be opened or written, thumbnails are made
each time. Several servers may share it.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

_LOG: Final = logging.getLogger(__name__)
_NAME: Final = "thumbnails-1.sqlite"
_BATCH: Final = 64


class Thumbnails:
    """Bytes by key, in memory and in a file.

    Args:
        folder: of the cache; None keeps nothing on disk.
        memory: bytes held in memory.
    """

    def __init__(self, folder: Path | None, memory: int) -> None:
        self._memory = memory
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._file_lock = threading.Lock()
        self._db = _opened(folder) if folder is not None else None
        self._unwritten: dict[str, bytes] = {}

    def held(self, key: str) -> bytes | None:
        """What is in memory; never waits for a disk."""
        with self._lock:
            data = self._held.get(key)
            if data is not None:
                self._held.move_to_end(key)
            return data

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """From memory, else from the file, else made and kept."""
        data = self.held(key) or self._read(key)
        if data is None:
            data = make()
            self._write(key, data)
        self._hold(key, data)
        return data

    def hold(self, key: str, make: Callable[[], bytes]) -> bytes:
        """From memory, else made; kept in memory only."""
        data = self.held(key)
        if data is None:
            data = make()
            self._hold(key, data)
        return data

    def close(self) -> None:
        """Write what is made and let go of the file."""
        if self._db is not None:
            with self._file_lock, suppress(sqlite3.Error):
                self._flush()
                self._db.close()

    def _hold(self, key: str, data: bytes) -> None:
        with self._lock:
            before = self._held.pop(key, None)
            self._size += len(data) - len(before or b"")
            self._held[key] = data
            while self._size > self._memory and self._held:
                _, gone = self._held.popitem(last=False)
                self._size -= len(gone)

    def _read(self, key: str) -> bytes | None:
        if self._db is None:
            return None
        with self._file_lock:
            if key in self._unwritten:
                return self._unwritten[key]
            try:
                found = self._db.execute("SELECT data FROM thumbnails WHERE key = ?", (key,))
                row = found.fetchone()
            except sqlite3.Error as error:
                _LOG.warning("the thumbnails' cache cannot be read: %s", error)
                return None
        return None if row is None else bytes(row[0])

    def _write(self, key: str, data: bytes) -> None:
        if self._db is None:
            return
        with self._file_lock:
            self._unwritten[key] = data
            if len(self._unwritten) >= _BATCH:
                try:
                    self._flush()
                except sqlite3.Error as error:
                    self._unwritten.clear()
                    _LOG.warning("the thumbnails' cache cannot be written: %s", error)

    def _flush(self) -> None:
        assert self._db is not None
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO thumbnails VALUES (?, ?)", self._unwritten.items()
            )
        self._unwritten.clear()


def _opened(folder: Path) -> sqlite3.Connection | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(folder / _NAME, timeout=2.0, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = OFF")  # a cache may be lost
        db.execute("CREATE TABLE IF NOT EXISTS thumbnails (key TEXT PRIMARY KEY, data BLOB)")
        db.commit()
    except (OSError, sqlite3.Error) as error:
        _LOG.warning("thumbnails are not kept: %s: %s", folder, error)
        return None
    return db
