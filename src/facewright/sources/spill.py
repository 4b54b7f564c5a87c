"""Unpack a compressed tar once: seeking in a compressed stream means unpacking it each time."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from facewright.errors import SourceError, StorageError

_OPENERS: Final[tuple[tuple[bytes, Callable[[Path], io.BufferedIOBase]], ...]] = (
    (b"\x1f\x8b", gzip.GzipFile),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\0", lzma.LZMAFile),
)
_BLOCK: Final = 1 << 20
_FREE: Final = 256 << 20
_RATIO: Final = 20
"""Photos hardly compress: what unpacks to more than this many times its size is a bomb."""


def is_compressed(head: bytes) -> bool:
    """Whether a file starts like gzip, bzip2 or xz."""
    return any(head.startswith(magic) for magic, _ in _OPENERS)


def unpack_to_temporary_file(path: Path) -> Path:
    """Unpack a compressed file beside the system's other temporary files.

    A stream that is cut off is unpacked as far as it goes.

    Returns:
        The new file; the caller deletes it.

    Raises:
        SourceError: not readable, or over 20 times its size (and over 256 MiB) when unpacked.
        StorageError: the temporary folder is full or may not be written.
    """
    with path.open("rb") as file:
        head = file.read(8)
    unpack = next(opener for magic, opener in _OPENERS if head.startswith(magic))
    limit = max(_FREE, _RATIO * path.stat().st_size)
    try:
        handle, name = tempfile.mkstemp(prefix="facewright-", suffix=".tar")
    except OSError as error:
        raise StorageError(f"cannot make a temporary file to unpack {path}: {error}") from error
    plain = Path(name)
    try:
        with os.fdopen(handle, "wb") as target, unpack(path) as stream:
            _copy(stream, target, limit, path)
    except (SourceError, StorageError):
        plain.unlink()
        raise
    return plain


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
