"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from facewright.errors import StorageError

_ADVICE = {
    errno.ENOSPC: "the disk is full; free space and run the same command again",
    errno.EDQUOT: "the disk quota is used up; free space and run the same command again",
    errno.EROFS: "the place is read-only; choose another output folder",
    errno.EACCES: "no permission to write there; choose another output folder",
    errno.EPERM: "no permission to write there; choose another output folder",
    errno.EFBIG: "the file would grow past the limit of this system or account",
}


def storage_error(path: Path, error: OSError) -> StorageError:
    """Say what went wrong while writing `path`, and what to do."""
    what = _ADVICE.get(error.errno or 0, error.strerror or str(error))
    return StorageError(f"cannot write {path}: {what}. What was committed stays readable.")


def make_folder(path: Path) -> None:
    """Make a folder and its parents.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(path, error) from error


@contextmanager
def atomic_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes its name only when the block ends without an error.

    It is written beside its place under a temporary name ("*.partial"), synced, then renamed.

    Raises:
        StorageError: writing failed; nothing is left behind.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def write_atomic(path: Path, data: bytes) -> None:
    """Write a small file whole or not at all.

    Raises:
        StorageError: writing failed.
    """
    with atomic_file(path) as file:
        file.write(data)


def remove_partials(folder: Path) -> None:
    """Delete what killed runs left half-written below `folder`."""
    for partial in folder.rglob(".*.partial"):
        with suppress(OSError):
            partial.unlink()
