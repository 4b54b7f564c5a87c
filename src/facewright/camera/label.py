"""The camera label of EG3D: 25 floats, as one value and as rows of an array.

0-15: row-major 4 x 4 cam2world matrix, whose rotation has OpenCV's columns (camera right, down,
forward) in a world of x to the picture's right, y up, z towards the frontal camera. 16-24:
row-major 3 x 3 intrinsics in units of the picture's side. Head at the origin, camera at distance
2.7 (Chan et al., arXiv:2112.07945).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.errors import UsageError

LENGTH = 25
RADIUS = 2.7
"""Distance of the camera from the origin in published labels."""
FOCAL = 4.2647
"""Focal length in sides of EG3D's 512-pixel crop: 1015 / 224 x 1024 / 700 x 300 / 466.285."""
FLIPPED = (1, 2, 3, 4, 8)
"""Entries (0,1), (0,2), (0,3), (1,0), (2,0): those whose sign a mirror changes."""

Floats = NDArray[np.float64]

_TOLERANCE = 1e-4  # published labels are float32 and drift by some 1e-6
_SKEW, _MIDDLE = 17, 18  # of the intrinsics: entries (0,1) and (0,2)


def pack_labels(rotations: ArrayLike, positions: ArrayLike, focal: float = FOCAL) -> Floats:
    """Labels of cameras.

    Args:
        rotations: (..., 3, 3) with columns camera right, down, forward in the world.
        positions: (..., 3) in the world.
        focal: in sides of the picture; the principal point is its centre.

    Returns:
        (..., 25).
    """
    turned = np.asarray(rotations, np.float64)
    matrix = np.zeros((*turned.shape[:-2], 4, 4))
    matrix[..., :3, :3] = turned
    matrix[..., :3, 3] = positions
    matrix[..., 3, 3] = 1.0
    lens = np.array([focal, 0, 0.5, 0, focal, 0.5, 0, 0, 1.0])
    flat = matrix.reshape(*matrix.shape[:-2], 16)
    return np.concatenate([flat, np.broadcast_to(lens, (*flat.shape[:-1], 9))], axis=-1)


def rotations_of(labels: ArrayLike) -> Floats:
    """Rotations (..., 3, 3) of labels (..., 25): columns camera right, down, forward."""
    return _matrices(labels)[..., :3, :3]


def positions_of(labels: ArrayLike) -> Floats:
    """Camera positions (..., 3) of labels (..., 25)."""
    return _matrices(labels)[..., :3, 3]


def mirrored(labels: ArrayLike) -> Floats:
    """Labels of the pictures flipped left to right: S P S with S = diag(-1, 1, 1, 1).

    Args:
        labels: (..., 25).

    Returns:
        (..., 25): entries `FLIPPED` negated, the principal point on the other side (published
        ones lie in the middle and stay). Twice is the identity.
    """
    out = np.array(labels, np.float64)
    flipped = [*FLIPPED, _SKEW]
    out[..., flipped] = 0.0 - out[..., flipped]  # unlike -x, makes no -0.0 for files to say
    out[..., _MIDDLE] = 1.0 - out[..., _MIDDLE]
    return out


def _matrices(labels: ArrayLike) -> Floats:
    values = np.asarray(labels, np.float64)
    return values[..., :16].reshape(*values.shape[:-1], 4, 4)


@dataclass(frozen=True, slots=True)
class CameraLabel:
    """One camera: an immutable, hashable value of 25 floats; see the module.

    Attributes:
        values: the 25 floats in published order.
    """

    values: tuple[float, ...]

    @classmethod
    def parse(cls, values: Sequence[float] | ArrayLike, name: str = "label") -> CameraLabel:
        """Check 25 numbers and take them as a camera.

        Args:
            values: as in camera_parameters.json or dataset.json.
            name: said in errors.

        Raises:
            UsageError: not 25 finite numbers, no rotation, no pinhole intrinsics.
        """
        try:
            array = np.asarray(values, np.float64)
        except (TypeError, ValueError):
            raise UsageError(f"{name}: a camera label is 25 numbers") from None
        fault = _fault(array)
        if fault:
            raise UsageError(f"{name}: {fault}")
        return cls(tuple(array.tolist()))

    @classmethod
    def of(cls, rotation: ArrayLike, position: ArrayLike, focal: float = FOCAL) -> CameraLabel:
        """Camera with a rotation (3, 3), a position (3,) and a focal length in picture sides.

        Raises:
            UsageError: as `parse`.
        """
        return cls.parse(pack_labels(rotation, position, focal))

    @property
    def array(self) -> Floats:
        """(25,) float64."""
        return np.array(self.values)

    @property
    def cam2world(self) -> Floats:
        """(4, 4): camera coordinates (right, down, forward) to world coordinates."""
        return _matrices(self.values)

    @property
    def rotation(self) -> Floats:
        """(3, 3): columns are camera right, down, forward in the world."""
        return rotations_of(self.values)

    @property
    def position(self) -> Floats:
        """(3,) where the camera stands in the world."""
        return positions_of(self.values)

    @property
    def radius(self) -> float:
        """Distance of the camera from the world's origin; 2.7 in published labels."""
        return float(np.linalg.norm(self.position))

    @property
    def intrinsics(self) -> Floats:
        """(3, 3) in sides of the picture, from its top left corner."""
        return np.array(self.values[16:]).reshape(3, 3)

    @property
    def focal(self) -> float:
        """Horizontal focal length in sides of the picture."""
        return self.values[16]

    def mirrored(self) -> CameraLabel:
        """The camera of the picture flipped left to right."""
        return CameraLabel(tuple(mirrored(self.values).tolist()))

    def project(self, points: ArrayLike) -> Floats:
        """Where world points appear.

        Args:
            points: (..., 3) in the world.

        Returns:
            (..., 2) x right, y down in sides of the picture, (0, 0) its top left corner.
        """
        seen = (np.asarray(points, np.float64) - self.position) @ self.rotation
        image = seen @ self.intrinsics.T
        projected: Floats = image[..., :2] / image[..., 2:]
        return projected


def _fault(array: Floats) -> str:
    """What keeps numbers from being a label; empty when nothing does."""
    if array.shape != (LENGTH,):
        return f"a camera label is 25 numbers, not an array of shape {array.shape}"
    if not np.isfinite(array).all():
        return "a camera label holds finite numbers only"
    rotation, lens = rotations_of(array), array[16:].reshape(3, 3)
    upper = np.allclose(lens[2], (0, 0, 1), atol=_TOLERANCE) and abs(lens[1, 0]) <= _TOLERANCE
    faults = {
        "the first three rows and columns are not orthonormal": not np.allclose(
            rotation @ rotation.T, np.eye(3), atol=_TOLERANCE
        ),
        "the first three rows and columns mirror instead of turning": np.linalg.det(rotation) < 0,
        "the fourth row of cam2world is not 0 0 0 1": not np.allclose(
            array[12:16], (0, 0, 0, 1), atol=_TOLERANCE
        ),
        "the intrinsics are not an upper triangle that ends in 1": not upper,
        "a focal length is not positive": min(lens[0, 0], lens[1, 1]) <= 0,
    }
    return next((text for text, found in faults.items() if found), "")
