"""MediaPipe's 478 points on the head: fixed places on the skin and on the eyeballs.

The places of the 468 face points were found once (`tools/find_head_landmarks.py`): the shipped mesh
model looked at renders of many people, its points were cast back onto the skin, and their medians
over people were made symmetric. So a point is where that model puts it on average, at one and the
same place of every head; with it come iBUG's 68 by this project's table.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d import eyes, pack, shape

FACE_POINTS = 468


def known() -> bool:
    """Whether the pack holds landmarks."""
    return pack.has("landmark_triangle")


def mesh_points(vertices: NDArray[Any], skin: NDArray[Any]) -> NDArray[np.float64]:
    """The points (478, 3) in space.

    Args:
        vertices: (V, 3) of the head.
        skin: (V', 3) subdivided.
    """
    corners = skin[shape.fine_triangles()[pack.array("landmark_triangle")]].astype(np.float64)
    face = (corners * pack.array("landmark_weight")[:, :, None]).sum(axis=1)
    balls = pack.proxy("HighPolyEyes").fit(vertices)
    return np.concatenate([face, balls[_iris_vertices()].astype(np.float64)])


@cache
def _iris_vertices() -> NDArray[np.int64]:
    """Ten vertices of the eyeballs: subject's right (468-472), then left (473-477).

    Each centre is followed by the iris's ends to the picture's right, up, left and down for the
    right eye, mirrored for the left: MediaPipe's order.
    """
    triangles, uv = eyes.shell()
    used = np.unique(triangles)
    points = pack.proxy("HighPolyEyes").fit(eyes.neutral_mean())
    found = []
    for side in (-1, 1):
        mine = used[np.sign(points[used, 0]) == side]
        centre = min(eyes.CENTRES, key=lambda c: float(np.hypot(*(uv[mine] - c).T).min()))
        for across, down in ((0, 0), (-side, 0), (0, -1), (side, 0), (0, 1)):
            place = np.array(centre) + eyes.RADIUS * np.array([across, down])
            found.append(mine[int(np.argmin(np.hypot(*(uv[mine] - place).T)))])
    return np.array(found)


def turned_away(skin: NDArray[Any], eye: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of the 478 points (478,) the skin around them faces away from a camera at `eye` (3,).

    Irises never count as turned away.
    """
    corners = skin[shape.fine_triangles()[pack.array("landmark_triangle")]].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    away = (normals * (eye - corners.mean(axis=1))).sum(axis=1) < 0
    return np.concatenate([away, np.zeros(10, bool)])
