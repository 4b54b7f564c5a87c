"""Unpack a compressed tar once: seeking in a compressed stream means unpacking it each time.

The copy lies in a folder of its own among the system's temporary files, with a lock that ends with
its process however that ends. What a killed process left there, the next one that unpacks removes.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from filelock import FileLock, Timeout

from facewright.errors import SourceError, StorageError

_OPENERS: Final[tuple[tuple[bytes, Callable[[Path], io.BufferedIOBase]], ...]] = (
    (b"\x1f\x8b", gzip.GzipFile),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\0", lzma.LZMAFile),
)
_PREFIX: Final = "facewright-unpacked-"
_BLOCK: Final = 1 << 20
_FREE: Final = 256 << 20
_RATIO: Final = 20
"""Photos hardly compress: what unpacks to more than this many times its size is a bomb."""


def is_compressed(head: bytes) -> bool:
    """Whether a file starts like gzip, bzip2 or xz."""
    return any(head.startswith(magic) for magic, _ in _OPENERS)


class Unpacked:
    """The plain copy of a compressed file, as long as this process lives or until `remove`.

    Attributes:
        path: of the copy. Other processes may read it.
    """

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self.path = folder / "plain.tar"
        self._lock = lock

    def remove(self) -> None:
        """Delete the copy."""
        self._lock.release()  # Windows deletes no open file
        shutil.rmtree(self.path.parent, ignore_errors=True)


def unpack(path: Path) -> Unpacked:
    """Unpack a compressed file beside the system's other temporary files.

    A stream that is cut off is unpacked as far as it goes.

    Raises:
        SourceError: not readable, or over 20 times its size (and over 256 MiB) when unpacked.
        StorageError: the temporary folder is full or may not be written.
    """
    with path.open("rb") as file:
        head = file.read(8)
    opener = next(opener for magic, opener in _OPENERS if head.startswith(magic))
    limit = max(_FREE, _RATIO * path.stat().st_size)
    _remove_stale()
    try:
        unpacked = _new_folder()
    except OSError as error:
        raise StorageError(f"cannot make a temporary file to unpack {path}: {error}") from error
    try:
        with unpacked.path.open("wb") as target, opener(path) as stream:
            _copy(stream, target, limit, path)
    except BaseException:
        unpacked.remove()
        raise
    return unpacked


def _new_folder() -> Unpacked:
    """A new folder, locked."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # One that is not locked yet is taken for stale: then another is made.
        with suppress(Timeout, FileNotFoundError):
            lock = FileLock(folder / "lock", timeout=0)
            lock.acquire()
            if folder.exists():
                return Unpacked(folder, lock)


def _remove_stale() -> None:
    """Remove copies whose process is no more. Other people's are left alone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(Timeout, OSError):
            lock = FileLock(folder / "lock", timeout=0)
            lock.acquire()
            Unpacked(folder, lock).remove()


def _copy(stream: io.BufferedIOBase, target: IO[bytes], limit: int, path: Path) -> None:
    total = 0
    while block := _read(stream, path):
        total += len(block)
        if total > limit:
            raise SourceError(
                f"{path} unpacks to more than {_RATIO} times its size, as a bomb would;"
                " unpack it yourself and give the folder"
            )
        try:
            target.write(block)
        except OSError as error:
            raise StorageError(
                f"cannot unpack {path} into {tempfile.gettempdir()}: {error.strerror};"
                " make room or set TMPDIR"
            ) from error


def _read(stream: io.BufferedIOBase, path: Path) -> bytes:
    try:
        return stream.read(_BLOCK)
    except EOFError:
        return b""  # cut off: the tar's own index will say so
    except (OSError, zlib.error, lzma.LZMAError) as error:
        raise SourceError(f"cannot unpack {path}: {error}") from error
