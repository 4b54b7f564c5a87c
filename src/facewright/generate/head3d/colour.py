"""Colours in linear light: sRGB and back, skin tones, hair."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d.arrays import Floats

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Weights of linear Rec. 709 red, green and blue in luminance."""

MONK = (
    "f6ede4", "f3e7db", "f7ead0", "eadaba", "d7bd96", "a07e56", "825c43", "604134", "3a312a",
    "292420",
)  # fmt: skip
"""The Monk Skin Tone scale, 1 to 10 (Monk 2019), as sRGB hex."""


def to_linear(encoded: NDArray[Any]) -> Floats:
    """SRGB values 0 to 1 as linear light (IEC 61966-2-1)."""
    value = np.asarray(encoded, np.float32)
    low = value / np.float32(12.92)
    high = ((np.maximum(value, 0) + np.float32(0.055)) / np.float32(1.055)) ** np.float32(2.4)
    out: Floats = np.where(value <= np.float32(0.04045), low, high).astype(np.float32)
    return out


def to_srgb(linear: NDArray[Any]) -> Floats:
    """Linear light as sRGB values 0 to 1, clipped."""
    value = np.clip(np.asarray(linear, np.float32), 0, 1)
    high = np.float32(1.055) * value ** np.float32(1 / 2.4) - np.float32(0.055)
    low = value * np.float32(12.92)
    out: Floats = np.where(value <= np.float32(0.0031308), low, high).astype(np.float32)
    return out


def bytes_to_linear(picture: NDArray[np.uint8]) -> Floats:
    """SRGB bytes as linear light, by table."""
    return _TABLE[picture]


_TABLE = to_linear(np.arange(256) / 255)


def hex_to_linear(text: str) -> Floats:
    """Linear RGB (3,) of six hex digits."""
    return to_linear(np.array([int(text[k : k + 2], 16) for k in (0, 2, 4)]) / 255)


def skin_albedo(tone: float) -> Floats:
    """Linear albedo (3,) of skin that photographs as a Monk tone.

    The swatches are colours of pictures, not reflectances: light ones are brighter than any skin
    and too yellow. Luminance is scaled to measured skin reflectances (.55 for the fairest, .03 for
    the deepest) and the hue pulled to that of haemoglobin and melanin.

    Args:
        tone: 1 to 10; fractions lie between two swatches.
    """
    low = min(int(tone), 9)
    share = np.float32(tone - low)
    swatch = hex_to_linear(MONK[low - 1]) * (1 - share) + hex_to_linear(MONK[low]) * share
    marks = (1, 3, 5, 6, 7, 8, 10)
    gain = np.interp(tone, marks, (0.56, 0.56, 0.66, 0.92, 1.05, 1.35, 2.3))
    green = np.interp(tone, (1, 5, 7, 10), (0.77, 0.79, 0.84, 0.80))
    blue = np.interp(tone, (1, 5, 7, 10), (0.64, 0.76, 0.78, 0.70))
    hue = np.array([1.0, green, blue])
    out: Floats = (swatch * gain * hue).astype(np.float32)
    return out
