"""Lids: open, squinting or closed, from two blendshapes and the opening's aspect ratio."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.learn.fitted import shipped_heads
from facewright.record import BLENDSHAPE_NAMES

STATES = ("open", "squint", "closed")

# Outer and inner corner, two points of the upper and the two below them on the lower lid.
_RIGHT = (33, 133, 160, 158, 144, 153)
_LEFT = (263, 362, 387, 385, 373, 380)

# blink - 2 x opening: closed eyes of the labelled set lie above .24, all others below .19.
_CLOSED_AT = 0.215
_CLOSED_WIDTH = 0.03


def opening(meshes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Height of the eye opening over its width: (N, 2), the subject's left eye first.

    Soukupova and Cech 2016, on the mesh's 3-d points so that turning the head changes little.
    """
    return np.stack([_ratio(meshes, _LEFT), _ratio(meshes, _RIGHT)], axis=1)


def lid_features(
    meshes: NDArray[np.float64], blendshapes: NDArray[np.floating]
) -> NDArray[np.float64]:
    """(N, 2, 3): blink, squint and opening of the subject's left and right eye."""
    names = [f"eye{what}{side}" for side in ("Left", "Right") for what in ("Blink", "Squint")]
    columns = blendshapes[:, [BLENDSHAPE_NAMES.index(name) for name in names]]
    pairs = columns.reshape(len(blendshapes), 2, 2).astype(np.float64)
    return np.concatenate([pairs, opening(meshes)[..., None]], axis=2)


def lid_probabilities(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of `STATES` from features (M, 3): (M, 3)."""
    blink, height = features[:, 0], features[:, 2]
    closed = 1.0 / (1.0 + np.exp(-(blink - 2 * height - _CLOSED_AT) / _CLOSED_WIDTH))
    squint = shipped_heads()["squint"].probability({"eyelids": features}, "yes")
    rest = 1.0 - closed
    return np.stack([rest * (1 - squint), rest * squint, closed], axis=1)


def _ratio(meshes: NDArray[np.float64], points: tuple[int, ...]) -> NDArray[np.float64]:
    outer, inner, upper1, upper2, lower1, lower2 = (meshes[:, p] for p in points)
    heights = np.linalg.norm(upper1 - lower1, axis=1) + np.linalg.norm(upper2 - lower2, axis=1)
    width = np.linalg.norm(outer - inner, axis=1)
    ratio: NDArray[np.float64] = heights / 2 / np.maximum(width, 1e-9)
    return ratio
