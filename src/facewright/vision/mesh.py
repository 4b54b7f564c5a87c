"""The 478-point face mesh (MediaPipe Face Landmarker), fitted twice.

The second time it looks at the square that the first mesh gives.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from facewright.vision.runtime import Runtime
from facewright.vision.tables import landmark_tables
from facewright.vision.warp import Pyramid, Square

FACE_POINTS = 468
"""Points of the face proper; 468-472 and 473-477 are the irises (subject's right, left)."""

RIGHT_EYE_OUTER, LEFT_EYE_OUTER = 33, 263
_SIZE = 256
_MARGIN = 1.5
_REJECT = 5.0


def squares_of_boxes(
    boxes: NDArray[np.float64], eyes: NDArray[np.float64], factor: float = _MARGIN
) -> list[Square]:
    """Squares around detector boxes, turned so that the eyes are level.

    Args:
        boxes: (N, 4) left, top, width, height.
        eyes: (N, 2, 2) the picture's left and right eye.
        factor: side in units of the box's longer side.
    """
    return [
        Square(
            box[0] + box[2] / 2,
            box[1] + box[3] / 2,
            max(box[2], box[3]) * factor,
            math.atan2(right[1] - left[1], right[0] - left[0]),
        )
        for box, (left, right) in zip(boxes, eyes, strict=True)
    ]


def square_of_mesh(mesh: NDArray[np.float64], factor: float = 1.0) -> Square:
    """Smallest eye-level square around the face points of one mesh (478, 3), grown by `factor`."""
    left, right = mesh[RIGHT_EYE_OUTER], mesh[LEFT_EYE_OUTER]
    angle = math.atan2(right[1] - left[1], right[0] - left[0])
    cos, sin = math.cos(angle), math.sin(angle)
    points = mesh[:FACE_POINTS, :2]
    u = points[:, 0] * cos + points[:, 1] * sin
    v = -points[:, 0] * sin + points[:, 1] * cos
    middle_u, middle_v = (u.min() + u.max()) / 2, (v.min() + v.max()) / 2
    side = max(u.max() - u.min(), v.max() - v.min())
    return Square(
        middle_u * cos - middle_v * sin, middle_u * sin + middle_v * cos, side * factor, angle
    )


def find_meshes(
    pyramids: Sequence[Pyramid], squares: Sequence[Square], runtime: Runtime
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit the mesh to faces.

    Args:
        pyramids: where each face's pixels come from.
        squares: first guess of each face, from `squares_of_boxes`.
        runtime: where the model runs.

    Returns:
        meshes (N, 478, 3) float64: x and y in photograph pixels, z in the same unit, smaller
        is nearer to the camera, 0 near the head's centre; presence logits (N,): below 5 the
        mesh did not find a face.
    """
    meshes, presence = np.zeros((len(squares), FACE_POINTS + 10, 3)), np.zeros(len(squares))
    # Both passes of one inference batch, then the next: its pixels are still in the cache.
    for start in range(0, len(squares), runtime.batch):
        few = slice(start, start + runtime.batch)
        first, _ = _pass(pyramids[few], squares[few], runtime)
        again = [square_of_mesh(mesh, _MARGIN) for mesh in first]
        meshes[few], presence[few] = _pass(pyramids[few], again, runtime)
    return meshes, presence


def _pass(
    pyramids: Sequence[Pyramid], squares: Sequence[Square], runtime: Runtime
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cuts = np.empty((len(squares), _SIZE, _SIZE, 3), np.uint8)
    for pyramid, square, out in zip(pyramids, squares, cuts, strict=True):
        pyramid.cut(square, _SIZE, out)
    points, presence = runtime.infer("face_landmarks_478", cuts)
    units = points.astype(np.float64) / _SIZE
    meshes = np.empty_like(units)
    for i, square in enumerate(squares):
        meshes[i, :, :2] = square.to_photo(units[i, :, :2])
        meshes[i, :, 2] = units[i, :, 2] * square.side
    return meshes, presence.astype(np.float64)


def presence_share(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Presence logits (N,) as shares 0-1: .5 at logit 5, where MediaPipe's face ends."""
    shares: NDArray[np.float64] = 1.0 / (1.0 + np.exp(_REJECT - np.clip(logits, -50.0, 50.0)))
    return shares


@cache
def _ibug_weights() -> NDArray[np.float64]:
    groups = landmark_tables()["mesh_to_ibug68"]
    weights = np.zeros((len(groups), FACE_POINTS + 10))
    for row, members in enumerate(groups):
        weights[row, members] = 1.0 / len(members)
    return weights


def ibug68(meshes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The 68 iBUG points of meshes: (N, 478, 3) to (N, 68, 2), photograph pixels."""
    points: NDArray[np.float64] = _ibug_weights() @ meshes[:, :, :2]
    return points
