"""Regions of the face as fixed sample points on the mesh: colours of a whole batch in one gather.

A region is a polygon of mesh points. Its interior is covered once, on MediaPipe's canonical
face, by an even grid whose points are written as mean value coordinates of the polygon (Floater
2003). Carrying those weights over to a seen mesh puts each sample at the same place of every
face, in any pose, with one matrix product and no masks. Indices are MediaPipe's public
numbering (facts about Apache-2.0 software). "right" and "left" are the subject's.
"""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.pixels.colour import lab
from facewright.annotators.pixels.robust import quantiles
from facewright.vision.faces import FaceBatch, View
from facewright.vision.tables import canonical_face

FACE_VIEW = View(1.0, 256)
"""The one view that pixels are measured on: the face's own square at 256 pixels."""

RIGHT_IRIS, LEFT_IRIS = 468, 473
"""Iris centres; each is followed by its four points right, top, left, bottom."""

_SAMPLES = 100  # of a region, about: medians are stable and a batch costs little

_GREY = 10  # difference of channels that compression leaves in a grey picture

# fmt: off
FACE_OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400,
             377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67,
             109)

POLYGONS: dict[str, tuple[int, ...]] = {
    "forehead": (104, 69, 108, 151, 337, 299, 333, 334, 296, 336, 9, 107, 66, 105),
    "forehead_top": (103, 67, 109, 10, 338, 297, 332, 333, 299, 337, 151, 108, 69, 104),
    "right_cheek": (117, 118, 101, 36, 205, 187, 123),
    "left_cheek": (346, 347, 330, 266, 425, 411, 352),
    "nose": (6, 122, 174, 134, 45, 4, 275, 363, 399, 351),
    "upper_lip": (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 308, 415, 310, 311, 312, 13,
                  82, 81, 80, 191, 78),
    "lower_lip": (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 308, 324, 318, 402, 317, 14,
                  87, 178, 88, 95, 78),
    "moustache": (165, 92, 186, 57, 61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 287, 410,
                  322, 391, 393, 164, 167),
    "chin": (201, 200, 421, 428, 396, 175, 171, 208),
    "right_lid": (246, 161, 160, 159, 158, 157, 173, 190, 56, 28, 27, 29, 30, 247),
    "left_lid": (466, 388, 387, 386, 385, 384, 398, 414, 286, 258, 257, 259, 260, 467),
    "right_under_eye": (7, 163, 144, 145, 153, 154, 155, 112, 26, 22, 23, 24, 110),
    "left_under_eye": (249, 390, 373, 374, 380, 381, 382, 341, 256, 252, 253, 254, 339),
    "right_eye": (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    "left_eye": (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
}
# fmt: on


@cache
def sample_weights() -> tuple[NDArray[np.float32], dict[str, slice]]:
    """Weights (K, 468) that turn a mesh into all sample points, and each region's rows."""
    vertices = canonical_face()["vertices"][:, :2].astype(np.float64)
    rows: list[NDArray[np.float32]] = []
    where: dict[str, slice] = {}
    start = 0
    for name, polygon in POLYGONS.items():
        corners = vertices[list(polygon)]
        points = _grid_inside(corners)
        weights = np.zeros((len(points), len(vertices)), np.float32)
        weights[:, list(polygon)] = mean_value_coordinates(corners, points)
        rows.append(weights)
        where[name] = slice(start, start + len(points))
        start += len(points)
    return np.concatenate(rows), where


def mean_value_coordinates(
    corners: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights (P, V), each row summing to 1, with weights @ corners = points.

    Args:
        corners: (V, 2) corners of a simple polygon, in order.
        points: (P, 2) strictly inside.
    """
    spokes = corners[None] - points[:, None]
    after = np.roll(spokes, -1, axis=1)
    cross = spokes[..., 0] * after[..., 1] - spokes[..., 1] * after[..., 0]
    dot = (spokes * after).sum(axis=2)
    half_tangent = np.tan(np.arctan2(cross, dot) / 2)
    weights = (half_tangent + np.roll(half_tangent, 1, axis=1)) / np.linalg.norm(spokes, axis=2)
    normalised: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return normalised


def _grid_inside(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    step = math.sqrt(abs(float(signed_area(corners))) / _SAMPLES)
    low, high = corners.min(axis=0), corners.max(axis=0)
    axes = [np.arange(float(low[d]) + step / 2, float(high[d]), step) for d in (0, 1)]
    grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    inside: NDArray[np.float64] = grid[inside_polygon(grid, corners)]
    return inside


def inside_polygon(
    points: NDArray[np.floating], corners: NDArray[np.floating]
) -> NDArray[np.bool_]:
    """Which points (..., P, 2) lie inside of polygons (..., V, 2): (..., P), even-odd rule."""
    x1, y1 = corners[..., None, :, 0], corners[..., None, :, 1]
    x2, y2 = np.roll(x1, -1, axis=-1), np.roll(y1, -1, axis=-1)
    px, py = points[..., 0, None], points[..., 1, None]
    spans = (y1 > py) != (y2 > py)
    rise = np.where(y1 == y2, 1.0, y2 - y1)
    crossings = (spans & (px < (x2 - x1) * (py - y1) / rise + x1)).sum(axis=-1)
    odd: NDArray[np.bool_] = crossings % 2 == 1
    return odd


def signed_area(corners: NDArray[np.floating]) -> NDArray[np.float64]:
    """Signed area (...) of polygons (..., V, 2): the shoelace formula."""
    x, y = corners[..., 0], corners[..., 1]
    area: NDArray[np.float64] = (x * np.roll(y, -1, -1) - y * np.roll(x, -1, -1)).sum(-1) / 2
    return area


@dataclass(frozen=True)
class FacePixels:
    """Colours of all regions of N faces.

    rgb: (N, K, 3) uint8. lab: (N, K, 3) float32. inside: (N, K), false where the sample lies
    outside of the photograph. rows: each region's columns along K.
    seen: region to (N,): its area in the view over that of a frontal face; at or below 0 the
    region is turned away from the camera.
    """

    rgb: NDArray[np.uint8]
    lab: NDArray[np.float32]
    inside: NDArray[np.bool_]
    rows: dict[str, slice]
    seen: dict[str, NDArray[np.float64]]

    def colours(self, *regions: str) -> NDArray[np.float32]:
        """L*a*b* (N, k, 3) of some regions; samples outside of the photograph are NaN."""
        parts = [
            np.where(self.inside[:, rows, None], self.lab[:, rows], np.float32(np.nan))
            for rows in (self.rows[region] for region in regions)
        ]
        return np.concatenate(parts, axis=1)

    @cached_property
    def grey(self) -> NDArray[np.bool_]:
        """(N,) true where the picture has no colour: a black-and-white photograph."""
        spread = np.ptp(self.rgb.astype(np.int16), axis=2)
        (typical,) = quantiles(spread.astype(np.float32), 0.95)
        return np.asarray(typical <= _GREY)


_last: tuple[weakref.ref[FaceBatch], FacePixels] | None = None


def face_pixels(faces: FaceBatch) -> FacePixels:
    """Gather a batch's pixels; the annotators that follow each other share one gathering."""
    global _last  # noqa: PLW0603 (a cache of one entry, safe to lose)
    cached = _last
    if cached is not None and cached[0]() is faces:
        return cached[1]
    pixels = _gather(faces)
    _last = (weakref.ref(faces), pixels)
    return pixels


def _gather(faces: FaceBatch) -> FacePixels:
    weights, rows = sample_weights()
    count, points = len(faces), weights.shape[1]
    meshes = faces.view_meshes(FACE_VIEW)[:, :points]
    both = np.concatenate([meshes, faces.meshes[:, :points, :2]], axis=2).astype(np.float32)
    # One product places all samples of all faces in the view and in the photo: (K, N, 4).
    placed = (weights @ both.transpose(1, 0, 2).reshape(points, -1)).reshape(len(weights), count, 4)
    placed = placed.transpose(1, 0, 2)
    at = np.rint(placed[..., :2]).astype(np.intp).clip(0, FACE_VIEW.size - 1)
    rgb = faces.view(FACE_VIEW)[np.arange(count)[:, None], at[..., 1], at[..., 0]]
    inside = _inside(faces, placed[..., 2:])
    return FacePixels(rgb, lab(rgb), inside, rows, _seen(meshes.astype(np.float32)))


def _inside(faces: FaceBatch, points: NDArray[np.float32]) -> NDArray[np.bool_]:
    shapes = [faces.photos[i].shape[1::-1] for i in faces.photo]
    limits = np.array(shapes, np.float32).reshape(-1, 1, 2) - np.float32(0.5)
    within = (points > -0.5) & (points < limits)
    return np.asarray(within[..., 0] & within[..., 1])


def _seen(meshes: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    vertices = canonical_face()["vertices"][:, :2].astype(np.float64) * (1.0, -1.0)
    scale = FACE_VIEW.size / np.ptp(vertices, axis=0).max()
    out: dict[str, NDArray[np.float64]] = {}
    for name, polygon in POLYGONS.items():
        frontal = signed_area(vertices[list(polygon)]) * scale**2
        out[name] = signed_area(meshes[:, list(polygon)]) / frontal
    return out
