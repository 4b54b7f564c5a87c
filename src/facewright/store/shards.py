"""Shards: uncompressed tars that any WebDataset reader opens, written with known offsets."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import IO
from urllib.parse import quote

_BLOCK = 512


def shard_key(face_id: str) -> str:
    """Name of a face inside a shard: its id, with what tar or WebDataset would misread escaped.

    WebDataset ends the key at the first dot, and a slash would make a folder.
    """
    return quote(face_id, safe="").replace(".", "%2E")


class ShardWriter:
    """Appends members to a tar and knows where their bytes lie.

    Args:
        file: open for writing in binary, at its start.

    Members carry no time and no owner, so that equal content gives equal bytes.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._at = 0

    def add(self, name: str, data: bytes) -> tuple[int, int]:
        """Append a member; offset and length of its bytes in the file."""
        info = tarfile.TarInfo(name)
        info.size = len(data)
        header = info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
        self._file.write(header)
        offset = self._at + len(header)
        self._file.write(data)
        padding = -len(data) % _BLOCK
        self._file.write(b"\0" * padding)
        self._at = offset + len(data) + padding
        return offset, len(data)

    def close(self) -> None:
        """Write the two empty blocks that end a tar. The file stays open."""
        self._file.write(b"\0" * (2 * _BLOCK))


def crops_folder(root: Path, slug: str) -> Path:
    """Folder of one alignment's shards."""
    return root / "crops" / slug


def shard_name(chunk: int) -> str:
    """File name of a chunk's shard."""
    return f"{chunk:05d}.tar"
