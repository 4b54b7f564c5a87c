"""What all photo decoders share: limits, reasons, the picture on its way, and how to refuse."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from facewright.errors import PhotoError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


MEGABYTE: Final = 1 << 20


class DecodeReason(StrEnum):
    """Why bytes did not become a picture; `facewright.record.PHOTO_REASONS` gives the meanings."""

    EMPTY = "empty"
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TRUNCATED = "truncated"
    CORRUPT = "corrupt"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LARGE_FILE = "too_large_file"
    TOO_SMALL = "too_small"


DECODE_REASONS: Final = tuple(DecodeReason)


@dataclass(slots=True)
class Raster:
    """A decoded picture before it is turned upright.

    Attributes:
        pixels: sRGB uint8 (H, W, 3), as stored in the file.
        format: name of the format, as Pillow spells it ("JPEG", "MPO", "PNG", ...).
        mode: how the file stored its colours, in Pillow's words ("RGB", "CMYK", "I;16", ...).
        frames: pictures in the file, of which this is the first.
        orientation: EXIF orientation of the file, 1..8.
        upright: whether `orientation` has been applied to `pixels` already.
        notes: what was done that a reader of the table should know.
    """

    pixels: NDArray[np.uint8]
    format: str
    mode: str
    frames: int = 1
    orientation: int = 1
    upright: bool = False
    notes: list[str] = field(default_factory=list)


def corrupt(detail: str) -> PhotoError:
    """Make the error for bytes that contradict their format."""
    return PhotoError(DecodeReason.CORRUPT, detail)


def truncated(detail: str) -> PhotoError:
    """Make the error for a file that ends too early."""
    return PhotoError(DecodeReason.TRUNCATED, detail)


def unsupported(detail: str) -> PhotoError:
    """Make the error for a picture of a kind that is not read here."""
    return PhotoError(DecodeReason.UNSUPPORTED_FORMAT, detail)
