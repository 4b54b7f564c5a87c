"""Deep3DFaceRecon's head pose (angle, trans) to EG3D's camera label, and back as far as it goes.

Deep3DFaceRecon (Deng et al., arXiv:1903.08527) fits a face model before a still camera: angle is
x, y, z in radians, R = (Rz Ry Rx)^T multiplies rows, trans is a shift in decimetres, the camera
stands at z = 10. EG3D's preparation holds the head still instead, makes it 0.27 as large, moves
the origin into the head, and then puts the camera on the sphere of radius 2.7:

- `orig`: position scaled to length 2.7. The published FFHQ labels.
- `cor`: scaled to 2.7 from (0, 0, 0.175), the supposed centre of rotation.
- `simplify`: position as `orig`, but the camera looks straight at the origin without roll.

What a label no longer knows: `orig` and `cor` lose the distance alone (one number, trans z).
`simplify` loses the angles too, but for the two that say where the camera stands.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.camera.axes import (
    azure_of_head,
    camera_of_head,
    flip_axes,
    head_of_azure,
    head_of_camera,
    look_at,
    unit,
)
from facewright.camera.label import RADIUS, pack_labels, positions_of, rotations_of
from facewright.errors import UsageError

Mode = Literal["orig", "cor", "simplify"]
MODES: tuple[str, ...] = get_args(Mode)

DISTANCE = 10.0
"""Where Deep3DFaceRecon's camera stands on its z axis, in decimetres."""
SCALE = 0.27
"""EG3D's units to a decimetre."""
SHIFT = np.array([0.0, 0.006, 0.161])
"""Where Deep3DFaceRecon's origin lies in EG3D's world."""
CENTRE = np.array([0.0, 0.0, 0.175])
"""Centre of the sphere of mode `cor`."""

Floats = NDArray[np.float64]
_ANGLE_OF_AZURE = np.array([-1.0, -1.0, 1.0])  # pitch, roll, yaw to x, z, y


class HeadPlacement(NamedTuple):
    """Deep3DFaceRecon's pose of N heads.

    Attributes:
        angle: (N, 3) radians about x (pitch, positive down), y (yaw, positive to the picture's
            right) and z (roll, positive counter-clockwise).
        trans: (N, 3) decimetres: right, up, towards the camera.
    """

    angle: Floats
    trans: Floats


def labels_of_deep3d(angle: ArrayLike, trans: ArrayLike, mode: Mode = "orig") -> Floats:
    """EG3D's labels of Deep3DFaceRecon's coefficients.

    Args:
        angle: (N, 3) radians, coefficients 224:227.
        trans: (N, 3) decimetres, coefficients 254:257.
        mode: see the module.

    Returns:
        (N, 25).
    """
    heads = head_of_azure(
        np.degrees(np.asarray(angle, np.float64)[..., [0, 2, 1]]) * _ANGLE_OF_AZURE
    )
    cameras = camera_of_head(heads)
    offset = (0.0, 0.0, DISTANCE) - np.asarray(trans, np.float64)
    seen = np.einsum("...ij,...j->...i", flip_axes(cameras), offset) * SCALE + SHIFT
    centre = _centre(mode)
    positions = centre + RADIUS * unit(seen - centre)
    return pack_labels(look_at(positions) if mode == "simplify" else cameras, positions)


def deep3d_of_labels(
    labels: ArrayLike, mode: Mode = "orig", depth: ArrayLike = 0.0
) -> HeadPlacement:
    """Coefficients that give these labels in this mode.

    Args:
        labels: (N, 25).
        mode: by which the labels were made.
        depth: trans z, which no label knows: a number or (N,). With the true one, angle and
            trans are the original ones (`orig`, `cor`); with any other, angle is exact and trans
            slides along the line from the camera through the head. From `simplify` come the
            angles of the camera that looks straight at the origin.

    Raises:
        UsageError: a camera looks away from the head, so that no head before it explains it.
    """
    rotations, positions = rotations_of(labels), positions_of(labels)
    centre = _centre(mode)
    axes = flip_axes(rotations)
    line = np.einsum("...ji,...j->...i", axes, unit(positions - centre))
    start = np.einsum("...ji,j->...i", axes, centre - SHIFT)
    if np.any(line[..., 2] <= 0):
        raise UsageError("a camera label looks away from the face; it is no portrait's")
    reach = (SCALE * (DISTANCE - np.asarray(depth)) - start[..., 2]) / line[..., 2]
    trans = np.array([0.0, 0.0, DISTANCE]) - (start + reach[..., None] * line) / SCALE
    azure = np.radians(azure_of_head(head_of_camera(rotations)))
    return HeadPlacement((azure * _ANGLE_OF_AZURE)[..., [0, 2, 1]], trans)


def _centre(mode: Mode) -> Floats:
    if mode not in MODES:
        raise UsageError(f"no mode {mode!r}; there are: {', '.join(MODES)}")
    return CENTRE if mode == "cor" else np.zeros(3)
