"""Photos in a tar, read in place: an entry is an offset and a length."""

from __future__ import annotations

import posixpath
import tarfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from facewright.errors import PhotoError, SourceError
from facewright.limits import Limits
from facewright.sources.archive import Member, member_entries, read_range
from facewright.sources.base import (
    Accept,
    Entry,
    SourceReason,
    escapes,
    is_image_name,
    raise_problem,
)
from facewright.sources.files import check_size
from facewright.sources.spill import is_compressed, unpack
from facewright.sources.tar_index import plain_members

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAGIC_AT = 257
_MAX_LINKS = 40


@dataclass
class TarSource:
    """The pictures in a tar, sorted by key; nothing is extracted.

    Links inside the archive are resolved to the member they name. A compressed tar cannot be
    read in place and is unpacked once into a temporary file, which goes with this object.

    Attributes:
        path: the archive as the user named it.
        plain: the uncompressed tar: `path` itself or the temporary file.
        accept: tells by its name whether a member is listed.
        ignored: members passed over by the last complete listing.
    """

    path: Path
    plain: Path
    accept: Accept = is_image_name
    ignored: int = field(default=0, compare=False)

    def describe(self) -> str:
        """Say what this is, for people."""
        return f"tar {self.path}"

    def entries(self) -> Iterator[Entry]:
        """List the photos, sorted by key; an archive that is cut off has one entry saying so.

        Raises:
            SourceError: not a tar, or it cannot be opened.
        """
        listed, broken = self._index()
        by_name = {posixpath.normpath(info.name): info for info in listed}
        members = (_member(info, by_name) for info in listed)
        entries, self.ignored = member_entries(members, self.accept)
        yield from entries
        if broken is not None:
            detail = f"the archive is broken after {len(listed)} members: {broken}"
            yield Entry("~rest", "", problem=SourceReason.UNREADABLE, problem_detail=detail)

    def read(self, entry: Entry, limits: Limits) -> bytes:
        """Read one member.

        Raises:
            PhotoError: the entry's problem, too_large_file, truncated or unreadable.
        """
        raise_problem(entry)
        offset, size = (int(number) for number in entry.locator.split(":"))
        check_size(size, limits)
        return read_range(self.plain, offset, size)

    def _index(self) -> tuple[list[tarfile.TarInfo], str | None]:
        """List the members up to the first that is broken, and say what is wrong there."""
        try:
            if (plain := plain_members(self.plain)) is not None:
                return plain, None
            with tarfile.open(self.plain, "r:", errors="surrogateescape") as archive:
                listed, broken = _walk(archive)
                end = archive.offset
            with self.plain.open("rb") as file:
                file.seek(end)
                if broken is None and file.read(tarfile.BLOCKSIZE).strip(b"\0"):
                    broken = "a header that is none"  # tarfile takes it for the end
        except (OSError, tarfile.TarError) as error:
            raise SourceError(f"cannot read the tar {self.path}: {error}") from error
        return listed, broken


def open_tar(path: Path, head: bytes) -> TarSource | None:
    """Take a tar, plain or compressed with gzip, bzip2 or xz.

    Raises:
        SourceError: a compressed file that holds no tar, or unpacks to too much.
    """
    if head[_MAGIC_AT : _MAGIC_AT + 5] == b"ustar" or path.suffix == ".tar":
        return TarSource(path, path)
    if not is_compressed(head):
        return None
    unpacked = unpack(path)
    source = TarSource(path, unpacked.path)
    weakref.finalize(source, unpacked.remove)
    return source


def _walk(archive: tarfile.TarFile) -> tuple[list[tarfile.TarInfo], str | None]:
    listed: list[tarfile.TarInfo] = []
    try:
        while (info := archive.next()) is not None:
            listed.append(info)
    except (tarfile.TarError, OSError, ValueError) as error:
        return listed, str(error)
    return listed, None


def _member(info: tarfile.TarInfo, infos: Mapping[str, tarfile.TarInfo]) -> Member:
    name = f"{info.name}/" if info.isdir() else info.name
    try:
        target = _resolve(info, infos)
    except PhotoError as problem:
        return Member(name, "0:0", None, problem)
    return Member(name, f"{target.offset_data}:{target.size}", target.size)


def _resolve(info: tarfile.TarInfo, infos: Mapping[str, tarfile.TarInfo]) -> tarfile.TarInfo:
    """Follow links inside the archive to a regular member."""
    for _ in range(_MAX_LINKS):
        if info.issparse():
            raise PhotoError(SourceReason.UNREADABLE, "sparse members are not read")
        if info.isreg():
            return info
        if not (info.issym() or info.islnk()):
            raise PhotoError(SourceReason.NOT_A_FILE, "it is a directory, pipe or device")
        folder = posixpath.dirname(info.name) if info.issym() else ""
        target = posixpath.normpath(posixpath.join(folder, info.linkname))
        if escapes(target):
            raise PhotoError(SourceReason.ESCAPES, "its link points outside of the archive")
        if target not in infos:
            raise PhotoError(SourceReason.MISSING, f"it links to {target!r}, which is not there")
        info = infos[target]
    raise PhotoError(SourceReason.LINK_LOOP, "its links lead back to themselves")
