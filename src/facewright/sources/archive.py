"""What tar and zip share: which members are photos, and how a part of a file is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from facewright.errors import PhotoError
from facewright.sources.base import (
    Accept,
    Entry,
    SourceReason,
    UniqueKeys,
    escapes,
    is_hidden,
    is_image_name,
    posix_key,
)
from facewright.sources.files import photo_error
from facewright.vision.decoding.base import DecodeReason


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive, as its index has it.

    Attributes:
        name: path as written in the archive.
        locator: where its bytes are.
        size: bytes once unpacked.
        problem: why it cannot be read, or None.
    """

    name: str
    locator: str
    size: int | None
    problem: PhotoError | None = None


def member_entries(
    members: Iterable[Member], accept: Accept = is_image_name
) -> tuple[list[Entry], int]:
    """Choose the photos among the members.

    Args:
        members: of the archive.
        accept: tells by its name whether a member is listed.

    Returns:
        Entries sorted by key (as a folder with the same files would list them), and the number
        of members passed over because of their names.
    """
    entries, ignored = [], 0
    for member in members:
        name = member.name.removeprefix("./")
        if is_hidden(name) or not accept(name.rstrip("/")):
            ignored += not name.endswith("/")
            continue
        problem = member.problem
        if escapes(name):
            problem = PhotoError(SourceReason.ESCAPES, "its path points outside of the archive")
        entries.append(
            Entry(
                posix_key(name.rstrip("/")),
                member.locator,
                member.size,
                problem=problem.reason if problem else None,
                problem_detail=problem.detail if problem else None,
            )
        )
    entries.sort(key=lambda entry: entry.key)
    return list(_unique(entries)), ignored


def read_range(path: Path, offset: int, size: int) -> bytes:
    """Read a part of a file.

    Raises:
        PhotoError: unreadable, or truncated where the file ends before the part does.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset, os.SEEK_SET)
            data = file.read(size)
    except OSError as error:
        said = photo_error(error)
        raise PhotoError(SourceReason.UNREADABLE, f"the archive: {said.detail}") from error
    if len(data) < size:
        raise PhotoError(
            DecodeReason.TRUNCATED, f"the archive ends {size - len(data)} bytes before it does"
        )
    return data


def _unique(entries: Iterable[Entry]) -> Iterator[Entry]:
    unique = UniqueKeys()
    for entry in entries:
        key = unique(entry.key)
        yield entry if key == entry.key else replace(entry, key=key)
