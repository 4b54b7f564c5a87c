"""Owners: which servers are alive that share a folder, told by locks that end with a process."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from facewright.errors import StorageError
from facewright.store.atomic import make_folder, storage_error


class Owner:
    """This server among those of a folder.

    Args:
        folder: of the locks; made if it is not there.

    Attributes:
        id: of this server.

    Raises:
        StorageError: the lock cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        self._folder = folder
        self.id = secrets.token_hex(6)
        self._lock = FileLock(self._path(self.id), timeout=0)
        try:
            self._lock.acquire()
        except (OSError, Timeout) as error:
            raise StorageError(f"{folder}: cannot be locked: {error}") from error

    def is_gone(self, owner: str) -> bool:
        """Whether another server is alive no more."""
        if owner == self.id:
            return False
        path = self._path(owner)
        if not path.exists():
            return True
        other = FileLock(path, timeout=0)
        try:
            other.acquire()
        except Timeout:
            return False
        except OSError as error:
            raise storage_error(path, error) from error
        other.release()
        with suppress(OSError):
            path.unlink()
        return True

    def leave(self) -> None:
        """Say that this server is gone."""
        self._lock.release()
        with suppress(OSError):
            self._path(self.id).unlink()

    def _path(self, owner: str) -> Path:
        return self._folder / f"{owner}.lock"
