"""Which glasses: sunglasses darken the skin under the eyes, reading glasses do not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.pixels.regions import FacePixels

# Half way between the darkest of 13 reading glasses (.47 by this measure) and the .35 below which
# four sunglasses lay by a similar measure. No picture of sunglasses was at hand to check it, and
# the cut was placed on the same 13 faces that it is measured on.
_DARK = 0.41
_WIDTH = 0.06
_DARK_GLASSES = ("Sunglasses", "SwimmingGoggles")
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def behind_dark_glasses(glasses: NDArray[Any] | list[str | None]) -> NDArray[np.bool_]:
    """Whether kinds of glasses (N,) hide the eyes: (N,)."""
    return np.array([kind in _DARK_GLASSES for kind in glasses], bool)


def lid_brightness(pixels: FacePixels) -> NDArray[np.float64]:
    """Brightness (N,) under the eyes over that of the cheeks: medians of gamma-coded luma."""
    under = _brightness(pixels, "right_under_eye", "left_under_eye")
    cheek = _brightness(pixels, "right_cheek", "left_cheek")
    return under / np.maximum(cheek, 1e-3)


def sunglasses_share(brightness: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(sunglasses), given that glasses are worn, from `lid_brightness` (N,)."""
    return 1.0 / (1.0 + np.exp((brightness - _DARK) / _WIDTH))


def glasses_kinds(
    worn: NDArray[np.floating], brightness: NDArray[np.float64]
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Azure's class (N,) and the probability that it is right (N,).

    Args:
        worn: (N,) calibrated P(glasses).
        brightness: (N,) of `lid_brightness`.
    """
    sun = sunglasses_share(brightness)
    kinds = np.where(sun > 0.5, "Sunglasses", "ReadingGlasses")
    sure = worn * np.maximum(sun, 1 - sun)
    none = worn < 0.5
    return np.where(none, "NoGlasses", kinds).astype(object), np.where(none, 1 - worn, sure)


def _brightness(pixels: FacePixels, *regions: str) -> NDArray[np.float64]:
    rows = np.concatenate([pixels.rgb[:, pixels.rows[r]] for r in regions], axis=1)
    luma: NDArray[np.float64] = np.median(rows.astype(np.float32) @ _LUMA, axis=1)
    return luma
