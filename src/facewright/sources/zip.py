"""Photos in a zip, read in place from the offsets in its directory.

A worker needs no second look at the directory: the entry says where and how each member is
stored. Source: PKWARE APPNOTE 6.3, sections 4.3.7 (local header) and 4.4.5 (methods).
"""

from __future__ import annotations

import bz2
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from facewright.errors import PhotoError, SourceError
from facewright.limits import Limits
from facewright.sources.archive import Member, member_entries, read_range
from facewright.sources.base import (
    Accept,
    Entry,
    SourceReason,
    is_image_name,
    raise_problem,
)
from facewright.sources.files import check_size
from facewright.vision.decoding.base import DecodeReason

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)


@dataclass
class ZipSource:
    """The pictures in a zip, sorted by key; nothing is extracted.

    Attributes:
        path: the archive.
        accept: tells by its name whether a member is listed.
        ignored: members passed over by the last complete listing.
    """

    path: Path
    accept: Accept = is_image_name
    ignored: int = field(default=0, compare=False)

    def describe(self) -> str:
        """Say what this is, for people."""
        return f"zip {self.path}"

    def entries(self) -> Iterator[Entry]:
        """List the photos, sorted by key.

        Raises:
            SourceError: the directory of the zip cannot be read.
        """
        try:
            with zipfile.ZipFile(self.path) as archive:
                members = [_member(info) for info in archive.infolist()]
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise SourceError(f"cannot read the zip {self.path}: {error}") from error
        entries, self.ignored = member_entries(members, self.accept)
        yield from entries

    def read(self, entry: Entry, limits: Limits) -> bytes:
        """Read one member and check it against the checksum in the directory.

        Raises:
            PhotoError: the entry's problem, too_large_file, truncated, corrupt or unreadable.
        """
        raise_problem(entry)
        offset, packed, size, method, checksum = map(int, entry.locator.split(":"))
        check_size(max(size, packed), limits)
        magic, name, extra = _LOCAL_HEADER.unpack(read_range(self.path, offset, _LOCAL_HEADER.size))
        if magic != b"PK\3\4":
            raise PhotoError(SourceReason.UNREADABLE, "the zip's directory points beside it")
        start = offset + _LOCAL_HEADER.size + name + extra
        data = _unpack(read_range(self.path, start, packed), method, limits.max_bytes + 1)
        check_size(len(data), limits)
        if zlib.crc32(data) != checksum:
            raise PhotoError(DecodeReason.CORRUPT, "its checksum in the zip is another")
        return data


def open_zip(path: Path, head: bytes) -> ZipSource | None:
    """Take a zip, an empty one included."""
    return ZipSource(path) if head.startswith((b"PK\3\4", b"PK\5\6")) else None


def _member(info: zipfile.ZipInfo) -> Member:
    sizes = f"{info.header_offset}:{info.compress_size}:{info.file_size}"
    locator = f"{sizes}:{info.compress_type}:{info.CRC}"
    return Member(info.filename, locator, info.file_size, _problem(info))


def _problem(info: zipfile.ZipInfo) -> PhotoError | None:
    if info.is_dir():
        return PhotoError(SourceReason.NOT_A_FILE, "it is a directory")
    if info.flag_bits & _ENCRYPTED:
        return PhotoError(SourceReason.ENCRYPTED, "the zip is locked with a password")
    if stat.S_ISLNK(info.external_attr >> 16):
        return PhotoError(SourceReason.NOT_A_FILE, "it is a symbolic link inside a zip")
    if info.compress_type not in _METHODS:
        detail = f"zip compression method {info.compress_type} is not read"
        return PhotoError(SourceReason.UNREADABLE, detail)
    return None


def _unpack(packed: bytes, method: int, limit: int) -> bytes:
    """Unpack at most `limit` bytes, whatever the directory promised."""
    try:
        if method == zipfile.ZIP_DEFLATED:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, limit)
        if method == zipfile.ZIP_BZIP2:
            return bz2.BZ2Decompressor().decompress(packed, limit)
    except (zlib.error, OSError, ValueError) as error:
        raise PhotoError(DecodeReason.CORRUPT, f"it does not unpack: {error}") from error
    return packed
