"""Head pose from the mesh: weighted similarity Procrustes to MediaPipe's canonical face."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from facewright.vision.tables import canonical_face


@cache
def _canonical() -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Indices, weights (sum 1) and centred positions of the 33 points that fix the pose."""
    data = canonical_face()
    indices = data["pose_indices"]
    weights = data["pose_weights"] / data["pose_weights"].sum()
    points = data["vertices"][indices].astype(np.float64)
    return indices, weights, points - weights @ points


def head_rotations(meshes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotation of each head.

    Args:
        meshes: (N, 478, 3) as of `facewright.vision.mesh`.

    Returns:
        (N, 3, 3) matrices that turn the canonical frontal face into the seen one, in x right,
        y up, z towards the camera (Kabsch 1976 with Umeyama's determinant guard).
    """
    indices, weights, canonical = _canonical()
    points = meshes[:, indices] * np.array([1.0, -1.0, -1.0])
    points = points - np.einsum("k,nkd->nd", weights, points)[:, None]
    covariance = np.einsum("k,nki,kj->nij", weights, points, canonical)
    u, _, vt = np.linalg.svd(covariance)
    flip = np.ones((len(meshes), 3))
    flip[:, 2] = np.sign(np.linalg.det(u @ vt))
    rotations: NDArray[np.float64] = (u * flip[:, None, :]) @ vt
    return rotations


def azure_angles(rotations: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotations (N, 3, 3) as (N, 3) degrees: pitch up, roll clockwise, yaw to the picture's right.

    R = Rz(-roll) Ry(yaw) Rx(-pitch). Signs as Azure's Face API: yaw and pitch agree with the
    published camera angles of FFHQ, roll with the angle by which its rectangle is turned.
    """
    pitch = -np.arctan2(rotations[:, 2, 1], rotations[:, 2, 2])
    yaw = np.arcsin(np.clip(-rotations[:, 2, 0], -1.0, 1.0))
    roll = -np.arctan2(rotations[:, 1, 0], rotations[:, 0, 0])
    angles: NDArray[np.float64] = np.degrees(np.stack([pitch, roll, yaw], axis=1))
    return angles
