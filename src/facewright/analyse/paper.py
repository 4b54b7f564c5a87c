"""What every sheet is drawn on: its colours, and the encodings that its file may have."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from facewright.errors import UsageError
from facewright.vision.encode import Encode, encode_jpeg, encode_png, encode_webp

BACKGROUND: Final = (20, 22, 26)
TITLE: Final = (245, 246, 248)
TEXT: Final = (205, 209, 216)
FAINT: Final = (150, 156, 166)
_ENCODERS: Final[dict[str, Encode]] = {
    ".jpg": lambda pixels: encode_jpeg(pixels, 90),
    ".jpeg": lambda pixels: encode_jpeg(pixels, 90),
    ".png": encode_png,
    ".webp": encode_webp,
}


def picture_encoder(path: Path) -> Encode:
    """What encodes a sheet, by the extension of its file.

    Raises:
        UsageError: another extension.
    """
    encode = _ENCODERS.get(path.suffix.lower())
    if encode is None:
        raise UsageError(f"{path}: a sheet is a .jpg, .png or .webp file")
    return encode
