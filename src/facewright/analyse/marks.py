"""Thin marks on a picture: boxes and landmarks that stay readable on any skin.

Coordinates are pixels of the picture drawn on, with pixel centres at integers. Every mark is a
light line or dot over a darker, wider one, so that one of the two stands out anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]
Picture = NDArray[np.uint8]
Points = NDArray[np.float64]

KEPT: Colour = (255, 196, 61)
DROPPED: Colour = (255, 92, 92)
DOT: Colour = (92, 255, 214)
_SHADE: Colour = (12, 14, 18)
_SHIFT = 4  # cv2 takes coordinates in 1/16 of a pixel
_FAR = 1e6  # beyond this a coordinate would overflow cv2's integers; it is outside anyway


def crop_map(quad: Sequence[float], side: int) -> NDArray[np.float64]:
    """Affine map (2, 3) from photo pixels to the pixels of a square crop.

    Args:
        quad: the crop's corners TL, BL, BR, TR as x, y in photo pixels: 8 numbers. They form
            a parallelogram; TL is the outer corner of the crop's first pixel.
        side: of the crop in pixels.

    Raises:
        ValueError: the corners lie on a line.
    """
    corners = np.asarray(quad, np.float64).reshape(4, 2)
    across, down = corners[3] - corners[0], corners[1] - corners[0]
    try:
        turn = side * np.linalg.inv(np.stack([across, down], axis=1))
    except np.linalg.LinAlgError:
        raise ValueError("the crop's corners lie on a line") from None
    return np.column_stack([turn, -turn @ corners[0] - 0.5])


def scale_map(width: int, height: int, side: int) -> NDArray[np.float64]:
    """Affine map (2, 3) of a whole photo fitted into the middle of a square of `side` pixels."""
    scale = side / max(width, height)
    left, top = (side - width * scale) / 2, (side - height * scale) / 2
    offset = 0.5 * scale - 0.5
    return np.array([[scale, 0, left + offset], [0, scale, top + offset]])


def mapped(points: Points, affine: NDArray[np.float64]) -> Points:
    """Points (N, 2) through an affine map (2, 3)."""
    return points @ affine[:, :2].T + affine[:, 2]


def landmark_points(landmarks: Mapping[str, Any] | None) -> Points:
    """The 68 points (68, 2) of a record's groups in iBUG order; (0, 2) where unknown."""
    if landmarks is None:
        return np.zeros((0, 2))
    points = [point for group in landmarks.values() for point in group or ()]
    return np.array(points, np.float64).reshape(-1, 2)


def box_points(rectangle: Mapping[str, int]) -> Points:
    """Outer corners (4, 2) of a record's rectangle in photo pixels: TL, BL, BR, TR."""
    left, top = rectangle["left"] - 0.5, rectangle["top"] - 0.5
    right, bottom = left + rectangle["width"], top + rectangle["height"]
    return np.array([[left, top], [left, bottom], [right, bottom], [right, top]])


def draw_face(picture: Picture, face: Mapping[str, Any], affine: NDArray[np.float64]) -> None:
    """Draw a record's box and landmarks into a picture, in place.

    Args:
        picture: uint8 (H, W, 3), RGB, C-contiguous.
        face: has "kept", "rectangle" and "landmarks" (or None), in photo pixels.
        affine: from photo pixels to the picture's.
    """
    colour = KEPT if face["kept"] else DROPPED
    if face["rectangle"]["left"] is not None:
        draw_box(picture, mapped(box_points(face["rectangle"]), affine), colour)
    points = mapped(landmark_points(face.get("landmarks")), affine)
    if len(points):
        # An eye's six points must stay six: the dots shrink with the face.
        extent = float(np.ptp(points, axis=0).max())
        draw_dots(picture, points, radius=float(np.clip(extent / 140, 0.5, 2.2)))


def draw_box(picture: Picture, corners: Points, colour: Colour) -> None:
    """Outline a quadrangle given by its corners (4, 2), in place."""
    polygon = [_fixed(corners).reshape(-1, 1, 2)]
    for line, width in ((_SHADE, 3), (colour, 1)):
        cv2.polylines(picture, polygon, True, line, width, cv2.LINE_AA, _SHIFT)


def draw_dots(picture: Picture, points: Points, radius: float) -> None:
    """Dots of a radius in pixels at points (N, 2), in place."""
    _blend(picture, _SHADE, 0.75 * _coverage(picture, points, radius + min(0.9, radius)))
    _blend(picture, DOT, _coverage(picture, points, radius))


def _coverage(picture: Picture, points: Points, radius: float) -> NDArray[np.float64]:
    """How much of each pixel (H, W) the dots cover, 0 to 1, from the distance to their centres.

    cv2's own small circles come out as diamonds of uneven size.
    """
    height, width = picture.shape[:2]
    reach = int(np.ceil(radius)) + 1
    step = np.arange(-reach, reach + 1)
    centre = np.nan_to_num(points, nan=-_FAR).clip(-_FAR, _FAR).round().astype(np.int64)
    x = (centre[:, 0, None, None] + step[None, None, :]).repeat(len(step), axis=1)
    y = (centre[:, 1, None, None] + step[None, :, None]).repeat(len(step), axis=2)
    away = np.hypot(x - points[:, 0, None, None], y - points[:, 1, None, None])
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    covered = np.zeros((height, width))
    np.maximum.at(covered, (y[inside], x[inside]), (radius + 0.5 - away[inside]).clip(0, 1))
    return covered


def _blend(picture: Picture, colour: Colour, share: NDArray[np.float64]) -> None:
    where = np.nonzero(share)
    part = share[where][:, None]
    picture[where] = np.round(picture[where] * (1 - part) + np.array(colour) * part)


def _fixed(points: Points) -> NDArray[np.int32]:
    whole = np.nan_to_num(points, nan=-_FAR, posinf=_FAR, neginf=-_FAR)
    return np.round(whole.clip(-_FAR, _FAR) * (1 << _SHIFT)).astype(np.int32)
