"""PNG without compression, as StyleGAN's archives hold it: loaders read it at the speed of a copy.

Written by hand it costs one: a header, the rows in stored deflate blocks, two checksums. Source:
PNG specification, third edition, sections 5 and 9; RFC 1950; RFC 1951, section 3.2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from facewright.layouts.archives.png_rows import HEADER, SIGNATURE, PngRows

UInt8 = NDArray[np.uint8]
Parts = tuple[bytes | memoryview, ...]
"""A file in pieces that follow each other, so that none is copied before it is written."""

_STORED: Final = struct.Struct("<BHH")
_LONGEST: Final = 0xFFFF  # bytes in a stored block
_ZLIB: Final = b"\x78\x01"
_GREY, _RGB = 0, 2


def store_pixels(pixels: UInt8) -> Parts:
    """A PNG of zlib level 0, no row predicted by another.

    Args:
        pixels: uint8 (H, W, 3) RGB or (H, W) grey.
    """
    height, width = pixels.shape[:2]
    rows = np.empty((height, 1 + pixels[0].size), np.uint8)
    rows[:, 0] = 0
    rows[:, 1:] = pixels.reshape(height, -1)
    flat = rows.data.cast("B")
    header = HEADER.pack(width, height, 8, _GREY if pixels.ndim == 2 else _RGB, 0, 0, 0)
    return _store(flat, header, isal_zlib.adler32(flat).to_bytes(4))


def store_rows(rows: PngRows) -> Parts:
    """A PNG of zlib level 0 with the rows of another, predicted as they were there."""
    header = HEADER.pack(rows.width, rows.height, 8, _RGB, 0, 0, 0)
    return _store(memoryview(rows.data), header, rows.adler)


def _store(flat: memoryview, header: bytes, adler: bytes) -> Parts:
    parts: list[bytes | memoryview] = [_ZLIB]
    for start in range(0, len(flat), _LONGEST):
        block = flat[start : start + _LONGEST]
        last = start + _LONGEST >= len(flat)
        parts += [_STORED.pack(last, len(block), len(block) ^ 0xFFFF), block]
    parts.append(adler)
    return (SIGNATURE, *_chunk(b"IHDR", [header]), *_chunk(b"IDAT", parts), *_chunk(b"IEND", []))


def _chunk(name: bytes, parts: Sequence[bytes | memoryview]) -> Parts:
    checksum = isal_zlib.crc32(name)
    for part in parts:
        checksum = isal_zlib.crc32(part, checksum)
    length = sum(map(len, parts))
    return (length.to_bytes(4), name, *parts, checksum.to_bytes(4))
