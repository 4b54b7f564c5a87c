"""WebP: sizes and metadata from the RIFF chunks, pixels of a still picture by OpenCV.

Both OpenCV and Pillow call libwebp and give the same pixels, but Pillow always sets up an
animation with three canvases of four bytes a pixel: 1.2 GB where OpenCV takes 0.5.
Source: RFC 9649.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from facewright.limits import Limits
from facewright.vision.decoding.base import Raster, corrupt, truncated
from facewright.vision.decoding.colour import Colours, bands_of_array, correct_in_place, to_srgb
from facewright.vision.decoding.exif import orientation_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_RIFF_HEADER = 12
_RGBA = 4
_MAX_CHUNKS = 100_000


@dataclass(slots=True)
class WebpHeader:
    """What the chunks say.

    Attributes:
        width: of the canvas, in pixels.
        height: of the canvas, in pixels.
        frames: of an animation, else 1.
        exif: EXIF block, empty for none.
        icc: ICC profile, empty for none.
    """

    width: int = 0
    height: int = 0
    frames: int = 1
    exif: bytes = b""
    icc: bytes = b""
    _animated: int = field(default=0)

    def take(self, name: bytes, body: bytes) -> None:
        """Learn from one chunk; the canvas of VP8X, which comes first, outranks its frames."""
        match name:
            case b"VP8X" if len(body) >= len("fRRRwwwhhh"):
                self.width = 1 + int.from_bytes(body[4:7], "little")
                self.height = 1 + int.from_bytes(body[7:10], "little")
            case b"VP8 " if not self.width and len(body) >= len("tttsssWWHH"):
                self.width = int.from_bytes(body[6:8], "little") & 0x3FFF
                self.height = int.from_bytes(body[8:10], "little") & 0x3FFF
            case b"VP8L" if not self.width and len(body) >= len("sWWHH"):
                packed = int.from_bytes(body[1:5], "little")
                self.width, self.height = 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
            case b"ANMF":
                self._animated += 1
                self.frames = self._animated
            case b"EXIF":
                self.exif = body
            case b"ICCP":
                self.icc = body


def read_webp(data: bytes, limits: Limits) -> WebpHeader:
    """Walk the chunks of a WebP file, without decoding.

    An animation counts for three times its pixels, since its reader holds so many canvases.

    Raises:
        PhotoError: truncated, corrupt, too_many_pixels or too_small.
    """
    header = WebpHeader()
    for name, body in _chunks(data):
        header.take(name, body)
    limits.check_size(header.width, header.height)
    if header.frames > 1:
        Limits(max_pixels=limits.max_pixels // 3, min_side=1).check_size(
            header.width, header.height
        )
    return header


def decode_still_webp(data: bytes, header: WebpHeader) -> Raster:
    """Decode a WebP file that is no animation.

    Raises:
        PhotoError: corrupt.
    """
    stored = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if stored is None or stored.shape[:2] != (header.height, header.width):
        raise corrupt("libwebp cannot decode its pixels")
    if stored.shape[2] == _RGBA:
        rgba = np.asarray(cv2.cvtColor(stored, cv2.COLOR_BGRA2RGBA, dst=stored), np.uint8)
        size = (header.width, header.height)
        colours = Colours("RGBA", header.icc, alpha=True)
        pixels, notes = to_srgb(bands_of_array(rgba, "RGBA"), size, colours)
    else:
        pixels = np.asarray(cv2.cvtColor(stored, cv2.COLOR_BGR2RGB, dst=stored), np.uint8)
        notes = correct_in_place(pixels, header.icc)
    mode = "RGBA" if stored.shape[2] == _RGBA else "RGB"
    return Raster(pixels, "WEBP", mode, 1, orientation_of(header.exif), notes=notes)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    whole = 8 + int.from_bytes(data[4:8], "little")
    if data[:4] != b"RIFF":
        raise corrupt("a WebP file starts with RIFF")
    if whole > len(data):
        raise truncated(f"{len(data)} bytes of {whole}")
    at = _RIFF_HEADER
    for _ in range(_MAX_CHUNKS):
        if at + 8 > whole:
            return
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > len(data):
            raise truncated("its last chunk is cut off")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + (size & 1)
    raise corrupt(f"over {_MAX_CHUNKS} chunks")
