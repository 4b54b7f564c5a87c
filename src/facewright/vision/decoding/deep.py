"""Grey pictures of more than 8 bits a sample, scaled to 8.

- 16-bit integers (PNG, TIFF, PGM): the high byte, as Pillow itself does for 16-bit colour.
- 32-bit integers: kept as they are where all are in 0..255, the high byte of 16 bits where all
  are in 0..65535, else stretched from their least to their greatest value.
- Floating point: times 255 where all are in 0..1, kept where all are in 0..255, else stretched.
  What is not finite becomes black; a picture with no finite value is corrupt.
Stretching is noted, since it invents an exposure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from facewright.vision.decoding.base import corrupt
from facewright.vision.decoding.colour import bands_of, spans

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

_BYTE = 255
_WORD = 65535


@dataclass(frozen=True, slots=True)
class Scale:
    """How samples become levels: `(sample - low) * factor`, rounded down or to the nearest.

    Attributes:
        low: the sample that becomes 0.
        factor: levels a unit.
        down: whether fractions are cut off, as taking the high byte does.
        note: what was done, for people.
    """

    low: float
    factor: float
    down: bool
    note: str


_HIGH_BYTE = Scale(0, 1 / 256, True, "16 bits reduced to 8")


def is_deep(mode: str) -> bool:
    """Whether Pillow's `mode` has more than 8 bits a sample."""
    return mode in {"I", "F"} or mode.startswith("I;16")


def deep_to_srgb(image: Image.Image) -> tuple[NDArray[np.uint8], list[str]]:
    """Scale a loaded picture of mode I, F or I;16 to grey RGB.

    Returns:
        Pixels, uint8 (H, W, 3) C-contiguous, and notes.

    Raises:
        PhotoError: corrupt, where not one sample is finite.
    """
    scale, notes = _choose(image)
    pixels = np.empty((image.height, image.width, 3), np.uint8)
    for top, bottom, samples in _bands(image):
        levels = (samples.astype(np.float64) - scale.low) * scale.factor
        whole = np.floor(levels) if scale.down else np.rint(levels)
        grey = np.nan_to_num(whole, copy=False, nan=0, posinf=0, neginf=0).astype(np.uint8)
        pixels[top:bottom] = grey[..., None]
    return pixels, notes


def _choose(image: Image.Image) -> tuple[Scale, list[str]]:
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM"):
        return _HIGH_BYTE, [_HIGH_BYTE.note]
    low, high, holes = _range(image)
    scale = (_float_scale if image.mode == "F" else _integer_scale)(low, high)
    return scale, [scale.note] + ["samples that are not finite made black"] * holes


def _integer_scale(low: float, high: float) -> Scale:
    if low >= 0 and high <= _BYTE:
        return Scale(0, 1, True, "32-bit integers kept")
    return _HIGH_BYTE if low >= 0 and high <= _WORD else _stretch(low, high)


def _float_scale(low: float, high: float) -> Scale:
    if low >= 0 and high <= 1:
        return Scale(0, _BYTE, False, "floating point 0..1")
    if low >= 0 and high <= _BYTE:
        return Scale(0, 1, False, "floating point 0..255")
    return _stretch(low, high)


def _stretch(low: float, high: float) -> Scale:
    span = (high - low) or 1  # one value throughout: black
    return Scale(low, _BYTE / span, False, f"stretched from {low:g}..{high:g}")


def _range(image: Image.Image) -> tuple[float, float, bool]:
    """Find the least and greatest finite sample, and whether some are not finite."""
    low, high, holes = np.inf, -np.inf, False
    for _, _, samples in _bands(image):
        finite = samples[np.isfinite(samples)]
        holes |= finite.size < samples.size
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    if low > high:
        raise corrupt("not one floating-point sample is finite")
    return low, high, holes


def _bands(image: Image.Image) -> Iterator[tuple[int, int, NDArray[Any]]]:
    rows = bands_of(image)
    for top, bottom in spans(image.size):
        yield top, bottom, np.asarray(rows(top, bottom))
