"""Hashes of a stored crop, decoded no further than they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import simplejpeg
import xxhash
from numpy.typing import NDArray

from facewright.duplicates.hashes import near_hash, pixel_hash
from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.vision.decode import decode_photo
from facewright.vision.decoding.exif import orientation_of, turn_upright
from facewright.vision.decoding.jpeg import read_jpeg_header

_SIDE: Final = 128  # pixels of the shorter side that a JPEG is decoded at, or more
_ALWAYS = Limits(min_side=1)
_COMPONENTS: Final = (1, 3)


@dataclass(frozen=True, slots=True)
class CropHashes:
    """Hashes of one encoded picture; None where it cannot be decoded, or is flat, or a JPEG.

    Attributes:
        bytes: XXH3-128 of the file's content.
        pixels: `pixel_hash`; None for a JPEG, whose pixels are not needed in full.
        near: `near_hash`.
    """

    bytes: str
    pixels: str | None
    near: str | None


def crop_hashes(data: bytes | memoryview) -> CropHashes:
    """Hash an encoded picture: a JPEG's luma at a reduced scale, other formats in full."""
    content = bytes(data)
    digest = xxhash.xxh3_128_hexdigest(content)
    try:
        if content[:2] == b"\xff\xd8":
            small = _small_grey(content)
            if small is not None:
                return CropHashes(digest, None, near_hash(small))
        pixels = decode_photo(content, _ALWAYS).pixels
    except PhotoError:
        return CropHashes(digest, None, None)
    return CropHashes(digest, pixel_hash(pixels), near_hash(pixels))


def _small_grey(data: bytes) -> NDArray[np.uint8] | None:
    """A JPEG's luma (H, W, 3) by libjpeg's scaled DCT; None where another way has to be taken.

    Raises:
        PhotoError: the header is broken, or claims too much.
    """
    header = read_jpeg_header(data)
    _ALWAYS.check_size(header.width, header.height)
    if header.components not in _COMPONENTS:
        return None
    try:
        grey = simplejpeg.decode_jpeg(data, "GRAY", min_height=_SIDE, min_width=_SIDE, min_factor=8)
    except ValueError:
        return None
    orientation = orientation_of(header.exif) if header.exif else 1
    return turn_upright(grey.repeat(3, axis=2), orientation)
