"""Where each texel of the atlas lies on the mean head."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def position_map(
    points: Floats, faces: Ints, uv: Floats, face_uv: Ints, size: tuple[int, int]
) -> Floats:
    """Positions (H, W, 3) of texels; those outside of the charts take the nearest one's.

    Args:
        points: (V, 3).
        faces: (F, 4) quads.
        uv: (T, 2) in the atlas, v down.
        face_uv: (F, 4) into `uv`.
        size: width and height.
    """
    width, height = size
    out = np.zeros((height, width, 3))
    known = np.zeros((height, width), bool)
    for corners in ((0, 1, 2), (0, 2, 3)):
        for triangle, where in zip(faces[:, corners], face_uv[:, corners], strict=True):
            _fill(out, known, points[triangle], uv[where] * (width, height) - 0.5)
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    of_label = np.zeros(nearest.max() + 1, np.int64)
    of_label[nearest[known]] = np.flatnonzero(known.ravel())
    filled: Floats = out.reshape(-1, 3)[of_label[nearest]]
    return filled


def _fill(out: Floats, known: NDArray[np.bool_], values: Floats, where: Floats) -> None:
    low = np.maximum(np.floor(where.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(where.max(axis=0)).astype(int) + 1, [out.shape[1], out.shape[0]])
    if (high <= low).any():
        return
    y, x = np.mgrid[low[1] : high[1], low[0] : high[0]]
    a, b, c = where
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    if abs(area) < 1e-12:
        return
    u = ((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) / area
    v = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area
    inside = (u >= -1e-6) & (v >= -1e-6) & (u + v <= 1 + 1e-6)
    place = (
        values[0] + u[..., None] * (values[1] - values[0]) + v[..., None] * (values[2] - values[0])
    )
    out[y[inside], x[inside]] = place[inside]
    known[y[inside], x[inside]] = True
