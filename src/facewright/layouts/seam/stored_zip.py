"""A zip of files that are stored as they are, written from front to end in large pieces.

`zipfile` writes a member's header, its data, and then goes back to the header; that takes half of
the time of an archive of a million small pictures. Here size and checksum are known before.
Source: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14 to
4.3.16 (its end, in the 64-bit form and the old one), 4.5.3 (the 64-bit extra field).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import IO

from isal import isal_zlib

from facewright.errors import LayoutError

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_WIDE_OFFSET = struct.Struct("<2HQ")
_WIDE_END = struct.Struct("<4sQ2H2L4Q")
_WIDE_END_AT = struct.Struct("<4sLQL")
_END = struct.Struct("<4s4H2LH")

_UNIX = 3 << 8
_VERSION, _WIDE_VERSION = 20, 45
_UTF8_NAME = 0x800
_FIRST_DAY = 0x21  # 1980-01-01: members carry no time, so that equal content gives equal bytes
_MODE = 0o100644 << 16
_MAX16, _MAX32 = 0xFFFF, 0xFFFFFFFF
_BUFFER_BYTES = 256 << 10
"""Of a core's nearest cache but one: what is copied there is still near when the system copies it.
With megabytes, writing pictures of 256 pixels took a fifth more CPU time in all."""


def checksum_of(parts: Iterable[bytes | memoryview]) -> int:
    """CRC-32 of a file in pieces."""
    checksum = 0
    for part in parts:
        checksum = isal_zlib.crc32(part, checksum)
    return checksum


class StoredZip:
    """Appends members to a zip.

    Args:
        file: open for writing in binary, at its start.

    Members are gathered in one buffer: the system takes much in one call in large pages, for a
    half to a fifth of the CPU time, and pictures need not be kept until there are enough.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._held = 0
        self._written = 0
        self._count = 0
        self._directory: list[bytes] = []

    def add(self, name: str, *parts: bytes | memoryview, crc32: int | None = None) -> None:
        """Append a member, given in one piece or in several, and its CRC-32 where it is known.

        Raises:
            LayoutError: the name is longer than 65,535 bytes, or the member than 4 GiB.
        """
        path, size = name.encode(), sum(map(len, parts))
        if len(path) > _MAX16 or size >= _MAX32:
            raise LayoutError(f"'{name[:80]}' is too long for a zip")
        flags = 0 if name.isascii() else _UTF8_NAME
        checksum = checksum_of(parts) if crc32 is None else crc32
        about = (flags, 0, 0, _FIRST_DAY, checksum, size, size, len(path))
        self._note(path, about)
        self._append(_LOCAL.pack(b"PK\3\4", _VERSION, *about, 0), path, *parts)

    def close(self) -> None:
        """Write the directory. The file stays open."""
        start, size = self._at, sum(map(len, self._directory))
        self._append(*self._directory)
        if self._count > _MAX16 or start >= _MAX32 or size >= _MAX32:
            counts = (self._count, self._count, size, start)
            wide = (_UNIX | _WIDE_VERSION, _WIDE_VERSION, 0, 0, *counts)
            self._append(
                _WIDE_END.pack(b"PK\6\6", _WIDE_END.size - 12, *wide),
                _WIDE_END_AT.pack(b"PK\6\7", 0, start + size, 1),
            )
        count = min(self._count, _MAX16)
        end = (0, 0, count, count, min(size, _MAX32), min(start, _MAX32), 0)
        self._append(_END.pack(b"PK\5\6", *end))
        self._flush()

    @property
    def _at(self) -> int:
        """Where the next byte goes."""
        return self._written + self._held

    def _note(self, path: bytes, about: tuple[int, ...]) -> None:
        """Add the member that comes next to the directory."""
        at = self._at
        far = at >= _MAX32
        extra = _WIDE_OFFSET.pack(1, 8, at) if far else b""
        version = _WIDE_VERSION if far else _VERSION
        rest = (len(extra), 0, 0, 0, _MODE, _MAX32 if far else at)
        entry = _CENTRAL.pack(b"PK\1\2", _UNIX | version, version, *about, *rest)
        self._directory.append(entry + path + extra)
        self._count += 1

    def _append(self, *parts: bytes | memoryview) -> None:
        for part in parts:
            end = self._held + len(part)
            if end < len(self._buffer):
                self._buffer[self._held : end] = part
                self._held = end
            else:
                self._fill(memoryview(part))

    def _fill(self, part: memoryview) -> None:
        """Append what does not fit. Full buffers begin where large pages of the file do."""
        while part:
            room = len(self._buffer) - self._held
            taken = part[:room]
            self._buffer[self._held : self._held + len(taken)] = taken
            self._held += len(taken)
            part = part[room:]
            if self._held == len(self._buffer):
                self._flush()

    def _flush(self) -> None:
        self._file.write(self._buffer[: self._held])
        self._written += self._held
        self._held = 0
