"""Halving a picture once or twice with nearly the response of Lanczos, in OpenCV's fast passes.

`cv2.pyrDown` (the binomial kernel 1 4 6 4 1) hardly lets anything alias, but it blurs. Seven taps
on the small picture raise what it lost, up to the small picture's Nyquist frequency, to what
Pillow's Lanczos would have passed.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

# Rows beyond the wanted ones that the passes need on either side, in rows of the result.
MARGIN = 5
_RADIUS = 3
_LOBES = 3
# 16 bits to 8, cutting fractions off: rounding after this shift leaves whole values whole.
_SCALE = 1 / 256
_SHIFT = -0.498


@cache
def sharpening_taps(factor: int) -> tuple[float, ...]:
    """Symmetric kernel of 7 taps, least-squares fitted over 0..0.5 cycles to a pixel.

    Args:
        factor: 2 or 4, by how much `pyrDown` has reduced the picture.
    """
    frequency = np.linspace(0.0, 0.5, 101)
    passed = np.ones_like(frequency)
    for step in (2, 4):
        if step <= factor:
            passed *= np.cos(np.pi * frequency / step) ** 4
    orders = np.arange(1, _RADIUS + 1)
    # 1 + sum of 2 c (1 - cos) keeps the mean; low frequencies, where pictures live, weigh more.
    terms = 2 * (1 - np.cos(2 * np.pi * frequency[:, None] * orders)) * passed[:, None]
    weight = 1 / (frequency + 0.03)
    wanted = (_lanczos_response(frequency) - passed) * weight
    gains = np.linalg.lstsq(terms * weight[:, None], wanted, rcond=None)[0]
    return (*-gains[::-1], 1 + 2 * gains.sum(), *-gains)


def _lanczos_response(frequency: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of each frequency Lanczos passes, in cycles to a pixel of the result."""
    x = np.arange(-_LOBES, _LOBES, 1 / 64) + 1 / 128
    kernel = np.sinc(x) * np.sinc(x / _LOBES)
    kernel /= kernel.sum()
    return np.asarray(np.cos(2 * np.pi * frequency[:, None] * x) @ kernel)


def reduce_to_8_bits(fine: NDArray[np.uint16], factor: int) -> NDArray[np.uint8]:
    """Reduce a picture and cut it to 8 bits.

    Args:
        fine: uint16 (factor * h, factor * w, 4), values times 256.
        factor: 2 or 4. Pixel (factor x, factor y) becomes pixel (x, y).

    Returns:
        uint8 (h, w, 4). The first and last `MARGIN` rows are affected by the edge.
    """
    small = fine
    for _ in range(factor // 2):
        small = np.asarray(cv2.pyrDown(small), dtype=np.uint16)
    taps = np.array(sharpening_taps(factor), dtype=np.float32)
    sharp = cv2.sepFilter2D(
        small.astype(np.float32),
        cv2.CV_8U,
        taps * np.float32(_SCALE),
        taps,
        delta=_SHIFT,
        borderType=cv2.BORDER_REPLICATE,
    )
    return np.asarray(sharp, dtype=np.uint8)
