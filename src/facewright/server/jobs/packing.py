"""Results to download: a folder becomes a zip while it is sent; nothing is packed ahead."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_BLOCK: Final = 1024 * 1024
_TEXTS: Final = frozenset((".json", ".csv", ".txt", ".html", ".md", ".jsonl", ".toml"))
_TIME: Final = (1980, 1, 1, 0, 0, 0)


def files_of(folder: Path) -> list[Path]:
    """All plain files below a folder, in order; links are not followed, work files left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and stat.S_ISREG(path.lstat().st_mode):
            found.append(path)
    return found


def zipped(folder: Path, files: list[Path]) -> Iterator[bytes]:
    """A zip of some files of a folder, in pieces. Texts are deflated, the rest is stored."""
    out = _Out()
    with zipfile.ZipFile(out, "w") as archive:
        for path in files:
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _TIME)
            info.external_attr = 0o644 << 16
            if path.suffix.lower() in _TEXTS:
                info.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as file, archive.open(info, "w", force_zip64=True) as member:
                while block := file.read(_BLOCK):
                    member.write(block)
                    yield from out.taken()
            yield from out.taken()
    yield from out.taken()


class _Out(io.RawIOBase):
    """A file that cannot seek, and gives away what was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, data: object) -> int:
        """Keep bytes until they are taken."""
        view = memoryview(data)  # type: ignore[arg-type]
        self._written += view
        return len(view)

    def taken(self) -> Iterator[bytes]:
        """What was written since the last time."""
        if self._written:
            data = bytes(self._written)
            self._written.clear()
            yield data
