"""JPEG and MPO: a walk over the markers, then libjpeg-turbo without mercy for broken data.

Source: ITU-T T.81 annex B (markers), the Adobe technical note 5116 (inverted CMYK), ICC.1
annex B.4 (profile chunks), CIPA DC-007 (MPO).
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import simplejpeg
from PIL.JpegImagePlugin import JpegImageFile

from facewright.limits import Limits
from facewright.vision.decoding.base import Raster, corrupt, truncated, unsupported
from facewright.vision.decoding.colour import (
    Colours,
    bands_of,
    bands_of_array,
    correct_in_place,
    to_srgb,
)
from facewright.vision.decoding.exif import ifd_integer, orientation_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_DECODED_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})
_PROGRESSIVE = frozenset({0xC2, 0xCA})
_MAX_SEGMENTS = 20_000
_MAX_SCANS = 500
_MPF_NUMBER_OF_IMAGES = 0xB001
_CMYK = 4
_STRAY = re.compile(r"(\d+) extraneous bytes before marker 0xd9")


@dataclass(slots=True)
class JpegHeader:
    """What the markers before the first scan say.

    Attributes:
        width: pixels a row.
        height: rows.
        bits: of one sample.
        components: 1 grey, 3 colour, 4 CMYK or YCCK.
        frame: the start-of-frame marker's low byte (0xC0 baseline, 0xC2 progressive, ...).
        exif: the first EXIF block, from its prefix on.
        icc: the ICC profile, put together from its chunks.
        pictures: in the file, above 1 for MPO.
    """

    width: int = 0
    height: int = 0
    bits: int = 8
    components: int = 0
    frame: int = 0
    exif: bytes = b""
    icc: bytes = b""
    pictures: int = 1
    _chunks: dict[int, bytes] = field(default_factory=dict)

    def take(self, marker: int, body: bytes) -> None:
        """Learn from one segment."""
        if marker in _FRAMES and not self.frame:
            if len(body) < len("PHHWWN"):
                raise corrupt("the start of frame is too short")
            self.frame, self.bits, self.components = marker, body[0], body[5]
            self.height, self.width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
        elif marker == 0xE1 and not self.exif and body.startswith(b"Exif\0"):
            self.exif = body
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
            self._chunks[int.from_bytes(body[12:13])] = body[14:]
        elif marker == 0xE2 and body.startswith(b"MPF\0"):
            self.pictures = ifd_integer(body[4:], _MPF_NUMBER_OF_IMAGES) or 1

    def finish(self) -> JpegHeader:
        """Put the profile together once all segments are in."""
        self.icc = b"".join(self._chunks[number] for number in sorted(self._chunks))
        return self


def read_jpeg_header(data: bytes) -> JpegHeader:
    """Walk the markers up to the first scan, without decoding.

    Raises:
        PhotoError: truncated or corrupt.
    """
    header = JpegHeader()
    for marker, body in _segments(data):
        header.take(marker, body)
    if not header.frame:
        raise corrupt("a scan comes before any start of frame")
    return header.finish()


def decode_jpeg(data: bytes, limits: Limits) -> Raster:
    """Decode the first picture of a JPEG or MPO file.

    Every warning of libjpeg is an error here (it would fill the rest with grey), but for stray
    bytes before the end marker, which some telephones write.

    Raises:
        PhotoError: truncated, corrupt, unsupported_format, too_many_pixels or too_small.
    """
    header = read_jpeg_header(data)
    limits.check_size(header.width, header.height)
    if header.frame not in _DECODED_FRAMES or header.bits != 8:
        raise unsupported(f"JPEG of kind SOF{header.frame - 0xC0} with {header.bits} bits")
    if header.frame in _PROGRESSIVE and data.count(b"\xff\xda") > _MAX_SCANS:
        raise corrupt(f"over {_MAX_SCANS} scans: made to exhaust its reader")
    pixels, mode, notes = _pixels(data, header)
    return Raster(
        pixels,
        format="MPO" if header.pictures > 1 else "JPEG",
        mode=mode,
        frames=header.pictures,
        orientation=orientation_of(header.exif) if header.exif else 1,
        notes=notes,
    )


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    for _ in range(_MAX_SEGMENTS):
        at = data.find(b"\xff", at)
        while at >= 0 and data[at : at + 2] == b"\xff\xff":
            at += 1
        if at < 0 or at + 4 > len(data):
            raise truncated(f"{len(data)} bytes end inside the header")
        marker = data[at + 1]
        if marker == _START_OF_SCAN:
            return
        if marker == _END_OF_IMAGE:
            raise corrupt("the picture ends before its first scan")
        if marker in _ALONE or marker == 0:
            at += 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if end > len(data):
            raise truncated(f"{len(data)} bytes end inside the header")
        yield marker, data[at + 4 : end]
        at = end
    raise corrupt(f"over {_MAX_SEGMENTS} segments in the header")


def _pixels(data: bytes, header: JpegHeader) -> tuple[NDArray[np.uint8], str, list[str]]:
    size = (header.width, header.height)
    if header.components == _CMYK:
        inks, notes = _strict(data, "CMYK", size)
        np.invert(inks, out=inks)
        rgb, more = to_srgb(bands_of_array(inks, "CMYK"), size, Colours("CMYK", header.icc))
        return rgb, "CMYK", notes + more
    mode = "L" if header.components == 1 else "RGB"
    if mode == "L" and header.icc:
        grey, notes = _strict(data, "GRAY", size)
        rgb, more = to_srgb(bands_of_array(grey[..., 0], "L"), size, Colours("L", header.icc))
        return rgb, mode, notes + more
    rgb, notes = _strict(data, "RGB", size)
    notes += correct_in_place(rgb, header.icc)
    return rgb, mode, notes


def _strict(
    data: bytes, colours: str, size: tuple[int, int]
) -> tuple[NDArray[np.uint8], list[str]]:
    try:
        return simplejpeg.decode_jpeg(data, colours), []
    except ValueError as error:
        said = str(error)
    if stray := _STRAY.search(said):
        pixels = simplejpeg.decode_jpeg(data, colours, strict=False)
        return pixels, [f"{stray[1]} stray bytes before the end marker"]
    if "subsampling" in said and colours == "RGB":
        return _by_pillow(data, size)
    if "Premature end of JPEG" in said:
        raise truncated(f"libjpeg: {said}; the file has {len(data)} bytes")
    if "not supported" in said or said.startswith("Unsupported color"):
        raise unsupported(f"libjpeg: {said}")
    raise corrupt(f"libjpeg: {said}")


def _by_pillow(data: bytes, size: tuple[int, int]) -> tuple[NDArray[np.uint8], list[str]]:
    """Decode sampling factors that the TurboJPEG interface has no name for."""
    try:
        with warnings.catch_warnings(action="ignore"):
            image = JpegImageFile(io.BytesIO(data))
            image.load()
    except (OSError, SyntaxError, ValueError) as error:
        kind = truncated if "truncated" in str(error) else corrupt
        raise kind(f"libjpeg: {error}") from error
    if image.size != size:
        raise corrupt(f"two sizes: {size} and {image.size}")
    return to_srgb(bands_of(image), size, Colours("RGB"))
