"""Two ways to write where on its sphere a camera stands: LPFF's theta, phi and EG3D's h, v.

They look alike and are not: theta, phi have their pole on the x axis (the subject's ears), h, v
on the y axis (the crown), so only the frontal (90, 90) degrees is the same in both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.camera.label import RADIUS

Floats = NDArray[np.float64]

_POLE = 1e-5  # EG3D's sampler keeps v this far from 0 and pi


def theta_phi(positions: ArrayLike) -> Floats:
    """LPFF's angles of camera positions (Wu et al., arXiv:2303.14407).

    Args:
        positions: (..., 3) in the world: x right, y up, z towards the frontal camera.

    Returns:
        (..., 2) radians: theta in 0..pi from the x axis (above pi/2: camera at the picture's
        left of the face), phi in -pi..pi about it (below pi/2: camera above). Frontal pi/2, pi/2.
        A mirror makes theta pi - theta.
    """
    x, y, z = np.moveaxis(np.asarray(positions, np.float64), -1, 0)
    return np.stack([np.arctan2(np.hypot(y, z), x), np.arctan2(z, y)], axis=-1)


def position_of_theta_phi(angles: ArrayLike, radius: float = RADIUS) -> Floats:
    """Camera positions (..., 3) of LPFF's theta, phi (..., 2) in radians."""
    theta, phi = np.moveaxis(np.asarray(angles, np.float64), -1, 0)
    around = np.sin(theta)
    axes = [np.cos(theta), around * np.cos(phi), around * np.sin(phi)]
    return radius * np.stack(axes, axis=-1)


def h_v(positions: ArrayLike) -> Floats:
    """Angles of EG3D's look-at sampler (`LookAtPoseSampler`) of camera positions.

    Args:
        positions: (..., 3) in the world.

    Returns:
        (..., 2) radians. h: longitude about the y axis, pi/2 in front, growing as the camera
        moves to the picture's right, in 0..2 pi. v: pi times the share of the sphere's height
        above the camera, 0..pi; NOT an angle: v = pi (1 - y / r) / 2.
    """
    array = np.asarray(positions, np.float64)
    x, y, z = np.moveaxis(array, -1, 0)
    radius = np.linalg.norm(array, axis=-1)
    return np.stack([np.pi - np.arctan2(z, x), (1.0 - y / radius) * (np.pi / 2)], axis=-1)


def position_of_h_v(angles: ArrayLike, radius: float = RADIUS) -> Floats:
    """Camera positions (..., 3) of the look-at sampler's h, v (..., 2) in radians.

    v is clamped to 1e-5 .. pi - 1e-5 as the sampler does.
    """
    h, v = np.moveaxis(np.asarray(angles, np.float64), -1, 0)
    height = 1.0 - 2.0 * np.clip(v, _POLE, np.pi - _POLE) / np.pi
    around = np.sqrt(1.0 - height**2)
    return radius * np.stack(
        [around * np.cos(np.pi - h), height, around * np.sin(np.pi - h)], axis=-1
    )
