"""Where the faces' cameras stand, from whichever columns a table has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.face_table import FaceTable
from facewright.camera.angles import position_of_theta_phi, theta_phi
from facewright.errors import UsageError

Floats = NDArray[np.float64]

_AXES = (4, 8, 12)  # x, y, z of the position in a row-major 4 x 4 matrix; SQL counts from 1


def camera_positions(table: FaceTable) -> Floats:
    """Camera position of every face.

    It is that of the column `camera` (an EG3D label), or of the columns `theta` and `phi` in
    degrees, as `facewright cameras -o cameras.csv` writes them.

    Returns:
        (N, 3), x right, y up, z towards the frontal camera; NaN where it is not known.

    Raises:
        UsageError: the table has neither, or nothing is known.
    """
    if table.leaves.get("camera") == "list":
        places = np.stack([table.numbers(f"camera[{axis}]") for axis in _AXES], axis=-1)
    elif table.leaves.get("theta") == table.leaves.get("phi") == "number":
        angles = np.stack([table.numbers("theta"), table.numbers("phi")], axis=-1)
        places = position_of_theta_phi(np.radians(angles))
    else:
        raise UsageError(
            f"{table.name} has no cameras: neither a column `camera`, as `facewright annotate`"
            " makes, nor `theta` and `phi` in degrees, as `facewright cameras` writes"
        )
    places[~np.isfinite(places).all(axis=1)] = np.nan
    if len(places) and np.isnan(places).all():
        raise UsageError(
            f"{table.name}: no face has a camera; `facewright annotate` estimates them"
        )
    return places


def camera_angles(table: FaceTable) -> Floats:
    """LPFF's theta, phi of every face: (N, 2) radians, NaN where the camera is not known.

    Raises:
        UsageError: as `camera_positions`.
    """
    return theta_phi(camera_positions(table))


def camera_yaw(table: FaceTable) -> Floats:
    """Yaw atan2(x, z) of every face's camera: (N,) radians, NaN where it is not known.

    Raises:
        UsageError: as `camera_positions`.
    """
    x, _, z = camera_positions(table).T
    return np.asarray(np.arctan2(x, z), np.float64)
