"""Faces drawn from the canonical mesh, whose every colour is known; and found sample faces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from facewright.annotators.pixels.regions import FACE_OVAL, POLYGONS
from facewright.vision.faces import FaceBatch
from facewright.vision.tables import canonical_face
from facewright.vision.warp import Pyramid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

SKIN = (190, 140, 110)
FEATURES: dict[str, tuple[int, int, int]] = {
    "upper_lip": (170, 95, 90),
    "lower_lip": (170, 95, 90),
    "right_eye": (225, 220, 215),
    "left_eye": (225, 220, 215),
}
_EYES = ((159, 145), (386, 374))  # upper and lower lid, subject's right and left


def mesh(side: float, x: float, y: float) -> NDArray[np.float64]:
    """(478, 3) frontal canonical face of a square of `side` pixels, its corner at (x, y)."""
    vertices = canonical_face()["vertices"].astype(np.float64) * (1.0, -1.0, -1.0)
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    points = (vertices - (low + high) / 2) / (high - low)[:2].max() * side
    points[:, :2] += (x + side / 2, y + side / 2)
    irises = []
    for upper, lower in _EYES:
        centre = (points[upper] + points[lower]) / 2
        radius = 0.03 * side
        offsets = np.array([[0, 0], [1, 0], [0, -1], [-1, 0], [0, 1]]) * radius
        irises.append(np.column_stack([centre[:2] + offsets, np.full(5, centre[2])]))
    return np.concatenate([points, *irises])


def draw(
    side: int = 256,
    skin: tuple[int, int, int] = SKIN,
    paint: Mapping[str, tuple[int, int, int]] | None = None,
    iris: tuple[int, int, int] = (90, 60, 40),
    *,
    texture: float = 6.0,
    shift: int = 0,
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """A picture and the mesh of its face; `paint` overrides regions' colours.

    texture: standard deviation of smooth skin texture, the same in all channels.
    shift: pixels by which the face lies too far to the left, beyond the edge when large.
    """
    margin = side // 4
    points = mesh(side, margin - shift, margin)
    picture = np.full((side + 2 * margin, side + 2 * margin, 3), (90, 110, 90), np.uint8)
    cv2.fillPoly(picture, [_corners(points, FACE_OVAL)], skin)
    for name, colour in {**FEATURES, **(paint or {})}.items():
        cv2.fillPoly(picture, [_corners(points, POLYGONS[name])], colour)
    for centre in (468, 473):
        at = tuple(int(v) for v in np.rint(points[centre, :2]))
        cv2.circle(picture, at, round(0.03 * side), iris, -1)
    grain = np.random.default_rng(0).normal(0.0, 1.0, picture.shape[:2])
    grain = cv2.GaussianBlur(grain, (0, 0), max(side / 256, 0.6))
    grain *= texture / max(float(grain.std()), 1e-9)
    return np.clip(picture + grain[..., None], 0, 255).astype(np.uint8), points


def _corners(points: NDArray[np.float64], indices: Sequence[int]) -> NDArray[np.int32]:
    return np.rint(points[list(indices), :2]).astype(np.int32, order="C")


def batch(*faces: tuple[NDArray[np.uint8], NDArray[np.float64]]) -> FaceBatch:
    """A batch of one face a picture, from pictures and meshes."""
    photos = [photo for photo, _ in faces]
    count = len(faces)
    meshes = np.stack([m for _, m in faces]) if faces else np.zeros((0, 478, 3))
    low, high = meshes[:, :468, :2].min(axis=1), meshes[:, :468, :2].max(axis=1)
    return FaceBatch(
        photos,
        np.arange(count),
        np.concatenate([low, high - low], axis=1),
        meshes[:, [33, 263, 1, 61, 291], :2],
        np.full(count, 0.95),
        meshes,
        np.full(count, 15.0),
        [Pyramid(p, 0, 0, p.shape[1], p.shape[0]) for p in photos],
    )


def inputs(count: int, **changes: Any) -> dict[str, Any]:
    """What other annotators give, for plain faces."""
    plain = {
        "glasses": ["NoGlasses"] * count,
        "blendshapes.eyeBlinkLeft": np.zeros(count),
        "blendshapes.eyeBlinkRight": np.zeros(count),
        "_heads.lipstick": np.full(count, 0.2),
        "_heads.eye_makeup": np.full(count, 0.2),
        "_heads.headwear": np.zeros(count),
    }
    return {**plain, **changes}
