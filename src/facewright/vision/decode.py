"""From the bytes of a photo, which may be hostile, to upright sRGB pixels.

    bytes -> size cap -> format by signature -> size in the header against the limits
          -> decode one picture -> sRGB, 8 bits -> EXIF orientation applied

Read: JPEG, MPO, PNG, WebP, TIFF, GIF, BMP, PPM/PGM/PBM, AVIF. Peak memory, in sizes of the
pixels that come out: JPEG 1 (2 where it is turned upright), others 2.4, transparent WebP 2.7,
progressive JPEG and AVIF 3, animated WebP up to 6 (its pixels count threefold for the limit).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.vision.decoding.base import DECODE_REASONS, DecodeReason, Raster
from facewright.vision.decoding.exif import turn_upright
from facewright.vision.decoding.jpeg import decode_jpeg
from facewright.vision.decoding.pillow import decode_by_pillow
from facewright.vision.decoding.png import read_png
from facewright.vision.decoding.sniff import sniff
from facewright.vision.decoding.webp import decode_still_webp, read_webp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DECODE_REASONS", "DecodeReason", "Decoded", "Limits", "decode_photo"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """One photo, ready to be looked at.

    Attributes:
        pixels: sRGB uint8 (H, W, 3), C-contiguous, upright.
        format: of the file, by its bytes: AVIF, BMP, GIF, JPEG, MPO, PNG, PPM, TIFF or WEBP.
        mode: how the file stored its colours, in Pillow's words ("RGB", "CMYK", "I;16", ...).
        frames: pictures in the file, of which `pixels` is the first.
        orientation: EXIF orientation of the file, 1..8; it has been applied.
        notes: what was done beyond decoding, e.g. "first of 12 frames".
    """

    pixels: NDArray[np.uint8]
    format: str
    mode: str
    frames: int
    orientation: int
    notes: tuple[str, ...]


_DEFAULT_LIMITS = Limits()


def decode_photo(data: bytes, limits: Limits = _DEFAULT_LIMITS) -> Decoded:
    """Decode the first picture of a file.

    Args:
        data: the whole file.
        limits: what it may cost.

    Raises:
        PhotoError: with one of `DECODE_REASONS`.
    """
    if len(data) > limits.max_bytes:
        raise PhotoError(
            DecodeReason.TOO_LARGE_FILE,
            f"{len(data)} bytes; the limit is {limits.max_bytes}",
        )
    raster = _decode(data, sniff(data), limits)
    turned = raster.orientation if not raster.upright else 1
    notes = raster.notes
    if raster.frames > 1:
        notes = [f"first of {raster.frames} frames", *notes]
    return Decoded(
        turn_upright(raster.pixels, turned),
        raster.format,
        raster.mode,
        raster.frames,
        raster.orientation,
        tuple(notes),
    )


def _decode(data: bytes, name: str, limits: Limits) -> Raster:
    if name == "JPEG":
        return decode_jpeg(data, limits)
    if name == "WEBP":
        webp = read_webp(data, limits)
        if webp.frames == 1:
            return decode_still_webp(data, webp)
    if name == "PNG":
        read_png(data, limits)
    return decode_by_pillow(data, name, limits)
