"""Sharpness, blur, noise and highlights of a face's luma: pure functions on small pictures."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.annotators.pixels.colour import linear_light

Luma = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Picture = NDArray[np.integer | np.floating]  # what OpenCV says that it returns

_DIRECTIONS = tuple(
    np.array(kernel, np.float32)
    for kernel in (
        [[0, 0, 0], [1, -2, 1], [0, 0, 0]],
        [[0, 1, 0], [0, -2, 0], [0, 1, 0]],
        [[0.5, 0, 0], [0, -1, 0], [0, 0, 0.5]],
        [[0, 0, 0.5], [0, -1, 0], [0.5, 0, 0]],
    )
)
_IMMERKAER = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
_BLOCK = 8
_QUIET, _QUIET_BIAS = 0.1, 1.25  # of blocks of pure noise the lowest tenth is that much too low
_FLOOR = 1e-2  # variance of 8-bit rounding after smoothing: a flat picture has no detail to rank
_CLIPPED = 250


def sharpness(luma: Luma, mask: Mask) -> float:
    """log10 of the variance of the Laplacian under the mask (Pech-Pacheco et al. 2000).

    Depends on contrast as well as on focus, and rises with noise; comparable between faces
    only at one size. (H, W) uint8 each.
    """
    return float(np.log10(_variance(cv2.Laplacian(luma, cv2.CV_16S), mask) + _FLOOR))


def fine_detail(luma: Luma, mask: Mask) -> float:
    """How much fine detail there is for the coarse detail there is: log10 of a ratio.

    Variance of second differences at a half of the picture's size over that at an eighth, in
    the direction in which the ratio is smallest. A ratio does not depend on contrast, so dark
    skin and soft light do not read as blur; the smallest direction sees motion blur. About
    -0.6 for a sharp face of 256 pixels, falling to -2 for a Gaussian blur of 8 pixels.
    """
    half = cv2.pyrDown(luma.astype(np.float32))
    eighth = cv2.pyrDown(cv2.pyrDown(half))
    fine, coarse = _directional(half, mask), _directional(eighth, mask)
    return float((np.log10(fine + _FLOOR) - np.log10(coarse + _FLOOR)).min())


def _directional(picture: Picture, mask: Mask) -> NDArray[np.float64]:
    small = cv2.resize(mask, picture.shape[::-1], interpolation=cv2.INTER_NEAREST)
    small[[0, -1]] = 0  # a kernel over the border sees a mirrored picture
    small[:, [0, -1]] = 0
    return np.array([_variance(cv2.filter2D(picture, cv2.CV_32F, k), small) for k in _DIRECTIONS])


def _variance(values: Picture, mask: Picture) -> float:
    _, deviation = cv2.meanStdDev(values, mask=mask)
    return float(deviation.flat[0] ** 2)


def noise_sigma(luma: Luma) -> float:
    """Standard deviation of white noise in 8-bit steps, from the quieter blocks of a picture.

    Mean absolute response of Immerkaer's kernel (1996), which cancels planes, in blocks of 8
    pixels; the blocks' lowest tenth, since noise is everywhere and pores, beards and edges are
    not.

    Args:
        luma: (H, W) uint8 at its own resolution: enlarging or turning hides noise.

    Returns:
        sigma, or NaN where not one block fits.
    """
    response = np.abs(cv2.filter2D(luma, cv2.CV_32F, _IMMERKAER))[1:-1, 1:-1]
    rows, columns = response.shape[0] // _BLOCK, response.shape[1] // _BLOCK
    if rows < 1 or columns < 1:
        return float("nan")
    blocks = response[: rows * _BLOCK, : columns * _BLOCK]
    means = blocks.reshape(rows, _BLOCK, columns, _BLOCK).mean(axis=(1, 3))
    return float(np.quantile(means, _QUIET) * np.sqrt(np.pi / 2) * _QUIET_BIAS)


def highlight(luma: Luma, mask: Mask) -> float:
    """Linear light (0-1) that 1 % of the masked pixels exceed.

    In a face these are eye whites, teeth and the shine of skin, which are bright on every
    skin, so that it tells the light and not the complexion.
    """
    histogram = cv2.calcHist([luma], [0], mask, [256], [0, 256]).ravel()
    value = int(np.searchsorted(np.cumsum(histogram), 0.99 * histogram.sum()))
    return float(linear_light(np.array([min(value, 255)], np.uint8))[0])


def clipped(picture: NDArray[np.uint8], mask: Mask) -> float:
    """Share of the masked pixels of an RGB picture with a channel at its end (250 or more)."""
    red, green, blue = cv2.split(picture)
    brightest = cv2.max(cv2.max(red, green), blue)
    _, burnt = cv2.threshold(brightest, _CLIPPED - 1, 255, cv2.THRESH_BINARY)
    return cv2.countNonZero(cv2.bitwise_and(burnt, mask)) / max(cv2.countNonZero(mask), 1)
