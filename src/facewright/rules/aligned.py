"""Rule on pictures that are aligned crops already."""

from __future__ import annotations

from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from facewright.align.already import TOLERANCE
from facewright.rules.columns import FaceColumns, Read
from facewright.rules.rule import Rule, RuleTable, Verdict, dropping

QUAD: Final = Read("crops", "crops[1].quad")
"""Corners of a face's main crop in its photo: x, y of TL, BL, BR, TR."""


class AlreadyAligned(RuleTable):
    """Judged by the main crop: is it about the whole of a square photo."""

    tolerance: Annotated[
        float,
        Field(ge=0, description="sides of the crop that a corner may lie from the photo's corner"),
    ] = TOLERANCE


def _judge(faces: FaceColumns, settings: AlreadyAligned) -> Verdict:
    quads = faces.rows(QUAD, 8).reshape(-1, 4, 2)
    width, height = (faces.numbers(f"photo.{side}") for side in ("width", "height"))
    distances = corner_distances(quads, width, height)
    near = (width == height) & (distances <= settings.tolerance)
    return dropping(near, ~np.isnan(distances))


def corner_distances(
    quads: NDArray[np.float64], width: NDArray[np.float64], height: NDArray[np.float64]
) -> NDArray[np.float64]:
    """`facewright.align.already.corner_distance` of many crops: (N, 4, 2), (N,), (N,) to (N,)."""
    low, right, bottom = np.full_like(width, -0.5), width - 0.5, height - 0.5
    corners = ((low, low), (low, bottom), (right, bottom), (right, low))
    whole = np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)
    sides = np.linalg.norm(np.roll(quads, -1, axis=1) - quads, axis=2).mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = np.linalg.norm(quads - whole, axis=2).max(axis=1) / sides
    return found


ALREADY_ALIGNED: Final = Rule(
    "already_aligned",
    "its photo is an aligned crop already",
    AlreadyAligned,
    (QUAD, "photo.width", "photo.height"),
    _judge,
)
