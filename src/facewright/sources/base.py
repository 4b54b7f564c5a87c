"""What a source of photos is, and what the sources share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, runtime_checkable

from facewright.errors import PhotoError
from facewright.limits import Limits

IMAGE_EXTENSIONS: Final = frozenset(
    {
        "jpg",
        "jpeg",
        "jpe",
        "jfif",
        "mpo",
        "png",
        "webp",
        "tif",
        "tiff",
        "bmp",
        "gif",
        "ppm",
        "pgm",
        "pnm",
        "pbm",
        "avif",
        "heic",
        "heif",
    }
)
"""Names with these extensions are taken for photos in folders and archives."""

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id",),
    "author": ("author",),
    "licence": ("licence", "license"),
    "licence_url": ("licence_url", "license_url"),
    "source_url": ("source_url", "url"),
}
"""What a list or table may say of a photo, and the column names it may use for it."""


class SourceReason(StrEnum):
    """Why a photo could not be had; `facewright.record.PHOTO_REASONS` gives the meanings."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    NOT_A_FILE = "not_a_file"
    LINK_LOOP = "link_loop"
    ESCAPES = "escapes"
    ENCRYPTED = "encrypted"
    BAD_LINE = "bad_line"


@dataclass(frozen=True, slots=True)
class Entry:
    """One photo as a source lists it.

    Attributes:
        key: path inside the source with forward slashes, or the row number; unique in the
            source, valid UTF-8 (other bytes are written as backslash escapes).
        locator: what `Source.read` needs to find it again; of no meaning elsewhere.
        size: bytes, where the listing tells without a further look.
        id: the source's own id.
        author: who made it.
        licence: its name or SPDX id.
        licence_url: where its text is.
        source_url: where the photo came from.
        problem: one of `SourceReason` where the photo is known to be out of reach already.
        problem_detail: what was found, for people.
    """

    key: str
    locator: str
    size: int | None = None
    id: str | None = None
    author: str | None = None
    licence: str | None = None
    licence_url: str | None = None
    source_url: str | None = None
    problem: str | None = None
    problem_detail: str | None = None


Accept = Callable[[str], bool]
"""Whether a file is listed, by its path."""


@runtime_checkable
class Source(Protocol):
    """A set of photos. Picklable: each worker gets a copy and opens files for itself."""

    def describe(self) -> str:
        """Say in a few words what this is and where, for people."""
        ...

    @property
    def ignored(self) -> int:
        """Files that the last complete run of `entries` passed over: not pictures by name."""
        ...

    def entries(self) -> Iterator[Entry]:
        """List all photos, always in the same order.

        Raises:
            SourceError: the source itself cannot be read.
        """
        ...

    def read(self, entry: Entry, limits: Limits) -> bytes:
        """Read the file of one photo.

        Raises:
            PhotoError: the entry's own problem, one of `SourceReason`, or too_large_file.
        """
        ...


class UniqueKeys:
    """Gives each key once: a second `a.jpg` becomes `a.jpg#2`."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, key: str) -> str:
        """Return `key`, or `key#2`, `key#3`, ... where it was given before."""
        candidate, number = key, 1
        while candidate in self._taken:
            number += 1
            candidate = f"{key}#{number}"
        self._taken.add(candidate)
        return candidate


def posix_key(path: str) -> str:
    """Make a key of a path: forward slashes, valid UTF-8."""
    return printable(path.replace(os.sep, "/") if os.sep != "/" else path)


def printable(text: str) -> str:
    """Write bytes that were no UTF-8 (surrogate escapes), and NUL, as backslash escapes."""
    if text.isascii():
        return text.replace("\0", "\\x00")
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte, as JSON can spell it
        raw = text.encode("utf-8", "backslashreplace")
    return raw.decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def is_image_name(name: str) -> bool:
    """Whether a file's extension is one of `IMAGE_EXTENSIONS`, in either case."""
    stem, dot, extension = name.rpartition(".")
    return bool(dot and stem) and extension.lower() in IMAGE_EXTENSIONS


def is_any_name(name: str) -> bool:  # noqa: ARG001 - stands where `is_image_name` does
    """Accept every file: for layouts, whose metadata lie beside their pictures."""
    return True


def is_hidden(path: str) -> bool:
    """Whether a part of a posix path starts with a dot (`._x.jpg`, `.git/x.jpg`)."""
    return any(part.startswith(".") and part not in {".", ".."} for part in path.split("/"))


def escapes(path: str) -> bool:
    """Whether a path of an archive points outside of it (absolute, a drive, or `..`)."""
    flat = path.replace("\\", "/")
    return flat.startswith("/") or flat[1:3] == ":/" or ".." in flat.split("/")


def described(key: str, locator: str, row: Mapping[str, object]) -> Entry:
    """Make an entry with the columns of `FIELDS` in a row, by any of their names.

    Empty cells mean unknown.
    """

    def find(columns: tuple[str, ...]) -> str | None:
        """First value under one of the names; None where it is empty."""
        values = (row.get(column) for column in columns)
        text = next((str(value).strip() for value in values if value is not None), "")
        return printable(text) or None

    found = {name: find(columns) for name, columns in FIELDS.items()}
    return Entry(
        key,
        locator,
        id=found["id"],
        author=found["author"],
        licence=found["licence"],
        licence_url=found["licence_url"],
        source_url=found["source_url"],
    )


def raise_problem(entry: Entry) -> None:
    """Refuse to read what the listing excluded.

    Raises:
        PhotoError: with the entry's problem.
    """
    if entry.problem is not None:
        raise PhotoError(entry.problem, entry.problem_detail or entry.key)
