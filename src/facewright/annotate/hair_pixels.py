"""What the pixels of the head above the face look like: colour, texture, extent.

Measured inside of the person mask and outside of the face, at 128 pixels a view: the whole
region above the eyes, and the crown right above the forehead.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.annotate.regions import FACE_OVAL
from facewright.vision.faces import View

PERSON_VIEW = View(2.4, 256)
"""The view that the person mask is made on."""

WIDTH, CROWN_WIDTH = 29, 16
_STEP = 2  # every second pixel: 128 a side
_FEWEST = 6  # pixels without which a region is not there
_MARGIN = 5  # pixels grown around the face: the oval is drawn inside of the hair line
_CROWN_WIDTH = 0.35  # half-width of the crown in face heights
_CHIN, _TOP, _EYES = 152, 10, (33, 263)
_TYPICAL_HAIR = np.array([35.0, 6.0, 8.0]), np.array([20.0, 5.0, 8.0])  # L*a*b* and spread

Floats = NDArray[np.float32]


def hair_pixels(
    views: NDArray[np.uint8], masks: NDArray[np.floating], meshes: NDArray[np.float64], skin: Floats
) -> tuple[Floats, Floats]:
    """Features of the hair's pixels.

    Args:
        views: (N, 256, 256, 3) RGB of `PERSON_VIEW`. masks: (N, 256, 256) P(person).
        meshes: (N, 478, 2) in the view's pixels. skin: (N, 3) L*a*b* of the cheeks.

    Returns:
        (N, 29) `hair_pixels`: eleven figures each of the region above the eyes and of the
        crown (mean and spread of L*a*b*, chroma, distance and lightness from the skin,
        vertical and horizontal texture), both areas, the height above the forehead, the skin,
        the area beside the face; and (N, 16) `crown_colour`: the crown's mean colour from that
        of usual hair with squares and products, spread, texture and height.
    """
    small = np.ascontiguousarray(views[:, ::_STEP, ::_STEP])
    lab = _lab(small)
    meshes = meshes / _STEP
    person = masks[:, ::_STEP, ::_STEP] > 0.5  # noqa: PLR2004
    regions, height = _regions(person, meshes)
    texture = np.stack([_steps(lab[..., 0], axis) for axis in (1, 2)], axis=-1)
    above, crown = (_statistics(lab, texture, regions[i], skin) for i in (0, 1))
    areas = np.stack([r.sum(axis=(1, 2)) for r in regions], axis=1) / height[:, None] ** 2
    top = np.where(person.any(axis=(1, 2)), person.any(axis=2).argmax(axis=1), meshes[:, _TOP, 1])
    rise = ((meshes[:, _TOP, 1] - top) / height)[:, None]
    pixels = np.concatenate([above, crown, areas[:, :2], rise, skin, areas[:, 2:]], axis=1)
    colour = np.concatenate([_squared(crown[:, :3]), crown[:, 3:6], crown[:, 8:11], rise], axis=1)
    return pixels.astype(np.float32), colour.astype(np.float32)


def _lab(images: NDArray[np.uint8]) -> Floats:
    count, height, width, _ = images.shape
    if not count:
        return np.zeros(images.shape, np.float32)
    flat = images.reshape(count * height, width, 3).astype(np.float32) / np.float32(255)
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2LAB), np.float32).reshape(images.shape)


def _regions(
    person: NDArray[np.bool_], meshes: NDArray[np.float64]
) -> tuple[list[NDArray[np.bool_]], NDArray[np.float64]]:
    """Masks above the eyes, of the crown and beside the face; and the face's height."""
    size = person.shape[1]
    y, x = np.mgrid[:size, :size][:, None]
    eyes = meshes[:, _EYES, 1].mean(axis=1)[:, None, None]
    top, middle = meshes[:, _TOP, 1, None, None], meshes[:, _TOP, 0, None, None]
    chin = meshes[:, _CHIN, 1, None, None]
    height = np.maximum(chin - top, 1.0)
    outside = person & ~_faces(meshes, size)
    above = outside & (y < eyes)
    crown = outside & (y < top) & (np.abs(x - middle) < _CROWN_WIDTH * height)
    beside = outside & (y > eyes) & (y < chin)
    return [above, crown, beside], height[:, 0, 0]


def _faces(meshes: NDArray[np.float64], size: int) -> NDArray[np.bool_]:
    out = np.zeros((len(meshes), size, size), np.uint8)
    for mask, mesh in zip(out, meshes, strict=True):
        hull = cv2.convexHull(np.rint(mesh[list(FACE_OVAL)]).astype(np.int32))
        cv2.fillConvexPoly(mask, hull, 1)
        cv2.dilate(mask, np.ones((_MARGIN, _MARGIN), np.uint8), dst=mask)
    return out.astype(bool)


def _steps(light: Floats, axis: int) -> Floats:
    """Absolute differences of neighbours, the same shape."""
    return np.abs(np.diff(light, axis=axis, prepend=np.take(light, [0], axis=axis)))


def _statistics(lab: Floats, texture: Floats, region: NDArray[np.bool_], skin: Floats) -> Floats:
    """(N, 11) figures of a region; one that is not there looks like plain skin."""
    chroma = np.hypot(lab[..., 1], lab[..., 2])[..., None]
    stack = np.concatenate([lab, lab**2, chroma, texture], axis=-1)
    count = region.sum(axis=(1, 2))
    flat = region.reshape(len(region), 1, -1).astype(np.float32)
    sums = (flat @ stack.reshape(len(region), flat.shape[2], -1))[:, 0]
    means = sums / np.maximum(count, 1)[:, None]
    spread = np.sqrt(np.maximum(means[:, 3:6] - means[:, :3] ** 2, 0.0))
    mean, gone = means[:, :3], (count < _FEWEST)[:, None]
    distance = np.linalg.norm(mean - skin, axis=1, keepdims=True)
    found = np.concatenate(
        [mean, spread, means[:, 6:7], distance, mean[:, :1] - skin[:, :1], means[:, 7:]], axis=1
    )
    plain = np.zeros_like(found)
    plain[:, :3], plain[:, 6] = skin, np.hypot(skin[:, 1], skin[:, 2])
    return np.where(gone, plain, found)


def _squared(colours: Floats) -> Floats:
    centre, spread = _TYPICAL_HAIR
    z = (colours - centre) / spread
    products = np.stack([z[:, 0] * z[:, 1], z[:, 0] * z[:, 2], z[:, 1] * z[:, 2]], axis=1)
    return np.concatenate([z, z**2, products], axis=1)
