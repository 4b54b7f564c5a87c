"""From any of Pillow's modes, and any ICC profile, to sRGB uint8.

Works in bands of rows, so that beside the decoded picture and the array that is handed on only
a few megabytes live at a time.

What each mode becomes:
- transparency is laid over white (a cut-out portrait has its studio background so, and the
  colours hidden under full transparency never show);
- CMYK, Lab and every other profiled picture is converted by its ICC profile, perceptual intent;
  CMYK without one is multiplied out as Pillow does;
- modes of more than 8 bits: see `decode_deep`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image, ImageCms

from facewright.vision.decoding.base import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Bands = Callable[[int, int], Image.Image]
"""Rows `top` to `bottom` (exclusive) of a picture."""

_BAND_PIXELS = MEGABYTE
_PROFILE_BYTES = 4 * MEGABYTE
_SAME_LEVELS = 2
_PROFILED_MODES: Final = ("L", "RGB", "CMYK", "LAB")


@dataclass(frozen=True, slots=True)
class Colours:
    """How one picture's colours are to be read.

    Attributes:
        mode: Pillow's mode of the bands.
        icc: the ICC profile embedded in the file, empty for none.
        alpha: whether the bands may be transparent.
    """

    mode: str
    icc: bytes = b""
    alpha: bool = False

    @property
    def profiled(self) -> str:
        """The mode that an ICC profile is applied to."""
        if not self.alpha and self.mode in _PROFILED_MODES:
            return self.mode
        return "L" if self.mode in {"1", "LA", "La"} and self.icc[16:20] == b"GRAY" else "RGB"


def bands_of(image: Image.Image) -> Bands:
    """Rows of a loaded Pillow picture."""
    width = image.width
    return lambda top, bottom: image.crop((0, top, width, bottom))


def spans(size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Cut a picture of (width, height) into bands of about a million pixels: first and last row."""
    rows = max(1, _BAND_PIXELS // size[0])
    for top in range(0, size[1], rows):
        yield top, min(top + rows, size[1])


def bands_of_array(pixels: NDArray[np.uint8], mode: str) -> Bands:
    """Rows of an array (H, W) or (H, W, channels) that holds samples of Pillow's `mode`."""
    width = pixels.shape[1]

    def band(top: int, bottom: int) -> Image.Image:
        rows = np.ascontiguousarray(pixels[top:bottom])
        return Image.frombuffer(mode, (width, bottom - top), rows, "raw", mode, 0, 1)

    return band


def to_srgb(
    bands: Bands, size: tuple[int, int], colours: Colours, out: NDArray[np.uint8] | None = None
) -> tuple[NDArray[np.uint8], list[str]]:
    """Convert a picture band by band.

    Args:
        bands: gives the picture's rows.
        size: width and height in pixels.
        colours: how to read them.
        out: uint8 (H, W, 3) to write into; may be what `bands` reads from.

    Returns:
        Pixels, uint8 (H, W, 3) C-contiguous, and notes.
    """
    transform, notes = _transform(colours.icc, colours.profiled)
    pixels = np.empty((size[1], size[0], 3), np.uint8) if out is None else out
    transparent = False
    for top, bottom in spans(size):
        band = bands(top, bottom)
        if colours.alpha:
            band, seen = _over_white(band)
            transparent |= seen
        if transform is not None:
            band = ImageCms.applyTransform(_in_mode(band, colours.profiled), transform) or band
        pixels[top:bottom] = np.asarray(_in_mode(band, "RGB"))
    if transparent:
        notes.append("transparency laid over white")
    if colours.mode in {"CMYK", "LAB"}:
        notes.append(f"converted from {colours.mode}")
    return pixels, notes


def correct_in_place(pixels: NDArray[np.uint8], icc: bytes) -> list[str]:
    """Convert RGB pixels by their ICC profile, where it differs from sRGB.

    Args:
        pixels: uint8 (H, W, 3), overwritten.
        icc: the embedded profile, empty for none.

    Returns:
        Notes.
    """
    transform, notes = _transform(icc, "RGB")
    if transform is not None:
        size = (pixels.shape[1], pixels.shape[0])
        to_srgb(bands_of_array(pixels, "RGB"), size, Colours("RGB", icc), pixels)
    return notes


def _in_mode(band: Image.Image, mode: str) -> Image.Image:
    return band if band.mode == mode else band.convert(mode)


def _over_white(band: Image.Image) -> tuple[Image.Image, bool]:
    rgba = _in_mode(_in_mode(band, "LA") if band.mode == "La" else band, "RGBA")
    lowest = rgba.getchannel("A").getextrema()[0]
    if isinstance(lowest, (int, float)) and lowest == 255:
        return rgba.convert("RGB"), False
    white = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(white, rgba).convert("RGB"), True


def _transform(icc: bytes, mode: str) -> tuple[ImageCms.ImageCmsTransform | None, list[str]]:
    if not icc and mode != "LAB":
        return None, []
    if len(icc) > _PROFILE_BYTES:
        return None, ["ICC profile ignored: too large"]
    transform, note = _transform_of(icc, mode)
    return transform, [note] if note else []


@lru_cache(maxsize=16)
def _transform_of(icc: bytes, mode: str) -> tuple[ImageCms.ImageCmsTransform | None, str]:
    """Build the way from a profile to sRGB; None where there is nothing to do or none works."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc) if icc else _lab())
        transform = ImageCms.buildTransform(source, _srgb(), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None, "ICC profile ignored: broken, or not for these colours"
    if mode == "RGB" and _changes_nothing(transform):
        return None, ""
    return transform, "ICC profile converted to sRGB" if icc else ""


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Probe a profile with colours: names lie, and sRGB comes under a hundred of them."""
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 9, 3)
    turned = ImageCms.applyTransform(Image.fromarray(cube), transform)
    difference = np.abs(np.asarray(turned, np.int16) - cube)
    return int(difference.max()) <= _SAME_LEVELS


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _lab() -> Any:
    return ImageCms.createProfile("LAB")
