"""PNG structure: every checksum, the size, the frames; before any pixel is inflated.

Pillow skips the checksums of the pixel data, so a flipped bit there would pass unseen.
Source: PNG specification, third edition, sections 5 (chunks) and 11 (IHDR, acTL).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from facewright.limits import Limits
from facewright.vision.decoding.base import corrupt, truncated

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_OVERHEAD = 12
_MAX_CHUNKS = 200_000


@dataclass(frozen=True, slots=True)
class PngHeader:
    """What the chunks say.

    Attributes:
        width: pixels a row.
        height: rows.
        bits: of one sample, 1..16.
        colour: PNG colour type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
        frames: of an animation, else 1.
    """

    width: int
    height: int
    bits: int
    colour: int
    frames: int


def read_png(data: bytes, limits: Limits) -> PngHeader:
    """Check the structure of a PNG file.

    Raises:
        PhotoError: truncated, corrupt, too_many_pixels or too_small.
    """
    header = _read_ihdr(data)
    limits.check_size(header[0], header[1])
    frames = _walk(data)
    return PngHeader(*header, frames)


def _read_ihdr(data: bytes) -> tuple[int, int, int, int]:
    end = len(SIGNATURE) + _OVERHEAD + 13
    if len(data) < end:
        raise truncated(f"{len(data)} bytes end inside the header")
    if data[8:16] != b"\0\0\0\x0dIHDR":
        raise corrupt("the first chunk is not IHDR")
    if zlib.crc32(data[12:29]) != int.from_bytes(data[29:end]):
        raise corrupt("wrong checksum in chunk IHDR")
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24]), data[24], data[25]


def _walk(data: bytes) -> int:
    """Check all chunks up to IEND and return the number of frames."""
    view, at, frames = memoryview(data), len(SIGNATURE), 1
    for _ in range(_MAX_CHUNKS):
        if at + _OVERHEAD > len(data):
            raise truncated(f"{len(data)} bytes end before the end marker")
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = at + _OVERHEAD + length
        if end > len(data):
            raise truncated(f"chunk {_label(name)} needs {end - len(data)} more bytes")
        if zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            raise corrupt(f"wrong checksum in chunk {_label(name)}")
        if name == b"IEND":
            return frames
        if name == b"acTL":
            frames = max(1, int.from_bytes(data[at + 8 : at + 12]))
        at = end
    raise corrupt(f"over {_MAX_CHUNKS} chunks")


def _label(name: bytes) -> str:
    return name.decode("ascii", "backslashreplace")
