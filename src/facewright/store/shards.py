"""Shards: uncompressed tars that any WebDataset reader opens, written with known offsets."""

from __future__ import annotations

import os
import tarfile
from collections import deque
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import IO
from urllib.parse import quote

_BLOCK = 512
_PARTS_AT_ONCE = 1024  # IOV_MAX of Linux and macOS


def shard_key(face_id: str) -> str:
    """Name of a face inside a shard: its id, with what tar or WebDataset would misread escaped.

    WebDataset ends the key at the first dot, and a slash would make a folder.
    """
    return quote(face_id, safe="").replace(".", "%2E")


class ShardWriter:
    """Appends members to a tar and knows where their bytes lie.

    Args:
        file: open for writing in binary, at its start.

    Members carry no time and no owner, so that equal content gives equal bytes. They reach the
    file with `flush` or `close`: a system that is given megabytes in one call takes them in
    large pages, for a half to a fifth of the CPU time.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._at = 0
        self._held: list[bytes] = []

    def add(self, name: str, data: bytes) -> tuple[int, int]:
        """Append a member; offset and length of its bytes in the file."""
        info = tarfile.TarInfo(name)
        info.size = len(data)
        header = info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
        offset = self._at + len(header)
        padding = -len(data) % _BLOCK
        self._held += [header, data, b"\0" * padding]
        self._at = offset + len(data) + padding
        return offset, len(data)

    def flush(self) -> None:
        """Write what was added since the last time."""
        held, self._held = self._held, []
        write_together(self._file, held)

    def close(self) -> None:
        """Write the two empty blocks that end a tar. The file stays open."""
        self._held.append(b"\0" * (2 * _BLOCK))
        self.flush()


def write_together(file: IO[bytes], parts: Sequence[bytes | memoryview]) -> None:
    """Write all parts, with as few calls as the system allows."""
    if not hasattr(os, "writev"):  # Windows
        file.writelines(parts)
        return
    file.flush()
    left = deque(memoryview(part) for part in parts if part)
    while left:
        written = os.writev(file.fileno(), list(islice(left, _PARTS_AT_ONCE)))
        while left and written >= len(left[0]):
            written -= len(left.popleft())
        if written:
            left[0] = left[0][written:]


def crops_folder(root: Path, slug: str) -> Path:
    """Folder of one alignment's shards."""
    return root / "crops" / slug


def shard_name(chunk: int) -> str:
    """File name of a chunk's shard."""
    return f"{chunk:05d}.tar"
