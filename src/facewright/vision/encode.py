"""From the pixels of a crop to the bytes of a picture file.

Formats are named by short strings, as recipes write them: "png", "jpeg:95", "webp:90",
"webp-lossless". Times in `benchmarks/codec_speed.py`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import fpng
import numpy as np
import simplejpeg
from PIL import Image

from facewright.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Encode = Callable[["NDArray[np.uint8]"], bytes]

_PNG_MAX_SIDE = 65_535
_DEFAULT_QUALITY: Final = {"jpeg": 95, "webp": 90}
_BEST = 100


@dataclass(frozen=True, slots=True)
class Encoder:
    """A picture format with its settings; call it with pixels. Picklable.

    Attributes:
        name: the format and quality, as a recipe writes it.
        extension: of its files, without the dot.
        media_type: as HTTP names it.
        lossless: whether decoding gives the same pixels.
        quality: 1..100, or None where there is no such choice.
    """

    name: str
    extension: str
    media_type: str
    lossless: bool
    quality: int | None

    def __call__(self, pixels: NDArray[np.uint8]) -> bytes:
        """Encode sRGB uint8 (H, W, 3)."""
        if self.extension == "png":
            return encode_png(pixels)
        if self.extension == "jpg":
            return encode_jpeg(pixels, self.quality or _BEST)
        return encode_webp(pixels, self.quality)


def encoder(fmt: str) -> Encoder:
    """Find the encoder for "png", "jpeg[:quality]", "webp[:quality]" or "webp-lossless".

    Raises:
        UsageError: no such format, or a quality outside of 1..100.
    """
    name, colon, setting = fmt.strip().lower().partition(":")
    if name in {"png", "webp-lossless"} and not colon:
        kind = name.removesuffix("-lossless")
        return Encoder(name, kind, f"image/{kind}", lossless=True, quality=None)
    if name not in _DEFAULT_QUALITY:
        raise UsageError(
            f"'{fmt}' is no picture format for crops; write png, jpeg:95, webp:90 or webp-lossless"
        )
    text = setting if colon else str(_DEFAULT_QUALITY[name])
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _BEST):
        raise UsageError(f"the quality in '{fmt}' must be a whole number from 1 to 100")
    extension = "jpg" if name == "jpeg" else name
    return Encoder(f"{name}:{int(text)}", extension, f"image/{name}", False, int(text))


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Encode without loss by fpng: the row above as prediction, one Huffman table, no search.

    Args:
        pixels: uint8 (H, W, 3), sides of 1..65535.

    Returns:
        A PNG file of 8-bit RGB.

    Raises:
        ValueError: another shape or type.
    """
    rows = _rgb(pixels)
    if max(rows.shape) > _PNG_MAX_SIDE:
        raise ValueError(f"fpng writes sides up to {_PNG_MAX_SIDE}, not {rows.shape[:2]}")
    return bytes(fpng.from_ndarray(rows))


def encode_jpeg(pixels: NDArray[np.uint8], quality: int = 95) -> bytes:
    """Encode as baseline JPEG with full colour resolution (4:4:4).

    Args:
        pixels: uint8 (H, W, 3).
        quality: 1..100, as libjpeg counts.

    Raises:
        ValueError: another shape or type.
    """
    data: bytes = simplejpeg.encode_jpeg(_rgb(pixels), quality, "RGB", "444")
    return data


def encode_webp(pixels: NDArray[np.uint8], quality: int | None = 90) -> bytes:
    """Encode as WebP.

    Args:
        pixels: uint8 (H, W, 3), sides up to 16383.
        quality: 1..100, or None for lossless at its fastest setting.

    Raises:
        ValueError: another shape or type.
    """
    lossless = quality is None
    # For lossless, "quality" is effort: 0 with method 0 costs a twentieth of the default.
    settings = {"quality": 0, "method": 0} if lossless else {"quality": quality, "method": 2}
    file = io.BytesIO()
    Image.fromarray(_rgb(pixels)).save(file, "WEBP", lossless=lossless, **settings)
    return file.getvalue()


def _rgb(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise ValueError(f"crops are uint8 (H, W, 3), not {pixels.dtype} {pixels.shape}")
    return np.ascontiguousarray(pixels)
