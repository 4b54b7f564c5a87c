"""Count the pictures of a GIF or TIFF file in bounded time, without decoding any.

Pillow's own counts step through every frame, for minutes on a file made for it.
Sources: GIF89a specification; TIFF 6.0 section 2; BigTIFF design.
"""

from __future__ import annotations

import struct
from typing import Final

MOST = 100_000
"""Counting stops here."""

_EXTENSION, _IMAGE = 0x21, 0x2C
_LAYOUTS: Final = {False: ("I", "H", 12, 4), True: ("Q", "Q", 20, 8)}


def count_gif_frames(data: bytes) -> int:
    """Count the image descriptors of a GIF file; at least 1, whatever is broken."""
    at = 13 + _colour_table(data[10:11])
    frames = blocks = 0
    while at < len(data) and blocks < MOST:
        blocks += 1
        if data[at] == _IMAGE:
            frames += 1
            at = _skip_sub_blocks(data, at + 11 + _colour_table(data[at + 9 : at + 10]))
        elif data[at] == _EXTENSION:
            at = _skip_sub_blocks(data, at + 2)
        else:
            break
    return max(1, frames)


def count_tiff_pages(data: bytes) -> int:
    """Follow the chain of directories of a TIFF or BigTIFF file; at least 1."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    offset, count, entry, first = _LAYOUTS[big]
    seen: set[int] = set()
    try:
        (at,) = struct.unpack_from(order + offset, data, 8 if big else first)
        while at and at not in seen and len(seen) < MOST:
            (entries,) = struct.unpack_from(order + count, data, at)
            seen.add(at)
            end = at + struct.calcsize(order + count) + entries * entry
            (at,) = struct.unpack_from(order + offset, data, end)
    except (struct.error, OverflowError):
        pass  # the chain ends outside of the file: what was found so far counts
    return max(1, len(seen))


def _colour_table(packed: bytes) -> int:
    flags = packed[0] if packed else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _skip_sub_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1
