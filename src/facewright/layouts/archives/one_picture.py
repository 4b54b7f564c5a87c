"""One picture of a training archive: square, of the wanted side, as uncompressed PNG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.errors import PhotoError, UsageError
from facewright.layouts.archives.png_rows import PlainPng, PngRows, read_plain
from facewright.layouts.archives.png_stored import Parts, store_pixels, store_rows
from facewright.layouts.archives.resample import resize_square
from facewright.layouts.seam.export import ExportOptions
from facewright.layouts.seam.stored_zip import checksum_of
from facewright.limits import Limits
from facewright.vision.decode import decode_photo

UInt8 = NDArray[np.uint8]

_LIMITS: Final = Limits(min_side=1)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file in pieces with its CRC-32: read again by the thread that made it, it is near."""

    parts: Parts
    crc32: int

    @classmethod
    def of(cls, parts: Parts) -> Checked:
        """Read it through."""
        return cls(parts, checksum_of(parts))


@dataclass(frozen=True, slots=True)
class Made:
    """Files of one face, or why there are none.

    Attributes:
        side: in pixels.
        files: PNGs: the picture, and its mirror where wanted.
        problem: empty where all is well.
        fatal: whether the export must end.
    """

    side: int = 0
    files: tuple[Checked, ...] = ()
    problem: str = ""
    fatal: bool = False


def make_files(data: memoryview | bytes, options: ExportOptions, *, mirror: bool) -> Made:
    """Make the files of one face.

    Args:
        data: an encoded picture.
        options: as for `square_pixels`.
        mirror: whether its mirror is wanted too.
    """
    plain = read_plain(data, _LIMITS)
    rows = None if mirror else _as_it_is(plain, options.size)
    if rows is not None:
        return Made(rows.width, (Checked.of(store_rows(rows)),))
    try:
        pixels = _pixels(data, plain, options)
    except PhotoError as error:
        return Made(problem=f"{error.reason}: {error.detail}")
    except UsageError as error:
        return Made(problem=str(error), fatal=True)
    pictures = (pixels, pixels[:, ::-1]) if mirror else (pixels,)
    return Made(len(pixels), tuple(Checked.of(store_pixels(each)) for each in pictures))


def square_pixels(data: memoryview | bytes, options: ExportOptions) -> UInt8:
    """Decode a picture and bring it to the wanted side.

    Args:
        data: an encoded picture.
        options: its `size`, `resample` and `mixed` count.

    Returns:
        uint8 (S, S, 3) RGB.

    Raises:
        PhotoError: it cannot be decoded, or is not RGB and is to be skipped.
        UsageError: it is not square.
    """
    return _pixels(data, read_plain(data, _LIMITS), options)


def _as_it_is(plain: PlainPng | None, side: int | None) -> PngRows | None:
    """Rows of a picture that is square and has this side already."""
    if plain is None or not plain.width == plain.height == (side or plain.width):
        return None
    return plain.rows()


def _pixels(data: memoryview | bytes, plain: PlainPng | None, options: ExportOptions) -> UInt8:
    rows = plain.rows() if plain is not None and plain.own else None
    pixels = None if rows is None else rows.pixels()
    if pixels is None:
        decoded = decode_photo(bytes(data), _LIMITS)
        if decoded.mode != "RGB" and options.mixed == "skip":
            raise PhotoError("unsupported_format", f"its pixels are {decoded.mode}, not RGB")
        pixels = decoded.pixels
    height, width = pixels.shape[:2]
    if height != width:
        raise UsageError(f"it is {width}x{height} pixels; archives hold squares")
    return resize_square(pixels, options.size or width, options.resample)
