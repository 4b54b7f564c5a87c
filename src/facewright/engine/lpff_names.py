"""Names of raw images, of which LPFF's ids are made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from facewright.layouts.common.numbering import file_stem
from facewright.sources.base import Entry, is_image_name

_LONGEST = 180  # bytes; file systems allow 255, of which _01.png and temporary names need some
_DIGEST = 12


def raw_names(entries: Iterable[Entry]) -> list[str]:
    """Names of raw images: the entry's id, or its file's name without ending.

    They can be file names on every system, and no two are equal, upper and lower case aside:
    where a name was given before, -2, -3, ... is added.
    """
    taken: set[str] = set()
    names = []
    for entry in entries:
        base = name = _raw_name(entry)
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _raw_name(entry: Entry) -> str:
    path = PurePosixPath(entry.key)
    name = entry.id or (path.stem if is_image_name(entry.key) else path.name)
    safe = file_stem(name)
    if len(safe.encode()) <= _LONGEST:
        return safe
    digest = hashlib.sha256(safe.encode()).hexdigest()[:_DIGEST]
    start = safe.encode()[: _LONGEST - _DIGEST - 1].decode(errors="ignore")
    return f"{start}-{digest}"
