"""Read files that may be pipes, devices, loops of links, or larger than memory."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.sources.base import SourceReason
from facewright.vision.decoding.base import DecodeReason

_O_BINARY: int = getattr(os, "O_BINARY", 0)
_KINDS: Final = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def check_size(size: int, limits: Limits) -> None:
    """Refuse a file by its length, before it is read.

    Raises:
        PhotoError: too_large_file.
    """
    if size > limits.max_bytes:
        raise PhotoError(
            DecodeReason.TOO_LARGE_FILE, f"{size} bytes; the limit is {limits.max_bytes}"
        )


def file_size(path: str | Path) -> int | None:
    """Bytes of a regular file; None of anything else, and where it cannot be asked."""
    try:
        found = os.stat(path)  # noqa: PTH116 (a million of them: no Path is made for each)
    except (OSError, ValueError):
        return None  # reading it will say why
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def read_regular_file(path: Path, limits: Limits) -> bytes:
    """Read a whole regular file; never waits on a pipe or a device, never reads past the limit.

    Raises:
        PhotoError: missing, unreadable, not_a_file, link_loop or too_large_file.
    """
    try:
        check_regular(path.stat())
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _O_BINARY)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            check_regular(status)  # again: it may have been exchanged in between
            check_size(status.st_size, limits)
            data = file.read(status.st_size + 1)  # asking for the limit would allocate it
            if len(data) > status.st_size:  # it has grown, or its size was not to be trusted
                data += file.read(limits.max_bytes + 1 - len(data))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise photo_error(error) from error
    check_size(len(data), limits)
    return data


def check_regular(status: os.stat_result) -> None:
    """Refuse what is no regular file.

    Raises:
        PhotoError: not_a_file.
    """
    if not stat.S_ISREG(status.st_mode):
        raise PhotoError(SourceReason.NOT_A_FILE, f"it is {_kind(status.st_mode)}")


def photo_error(error: OSError | ValueError) -> PhotoError:
    """Name what the operating system said about a file."""
    code = error.errno if isinstance(error, OSError) else errno.EINVAL
    if code in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL}:
        return PhotoError(SourceReason.MISSING, "there is no such file")
    if code == errno.ELOOP:
        return PhotoError(SourceReason.LINK_LOOP, "its symbolic links lead back to themselves")
    said = error.strerror if isinstance(error, OSError) else str(error)
    return PhotoError(SourceReason.UNREADABLE, f"reading it failed: {said}")


def _kind(mode: int) -> str:
    return next((name for test, name in _KINDS if test(mode)), "no regular file")
