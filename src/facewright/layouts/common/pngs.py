"""Pictures for layouts that publish PNG: bytes as they are wherever they can stay so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.vision.decode import decode_photo
from facewright.vision.decoding.header import read_header
from facewright.vision.encode import encode_png

_LIMITS: Final = Limits()
_FILTERS: Final = {"lanczos": Image.Resampling.LANCZOS, "box": Image.Resampling.BOX}

Filter = Literal["lanczos", "box"]
Mixed = Literal["convert", "skip"]


@dataclass(slots=True)
class Png:
    """A PNG file and its pixels, which are decoded once and only if wanted.

    Attributes:
        data: the file.
    """

    data: bytes
    _pixels: NDArray[np.uint8] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> Png:
        """Encode pixels, RGB uint8 (H, W, 3)."""
        return cls(encode_png(pixels), pixels)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """RGB uint8 (H, W, 3).

        Raises:
            PhotoError: they cannot be decoded.
        """
        if self._pixels is None:
            self._pixels = decode_photo(self.data, _LIMITS).pixels
        return self._pixels

    def at(self, side: int, resample: Filter = "lanczos") -> Png:
        """The picture at side x side pixels; itself where it has that size.

        Raises:
            PhotoError: it cannot be decoded.
        """
        if self.pixels.shape[:2] == (side, side):
            return self
        return Png.of(resized(self.pixels, side, resample))


def square_png(
    data: bytes, side: int | None = None, resample: Filter = "lanczos", mixed: Mixed = "convert"
) -> Png:
    """A square RGB PNG: the bytes themselves where they are one of that side already.

    Args:
        data: an encoded picture.
        side: in pixels; None for its own.
        resample: filter where the side changes.
        mixed: what to do with a picture that is not RGB.

    Raises:
        PhotoError: it cannot be decoded, is not square, or is not RGB and is to be skipped.
    """
    header = read_header(data, _LIMITS)
    if header.width != header.height:
        raise PhotoError(
            "unsupported_format", f"it is {header.width}x{header.height} pixels, not square"
        )
    if header.mode != "RGB" and mixed == "skip":
        raise PhotoError("unsupported_format", f"its pixels are {header.mode}, not RGB")
    same = side in (None, header.width)
    if same and (header.format, header.mode) == ("PNG", "RGB"):
        return Png(data)
    pixels = decode_photo(data, _LIMITS).pixels
    if not same and side is not None:
        pixels = resized(pixels, side, resample)
    return Png.of(pixels)


def upright_png(data: bytes, orientation: int | None) -> Png:
    """A photo as PNG with its EXIF orientation applied; the bytes themselves where they are that.

    Args:
        data: the photo's file.
        orientation: EXIF orientation 1..8, or None where there is none.

    Raises:
        PhotoError: it cannot be decoded.
    """
    if orientation in (None, 1) and read_header(data, _LIMITS).format == "PNG":
        return Png(data)
    return Png.of(decode_photo(data, _LIMITS).pixels)


def resized(
    pixels: NDArray[np.uint8], side: int, resample: Filter = "lanczos"
) -> NDArray[np.uint8]:
    """A picture (H, W, 3) at side x side pixels by Pillow's filter of that name."""
    return np.asarray(Image.fromarray(pixels).resize((side, side), _FILTERS[resample]))


def md5_of(data: bytes | memoryview) -> str:
    """Checksum as published sets state it: to find damage, not to keep anybody out."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
