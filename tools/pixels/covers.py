"""Covers painted on faces: masks, fringes, scarves, patches, lenses of known place and colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.annotators.pixels.regions import FACE_OVAL, POLYGONS
from facewright.vision.faces import FaceBatch
from pixels.sets import with_photos

_OVAL = FACE_OVAL
_LOWER_FACE = (*_OVAL[11:26], 116, 6, 345)
_FOREHEAD = (*_OVAL[32:], *_OVAL[:5], 300, 334, 9, 105, 70)
_RIGHT_EYE = (70, 105, 107, 9, 6, 122, 47, 101, 117, 116)
_LENSES = tuple(
    POLYGONS[f"{side}_lid"] + POLYGONS[f"{side}_under_eye"] for side in ("right", "left")
)
Outline = tuple[int, ...]
COVERS: dict[str, tuple[str, tuple[Outline, ...], tuple[int, int, int]]] = {
    # name: (region it covers, corners of its parts on the mesh, RGB)
    "white mask": ("mouth", (_LOWER_FACE,), (236, 236, 240)),
    "blue mask": ("mouth", (_LOWER_FACE,), (130, 175, 215)),
    "pink mask": ("mouth", (_LOWER_FACE,), (235, 160, 180)),
    "black mask": ("mouth", (_LOWER_FACE,), (25, 25, 28)),
    "dark fringe": ("forehead", (_FOREHEAD,), (52, 38, 30)),
    "blond fringe": ("forehead", (_FOREHEAD,), (196, 160, 96)),
    "blue scarf": ("forehead", (_FOREHEAD,), (60, 80, 150)),
    "eye patch": ("eye", (_RIGHT_EYE,), (22, 22, 22)),
    "pair of dark lenses": ("eye", _LENSES, (16, 16, 18)),
}


def covered(faces: FaceBatch, cover: str) -> FaceBatch:
    """The same faces wearing a cover, textured and shaded a little."""
    _, parts, colour = COVERS[cover]
    random = np.random.default_rng(0)
    photos = []
    for i in range(len(faces)):
        photo = faces.photos[faces.photo[i]].copy()
        for corners in parts:
            outline = np.rint(faces.meshes[i, corners, :2]).astype(np.int32, order="C")
            if parts is _LENSES:
                outline = np.asarray(cv2.convexHull(outline), np.int32)
            photo = _paint(photo, outline, colour, random)
        photos.append(photo)
    return with_photos(faces, photos)


def _paint(
    photo: NDArray[np.uint8],
    outline: NDArray[np.int32],
    colour: tuple[int, int, int],
    random: np.random.Generator,
) -> NDArray[np.uint8]:
    mask = np.zeros(photo.shape[:2], np.uint8)
    cv2.fillPoly(mask, [outline], 1)
    x, y, width, height = cv2.boundingRect(mask)
    part = photo[y : y + height, x : x + width]
    shade = np.linspace(0.8, 1.1, max(width, 1))[None, :, None]
    cloth = np.array(colour) * shade + random.normal(0.0, 4.0, (height, width, 1))
    inside = mask[y : y + height, x : x + width, None] > 0
    part[:] = np.where(inside, np.clip(cloth, 0, 255), part).astype(np.uint8)
    return photo
