"""PNG without compression, and the fast way back from our own compressed ones.

StyleGAN's archives hold PNGs of zlib level 0, which loaders read at the speed of a copy. Written
by hand they cost one: a header, the rows in stored deflate blocks, two checksums. Source: PNG
specification, third edition, sections 5 and 9; RFC 1950 and RFC 1951, section 3.2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from facewright.limits import Limits

UInt8 = NDArray[np.uint8]

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = struct.Struct(">IIBBBBB")
_STORED: Final = struct.Struct("<BHH")
_LONGEST: Final = 0xFFFF  # bytes in a stored block
_ZLIB: Final = b"\x78\x01"
_GREY, _RGB = 0, 2
_UP = 2
_STRIPE = 32  # rows that are added up together


def encode_stored(pixels: UInt8) -> bytes:
    """A PNG of zlib level 0.

    Args:
        pixels: uint8 (H, W, 3) RGB or (H, W) grey.

    Returns:
        The file: one IDAT of stored blocks, filter 0 in every row.
    """
    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + pixels[0].size), np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    flat = rows.data.cast("B")
    colour = _GREY if pixels.ndim == 2 else _RGB
    header = _HEADER.pack(width, height, 8, colour, 0, 0, 0)
    parts: list[bytes | memoryview] = [_ZLIB]
    for start in range(0, len(flat), _LONGEST):
        block = flat[start : start + _LONGEST]
        last = start + _LONGEST >= len(flat)
        parts += [_STORED.pack(last, len(block), len(block) ^ 0xFFFF), block]
    parts.append(isal_zlib.adler32(flat).to_bytes(4))
    return b"".join(
        [SIGNATURE, *_chunk(b"IHDR", [header]), *_chunk(b"IDAT", parts), *_chunk(b"IEND", [])]
    )


def _chunk(name: bytes, parts: Sequence[bytes | memoryview]) -> list[bytes | memoryview]:
    checksum = isal_zlib.crc32(name)
    for part in parts:
        checksum = isal_zlib.crc32(part, checksum)
    length = sum(map(len, parts))
    return [length.to_bytes(4), name, *parts, checksum.to_bytes(4)]


def decode_own(data: bytes | memoryview, limits: Limits) -> UInt8 | None:
    """Pixels of a PNG as fpng writes it: RGB of 8 bits, each row predicted by the one above.

    Inflated by ISA-L and added up in stripes: a third of the time of libpng.

    Args:
        data: a file.
        limits: what it may cost.

    Returns:
        uint8 (H, W, 3); None where the file is any other, or broken: the general decoder tells.
    """
    layout = _own_layout(memoryview(data))
    if layout is None or layout.width * layout.height > limits.max_pixels:
        return None
    stride = 1 + 3 * layout.width
    size = stride * layout.height
    try:
        # One byte more than there should be: a file that holds more is not taken for whole.
        inflated = isal_zlib.decompressobj().decompress(layout.packed, size + 1)
    except isal_zlib.error:  # type: ignore[misc]
        return None
    if len(inflated) != size:
        return None
    rows = np.frombuffer(inflated, np.uint8).reshape(layout.height, stride)
    filters = rows[:, 0]
    if not filters.any():  # a picture that does not compress
        return np.ascontiguousarray(rows[:, 1:]).reshape(layout.height, layout.width, 3)
    if filters[0] not in (0, _UP) or (filters[1:] != _UP).any():
        return None
    return _add_up(rows[:, 1:]).reshape(layout.height, layout.width, 3)


class _Layout(NamedTuple):
    width: int
    height: int
    packed: memoryview


def _own_layout(view: memoryview) -> _Layout | None:
    """The four chunks of fpng (IHDR, its mark fdEC, one IDAT, IEND), or None."""
    if bytes(view[:8]) != SIGNATURE:
        return None
    found: list[tuple[bytes, memoryview]] = []
    at = len(SIGNATURE)
    while at + 12 <= len(view) and len(found) < 5:
        end = at + 8 + int.from_bytes(view[at : at + 4])
        found.append((bytes(view[at + 4 : at + 8]), view[at + 8 : end]))
        at = end + 4
    if [name for name, _ in found] != [b"IHDR", b"fdEC", b"IDAT", b"IEND"] or at != len(view):
        return None
    header = found[0][1]
    if len(header) != _HEADER.size:
        return None
    width, height, *kind = _HEADER.unpack(header)
    return _Layout(width, height, found[2][1]) if kind == [8, _RGB, 0, 0, 0] else None


def _add_up(rows: UInt8) -> UInt8:
    """Running sums modulo 256 down the columns: of stripes side by side, then stripe by stripe."""
    height, width = rows.shape
    out = np.empty((height, width), np.uint8)
    whole = height // _STRIPE * _STRIPE
    stripes = out[:whole].reshape(-1, _STRIPE, width)
    source = rows[:whole].reshape(-1, _STRIPE, width)
    stripes[:, 0] = source[:, 0]
    for row in range(1, _STRIPE):
        np.add(stripes[:, row - 1], source[:, row], out=stripes[:, row])
    for stripe in range(1, len(stripes)):
        stripes[stripe] += stripes[stripe - 1, -1]
    for row in range(whole, height):
        np.add(out[row - 1], rows[row], out=out[row]) if row else np.copyto(out[0], rows[0])
    return out
