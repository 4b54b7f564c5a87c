"""What the pixels of the head above the face look like: colour, texture, extent.

Measured inside of the person mask and outside of the face, at 128 pixels a view: the whole
region above the eyes, and the crown right above the forehead.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.annotators.pixels.regions import FACE_OVAL
from facewright.vision.faces import View

PERSON_VIEW = View(2.4, 256)
"""The view that the person mask is made on."""

WIDTH = 29
_CROWN = slice(11, 14)  # columns of the crown's mean colour
_STEP = 2  # every second pixel: 128 a side
_FEWEST = 6  # pixels without which a region is not there
_MARGIN = 2.5  # pixels
_CROWN_HALF = 0.35  # half-width of the crown in face heights
_CHIN, _TOP, _EYES, _OVAL = 152, 10, [33, 263], list(FACE_OVAL)
_HALF = 0.5
_UNIT = np.float32(1 / 255)
_TYPICAL_HAIR = np.array([35.0, 6.0, 8.0]), np.array([20.0, 5.0, 8.0])  # L*a*b* and spread

Floats = NDArray[np.float32]


def hair_pixels(
    views: NDArray[np.uint8], masks: NDArray[np.floating], meshes: NDArray[np.float64], skin: Floats
) -> tuple[Floats, Floats]:
    """Features of the hair's pixels.

    Args:
        views: (N, 256, 256, 3) RGB of `PERSON_VIEW`.
        masks: (N, 256, 256) P(person).
        meshes: (N, 478, 2) in the view's pixels.
        skin: (N, 3) L*a*b* of the cheeks.

    Returns:
        (N, 29) `hair_pixels`: eleven figures each of the region above the eyes and of the
        crown (mean and spread of L*a*b*, chroma, distance and lightness from the skin,
        vertical and horizontal texture), both areas, the height above the forehead, the skin,
        the area beside the face; and (N, 16) `crown_colour`: the crown's mean colour from that
        of usual hair with squares and products, spread, texture and height.
    """
    rows = [
        _face(np.ascontiguousarray(view[::_STEP, ::_STEP]), mask[::_STEP, ::_STEP], mesh, tone)
        for view, mask, mesh, tone in zip(views, masks, meshes / _STEP, skin, strict=True)
    ]
    pixels = np.array(rows, np.float32).reshape(len(views), WIDTH)
    spread, texture, rise = pixels[:, 14:17], pixels[:, 19:22], pixels[:, 24:25]
    return pixels, np.concatenate([_squared(pixels[:, _CROWN]), spread, texture, rise], axis=1)


def _face(
    view: NDArray[np.uint8], mask: NDArray[np.floating], mesh: NDArray[np.float64], skin: Floats
) -> Floats:
    """The 29 figures of one face; OpenCV's masked means are far cheaper than a batch's arrays."""
    lab = np.asarray(cv2.cvtColor(view * _UNIT, cv2.COLOR_RGB2LAB), np.float32)
    person = (mask > _HALF).astype(np.uint8)
    cv2.fillConvexPoly(person, _grown_oval(mesh), 0)
    texture = _texture(lab)
    eyes = int(np.clip(mesh[_EYES, 1].mean(), 0, len(view)))
    top, chin = (int(np.clip(mesh[p, 1], 0, len(view))) for p in (_TOP, _CHIN))
    height = max(mesh[_CHIN, 1] - mesh[_TOP, 1], 1.0)
    left, right = (int(max(mesh[_TOP, 0] + s * _CROWN_HALF * height, 0)) for s in (-1, 1))
    above, crown = person[:eyes], person[:top, left : right + 1]
    figures = [
        _statistics(lab[:eyes], texture[:eyes], above, skin),
        _statistics(lab[:top, left : right + 1], texture[:top, left : right + 1], crown, skin),
    ]
    filled = np.flatnonzero(mask.max(axis=1) > _HALF)
    first = filled[0] if len(filled) else mesh[_TOP, 1]
    beside = np.count_nonzero(person[eyes:chin])
    areas = np.array([np.count_nonzero(above), np.count_nonzero(crown), beside]) / height**2
    rise = [(mesh[_TOP, 1] - first) / height]
    return np.concatenate([*figures, areas[:2], rise, skin, areas[2:]]).astype(np.float32)


def _grown_oval(mesh: NDArray[np.float64]) -> NDArray[np.int32]:
    """Hull of the face's outline, grown: the outline is drawn inside of the hair line."""
    hull = cv2.convexHull(mesh[_OVAL].astype(np.float32))[:, 0]
    away = hull - hull.mean(axis=0)
    length = np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6)
    return np.asarray(np.rint(hull + away * (_MARGIN / length)), np.int32)


def _texture(lab: Floats) -> Floats:
    """Chroma and absolute steps of L* downwards and rightwards: (H, W, 3)."""
    light = lab[..., 0]
    out = np.zeros_like(lab)
    out[..., 0] = cv2.magnitude(lab[..., 1], lab[..., 2])
    out[1:, :, 1] = cv2.absdiff(light[1:], light[:-1])
    out[:, 1:, 2] = cv2.absdiff(light[:, 1:], light[:, :-1])
    return out


def _statistics(lab: Floats, texture: Floats, region: NDArray[np.uint8], skin: Floats) -> Floats:
    """Eleven figures of a region; one that is not there looks like plain skin."""
    region = np.ascontiguousarray(region)
    if np.count_nonzero(region) < _FEWEST:
        plain = np.zeros(11, np.float32)
        plain[:3], plain[6] = skin, np.hypot(skin[1], skin[2])
        return plain
    mean, spread = (v[:, 0] for v in cv2.meanStdDev(lab, mask=region))
    chroma, down, right, _ = cv2.mean(texture, mask=region)
    away = np.linalg.norm(mean - skin)
    tail = [chroma, away, mean[0] - skin[0], down, right]
    return np.concatenate([mean, spread, tail]).astype(np.float32)


def _squared(colours: Floats) -> Floats:
    centre, spread = _TYPICAL_HAIR
    z = (colours - centre) / spread
    products = np.stack([z[:, 0] * z[:, 1], z[:, 0] * z[:, 2], z[:, 1] * z[:, 2]], axis=1)
    return np.concatenate([z, z**2, products], axis=1)
