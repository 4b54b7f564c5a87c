"""Names of faces in a layout: safe as file names, unique when a selection repeats a face."""

from __future__ import annotations

import re
from collections.abc import Iterable

_UNSAFE = re.compile(r'[\x00-\x1f\x7f%/\\:*?"<>|]|^\.|^-')


def file_stem(text: str) -> str:
    """An id as a file name on every system: what is special is written as %2F; never equal for two.

    Hidden names and those that look like options are escaped as well.
    """
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", text) or "%"


def unique_numbers(wanted: Iterable[tuple[str, int]]) -> list[int]:
    """Numbers of faces in their photos: their own, and fresh ones for repeats.

    Args:
        wanted: photo and number of each face, in order.

    Returns:
        One number each: no photo has one twice, and the first of equal faces keeps its own.
    """
    pairs = list(wanted)
    last: dict[str, int] = {}
    for photo, number in pairs:
        last[photo] = max(last.get(photo, number), number)
    taken: set[tuple[str, int]] = set()
    found = []
    for photo, number in pairs:
        if (photo, number) in taken:
            last[photo] += 1
        own = last[photo] if (photo, number) in taken else number
        taken.add((photo, own))
        found.append(own)
    return found
