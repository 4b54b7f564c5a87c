"""What a picture's header says, without decoding a pixel."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL.JpegImagePlugin import JpegImageFile

from facewright.limits import Limits
from facewright.vision.decoding.base import corrupt
from facewright.vision.decoding.pillow import HOSTILE, PLUGINS
from facewright.vision.decoding.png import read_png
from facewright.vision.decoding.sniff import sniff

_JPEG = frozenset({"JPEG", "MPO"})


@dataclass(frozen=True, slots=True)
class Header:
    """A picture file's own description.

    Attributes:
        format: as `facewright.vision.decode.Decoded.format`.
        mode: of its pixels, in Pillow's words.
        width: in pixels, as stored (EXIF orientation not applied).
        height: likewise.
    """

    format: str
    mode: str
    width: int
    height: int


def read_header(data: bytes, limits: Limits) -> Header:
    """Read a header, and for a PNG that its chunks are whole.

    Raises:
        PhotoError: not a picture, broken there, or larger or smaller than the limits.
    """
    name = sniff(data)
    if name == "PNG":
        read_png(data, limits)
    plugin = JpegImageFile if name in _JPEG else PLUGINS[name]
    try:
        with warnings.catch_warnings(action="ignore"), plugin(io.BytesIO(data)) as image:
            found = Header(name, image.mode, *image.size)
    except HOSTILE as error:
        raise corrupt(f"Pillow: {error}") from error
    limits.check_size(found.width, found.height)
    return found
