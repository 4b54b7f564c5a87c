"""The 68 points of iBUG 300-W: as one list, as the Record's seven groups, in photo and in crop.

Left and right are the subject's: 36..41 is the right eye, on the picture's left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

GROUPS: Final[Mapping[str, tuple[int, int]]] = {
    "jaw": (0, 17),
    "right_eyebrow": (17, 22),
    "left_eyebrow": (22, 27),
    "nose": (27, 36),
    "right_eye": (36, 42),
    "left_eye": (42, 48),
    "mouth": (48, 68),
}
"""First point and the one after the last of each group, in iBUG order."""

COUNT: Final = 68
_DECIMALS = 2


def landmark_columns(points: ArrayLike) -> dict[str, list[list[float]]]:
    """Columns `landmarks.jaw` ... `landmarks.mouth` of 68 points, (68, 2) in photo pixels."""
    flat = np.asarray(points, np.float64).round(_DECIMALS).tolist()
    return {f"landmarks.{name}": flat[start:end] for name, (start, end) in GROUPS.items()}


def landmarks_of(row: Mapping[str, Any]) -> NDArray[np.float64] | None:
    """The 68 points of a record, (68, 2) in photo pixels; None where it has none."""
    groups = row.get("landmarks")
    if not groups or any(groups[name] is None for name in GROUPS):
        return None
    return np.array([point for name in GROUPS for point in groups[name]], np.float64)


def plain(points: ArrayLike | None) -> list[list[float]] | None:
    """Points as JSON has them, with two decimals."""
    if points is None:
        return None
    found: list[list[float]] = (np.asarray(points, np.float64).round(_DECIMALS) + 0.0).tolist()
    return found


def into_crop(
    points: ArrayLike, quad: Sequence[float] | None, side: int
) -> NDArray[np.float64] | None:
    """Where photo points lie in a crop.

    Args:
        points: (N, 2) in photo pixels.
        quad: the crop's corners TL, BL, BR, TR as 8 numbers in photo pixels; None where the crop
            is the photo.
        side: of the crop in pixels.

    Returns:
        (N, 2) in crop pixels, centres at integers; None where the quad has no area.
    """
    found = np.asarray(points, np.float64)
    if quad is None:
        return found
    corner, axes = _frame(quad)
    if abs(np.linalg.det(axes)) < 1e-9:
        return None
    inverse = np.asarray(np.linalg.inv(axes), np.float64)
    return (found - corner) @ inverse.T * side - 0.5


def out_of_crop(points: ArrayLike, quad: Sequence[float], side: int) -> NDArray[np.float64]:
    """Where points (N, 2) of a crop lie in its photo: the inverse of `into_crop`."""
    corner, axes = _frame(quad)
    moved: NDArray[np.float64] = (np.asarray(points, np.float64) + 0.5) / side @ axes.T + corner
    return moved


def _frame(quad: Sequence[float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Top left corner, and the crop's right and down edges as columns of (2, 2)."""
    top_left, bottom_left, _, top_right = np.asarray(quad, np.float64).reshape(4, 2)
    return top_left, np.stack([top_right - top_left, bottom_left - top_left], axis=1)
