"""Look at what the user named, and open it as a source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from facewright.errors import PhotoError, SourceError, UsageError
from facewright.plugins import load, names
from facewright.sources.base import Source
from facewright.sources.folder import open_folder
from facewright.sources.listing import open_list
from facewright.sources.parquet import open_parquet
from facewright.sources.tar import open_tar
from facewright.sources.zip import open_zip
from facewright.vision.decoding.sniff import sniff

Opener = Callable[[Path, bytes], Source | None]
"""Takes a path and the first bytes of the file; None where it is not its kind."""

_HEAD_BYTES: Final = 4096
_BUILT_IN: Final[tuple[Opener, ...]] = (open_folder, open_zip, open_parquet, open_tar, open_list)


def open_source(path: Path | str) -> Source:
    """Open a folder, tar, zip, Parquet file or list of paths.

    The contents decide, not the name, but for lists (.txt, .csv, .jsonl). Further kinds come
    as `Opener` under the entry-point group `facewright.sources`, asked after the built-in ones.

    Raises:
        SourceError: there is nothing there, or it cannot be read.
        UsageError: it is none of these.
    """
    place = Path(path)
    head = _head(place)
    openers: list[Opener] = [*_BUILT_IN, *(load("sources", name) for name in names("sources"))]
    for opener in openers:
        if (source := opener(place, head)) is not None:
            return source
    raise UsageError(
        f"{place} is {_what(head)}; give a folder of photos, a tar, a zip, a Parquet file with"
        " image bytes, or a .txt, .csv or .jsonl list of paths"
    )


def _head(path: Path) -> bytes:
    if path.is_dir():
        return b""
    if not path.exists():
        raise SourceError(f"there is nothing at {path}; check the path")
    if not path.is_file():
        raise UsageError(f"{path} is a pipe or device; give a folder, an archive or a list")
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}; check permissions") from error


def _what(head: bytes) -> str:
    try:
        return f"one picture ({sniff(head)})"
    except PhotoError:
        return "none of the kinds read here"
