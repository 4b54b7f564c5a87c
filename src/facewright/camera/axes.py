"""How a camera is turned: OpenCV's and OpenGL's axes, looking at a point, Azure's head angles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.vision.pose import azure_angles

Floats = NDArray[np.float64]

_FLIP = np.array([1.0, -1.0, -1.0])
_UP = np.array([0.0, 1.0, 0.0])


def flip_axes(rotations: ArrayLike) -> Floats:
    """OpenCV's camera axes to OpenGL's and back: the same camera, other names for its axes.

    Args:
        rotations: (..., 3, 3) cam2world with columns right, down, forward (OpenCV: EG3D's
            labels) or right, up, backward (OpenGL, Blender, NeRF).

    Returns:
        (..., 3, 3), second and third column negated.
    """
    flipped: Floats = np.asarray(rotations, np.float64) * _FLIP
    return flipped


def look_at(positions: ArrayLike, pivot: ArrayLike = (0.0, 0.0, 0.0)) -> Floats:
    """Cameras without roll that look at a point, as EG3D's sampler builds them.

    Args:
        positions: (..., 3) in the world, not straight above or below the pivot.
        pivot: (..., 3) what is looked at.

    Returns:
        (..., 3, 3) columns camera right, down, forward.
    """
    forward = unit(np.asarray(pivot, np.float64) - np.asarray(positions, np.float64))
    right = unit(np.cross(forward, _UP))
    return np.stack([right, np.cross(forward, right), forward], axis=-1)


def camera_of_head(heads: ArrayLike) -> Floats:
    """Camera rotations around a head that is held still, of head rotations before a still camera.

    Args:
        heads: (..., 3, 3) as of `facewright.vision.pose.head_rotations`: they turn the frontal
            face into the seen one, in x right, y up, z towards the camera.

    Returns:
        (..., 3, 3) columns camera right, down, forward in the head's world. Its own inverse up
        to `flip_axes`: see `head_of_camera`.
    """
    return flip_axes(np.swapaxes(np.asarray(heads, np.float64), -1, -2))


def head_of_camera(rotations: ArrayLike) -> Floats:
    """Head rotations (..., 3, 3) of camera rotations: the inverse of `camera_of_head`."""
    return np.swapaxes(flip_axes(rotations), -1, -2)


def head_of_azure(angles: ArrayLike) -> Floats:
    """Head rotations (..., 3, 3) = Rz(-roll) Ry(yaw) Rx(-pitch) of Azure's angles.

    Args:
        angles: (..., 3) degrees in Azure's order pitch (up), roll (clockwise in the picture),
            yaw (to the picture's right).
    """
    pitch, roll, yaw = np.moveaxis(np.radians(np.asarray(angles, np.float64)), -1, 0)
    return _turn(-roll, 2) @ _turn(yaw, 1) @ _turn(-pitch, 0)


def azure_of_head(heads: ArrayLike) -> Floats:
    """Azure's angles (..., 3) in degrees, order pitch, roll, yaw, of head rotations (..., 3, 3)."""
    array = np.asarray(heads, np.float64)
    flat: Floats = azure_angles(array.reshape(-1, 3, 3))
    return flat.reshape(*array.shape[:-2], 3)


def _turn(angle: Floats, axis: int) -> Floats:
    """Right-handed rotations (..., 3, 3) by radians about axis 0, 1 or 2."""
    out = np.zeros((*np.shape(angle), 3, 3))
    one, two = (axis + 1) % 3, (axis + 2) % 3
    out[..., axis, axis] = 1.0
    out[..., one, one] = out[..., two, two] = np.cos(angle)
    out[..., two, one] = np.sin(angle)
    out[..., one, two] = -out[..., two, one]
    return out


def unit(vectors: Floats) -> Floats:
    """Vectors (..., 3) scaled to length 1."""
    scaled: Floats = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled
