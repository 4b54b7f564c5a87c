"""The little of EXIF that changes pixels: the orientation; read without trusting a byte.

Source: TIFF 6.0 section 2 (image file directory) and EXIF 2.32 tag 0x0112.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

import cv2

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ORIENTATION: Final = 0x0112
_ENTRY = 12
_SHORT = 3
_LONG = 4
_EXIF_PREFIX = b"Exif\0\0"
_LAST_ORIENTATION = 8


def ifd_integer(tiff: bytes, tag: int) -> int | None:
    """Read one SHORT or LONG of the first directory of a TIFF structure.

    Args:
        tiff: bytes from the byte-order mark on.
        tag: number of the entry.

    Returns:
        The value, or None where it is absent or the structure is broken.
    """
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < len("II*0") + 4:
        return None
    start = struct.unpack_from(f"{order}I", tiff, 4)[0]
    if start + 2 > len(tiff):
        return None
    count = min(struct.unpack_from(f"{order}H", tiff, start)[0], (len(tiff) - start - 2) // _ENTRY)
    entries = memoryview(tiff)[start + 2 : start + 2 + count * _ENTRY]
    for number, kind, _, short, rest in struct.iter_unpack(f"{order}HHI2s2s", entries):
        if number == tag and kind == _SHORT:
            return int(struct.unpack(f"{order}H", short)[0])
        if number == tag and kind == _LONG:
            return int(struct.unpack(f"{order}I", short + rest)[0])
    return None


def orientation_of(exif: bytes) -> int:
    """Read the orientation from an EXIF block, with or without its `Exif` prefix.

    Returns:
        1..8, and 1 (upright) where nothing valid is said.
    """
    value = ifd_integer(exif.removeprefix(_EXIF_PREFIX), ORIENTATION)
    return value if value is not None and 1 <= value <= _LAST_ORIENTATION else 1


def turn_upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn and mirror stored pixels so that they stand as the camera saw them.

    Args:
        pixels: uint8 (H, W, 3).
        orientation: EXIF orientation 1..8 (1: nothing to do, 6: turn 90 degrees clockwise).

    Returns:
        `pixels` itself for 1, else a new C-contiguous array; (W, H, 3) for 5..8.
    """
    turned: Any = pixels
    match orientation:
        case 2:
            turned = cv2.flip(pixels, 1)
        case 3:
            turned = cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            turned = cv2.flip(pixels, 0)
        case 5:
            turned = cv2.transpose(pixels)
        case 6:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            turned = cv2.flip(cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE), 0)
        case 8:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
    return turned  # type: ignore[no-any-return]
