"""Eyes hidden behind something dark: both eyes darker than any eye is, and flat.

In luma, which every picture has, grey ones too. An open eye has a white and an iris, a closed one
is lit skin with a line of lashes; shadow darkens both but leaves their contrast, so that only
what is dark beside the face's own skin and flat beside its own level is a cover.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.pixels.regions import FacePixels
from facewright.annotators.pixels.robust import logistic, quantiles

Floats = NDArray[np.float64]

SIDES = ("right", "left")
"""The subject's."""

# Brightest part of the brighter eye over the skin's luma: at least .34 on 245 labelled faces, at
# most .15 behind painted black lenses.
_DARK, _DARK_WIDTH = 0.30, 0.03
# Contrast of the less flat eye over its own level: at least .43 on the same, .07 on lenses.
_FLAT, _FLAT_WIDTH = 0.35, 0.04
# Brightest of lids and skin under both eyes over the skin's luma: at least .37; lenses .15.
_BEYOND, _BEYOND_WIDTH = 0.30, 0.03
_NOISE = 10.0  # 8-bit steps of contrast that compression and noise leave on what is black
_LEAST_SKIN = 40.0  # luma of skin under which shadows are crushed to black, eyes among them
_LOW, _HIGH = 0.05, 0.95
_NEIGHBOURS = 3  # samples along a row of the grid whose mean has less noise, and still an iris
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def eyes_covered(pixels: FacePixels) -> Floats:
    """How surely something dark hides both eyes (N,), 0-1; above .5 is covered.

    A logistic of the distance to fixed cuts, not a measured frequency. 0 where an eye lies
    outside of the photograph or the skin is too dark in the picture to tell.
    """
    skin = _skin(pixels)
    dark, flat = np.zeros(len(skin)), np.zeros(len(skin))
    known = skin >= _LEAST_SKIN
    for side in SIDES:
        luma = _luma(pixels, f"{side}_eye")
        (brightest,) = quantiles(luma, _HIGH)
        low, middle, high = quantiles(_smooth(luma), _LOW, 0.5, _HIGH)
        dark = np.maximum(dark, brightest / np.maximum(skin, 1.0))
        flat = np.maximum(flat, (high - low) / (middle + _NOISE))
        known &= pixels.inside[:, pixels.rows[f"{side}_eye"]].all(axis=1)
    sure = np.minimum(
        logistic((_DARK - dark) / _DARK_WIDTH), logistic((_FLAT - flat) / _FLAT_WIDTH)
    )
    return np.where(known, sure, 0.0)


def dark_lenses(pixels: FacePixels) -> Floats:
    """How surely dark lenses are worn (N,), 0-1: eyes, lids and the skin below them are dark."""
    skin = np.maximum(_skin(pixels), 1.0)
    beyond = np.zeros(len(skin))
    for side in SIDES:
        for region in (f"{side}_lid", f"{side}_under_eye"):
            (middle,) = quantiles(_luma(pixels, region), 0.5)
            beyond = np.maximum(beyond, middle / skin)
    return np.minimum(eyes_covered(pixels), logistic((_BEYOND - beyond) / _BEYOND_WIDTH))


def _skin(pixels: FacePixels) -> Floats:
    """Luma (N,) of the face's own skin: the median of cheeks and nose."""
    (middle,) = quantiles(_luma(pixels, "right_cheek", "left_cheek", "nose"), 0.5)
    return middle


def _luma(pixels: FacePixels, *regions: str) -> NDArray[np.float32]:
    """Gamma-coded luma (N, k) of some regions, 0-255."""
    rgb = np.concatenate([pixels.rgb[:, pixels.rows[region]] for region in regions], axis=1)
    luma: NDArray[np.float32] = rgb.astype(np.float32) @ _LUMA
    return luma


def _smooth(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means (N, k // 3) of neighbouring samples (N, k), which follow each other along rows."""
    groups = luma.shape[1] // _NEIGHBOURS
    apart = luma[:, : groups * _NEIGHBOURS].reshape(len(luma), groups, _NEIGHBOURS)
    return np.asarray(apart.mean(axis=2))
