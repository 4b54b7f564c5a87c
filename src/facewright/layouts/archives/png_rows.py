"""The rows of a PNG as they lie in the file: inflated by ISA-L, their prediction not yet undone.

Rows that go into another PNG of the same size need no more. Of files as fpng writes them, which
the crops of builds are, pixels are had in a third of libpng's time. Source: PNG specification,
third edition, sections 5 (chunks), 9 (filters) and 11.2 (IHDR).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from facewright.limits import Limits

UInt8 = NDArray[np.uint8]

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
HEADER: Final = struct.Struct(">IIBBBBB")

_RGB8: Final = (8, 2, 0, 0, 0)  # bits, colour type, compression, filter method, no interlacing
_OWN: Final = b"fdEC"  # fpng's mark
_PLAIN: Final = frozenset({_OWN, b"pHYs", b"tIME"})
"""Chunks that change neither colours nor orientation."""
_MAX_CHUNKS = 1 << 16
_UP = 2
_FILTERS = bytes(range(5))
_STRIPE = 32  # rows that are added up together


@dataclass(frozen=True, slots=True)
class PngRows:
    """An RGB picture of 8 bits.

    Attributes:
        width: in pixels.
        height: likewise.
        data: `height` rows of one byte for the filter and 3 * `width` for what it predicts.
        adler: their checksum as zlib has it, 4 bytes.
    """

    width: int
    height: int
    data: bytes
    adler: bytes

    def pixels(self) -> UInt8 | None:
        """uint8 (H, W, 3); None where a row is predicted by its own pixels, which takes a loop."""
        rows = np.frombuffer(self.data, np.uint8).reshape(self.height, -1)
        filters, shape = rows[:, 0], (self.height, self.width, 3)
        if not filters.any():  # a picture that does not compress
            return np.ascontiguousarray(rows[:, 1:]).reshape(shape)
        if filters[0] not in (0, _UP) or (filters[1:] != _UP).any():
            return None
        return _add_up(rows[:, 1:]).reshape(shape)


@dataclass(frozen=True, slots=True)
class PlainPng:
    """A file that says no more than its pixels: RGB of 8 bits, nothing of colours or orientation.

    Attributes:
        width: in pixels.
        height: likewise.
        own: whether fpng wrote it, so that its pixels are had without a loop.
        packed: the rows, as zlib packed them.
    """

    width: int
    height: int
    own: bool
    packed: bytes | memoryview

    def rows(self) -> PngRows | None:
        """Inflate; None where the file is broken: the general decoder tells."""
        stride = 1 + 3 * self.width
        size = stride * self.height
        stream = isal_zlib.decompressobj()
        try:
            # One byte more than there should be: a file that holds more is not taken for whole.
            data = stream.decompress(self.packed, size + 1)
        except isal_zlib.error:  # type: ignore[misc]  # its stub says no type
            return None
        whole = stream.eof and not stream.unused_data and len(data) == size
        if not whole or data[::stride].strip(_FILTERS):
            return None
        return PngRows(self.width, self.height, data, bytes(self.packed[-4:]))


def read_plain(data: bytes | memoryview, limits: Limits) -> PlainPng | None:
    """Look through a file's chunks and their checksums.

    Args:
        data: a file.
        limits: what it may cost.

    Returns:
        None where it is any other than a `PlainPng`, too large, or broken.
    """
    view = memoryview(data)
    if bytes(view[: len(SIGNATURE)]) != SIGNATURE:
        return None
    chunks = list(islice(_chunks(view), _MAX_CHUNKS))
    names = [name for name, _ in chunks]
    header = chunks[0][1] if chunks else view[:0]
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or len(header) != HEADER.size:
        return None
    packed = [content for name, content in chunks if name == b"IDAT"]
    others = {name for name in names[1:-1] if name != b"IDAT"}
    width, height, *kind = HEADER.unpack(header)
    if tuple(kind) != _RGB8 or not packed or not others <= _PLAIN:
        return None
    if not 0 < width * height <= limits.max_pixels:
        return None
    return PlainPng(
        width, height, _OWN in others, packed[0] if len(packed) == 1 else b"".join(packed)
    )


def _chunks(view: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Chunks up to the end of the file, or to the first that is damaged or cut."""
    at = len(SIGNATURE)
    while at + 12 <= len(view):
        end = at + 8 + int.from_bytes(view[at : at + 4])
        if isal_zlib.crc32(view[at + 4 : end]) != int.from_bytes(view[end : end + 4]):
            return
        yield bytes(view[at + 4 : at + 8]), view[at + 8 : end]
        at = end + 4


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
