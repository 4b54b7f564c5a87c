"""Where cameras stand around the faces: LPFF's theta, phi and head angles, of every face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.face_table import FaceTable
from facewright.camera.angles import position_of_theta_phi, theta_phi
from facewright.camera.axes import (
    azure_of_head,
    camera_of_head,
    head_of_azure,
    head_of_camera,
    look_at,
)

Floats = NDArray[np.float64]

_POSITION: Final = (4, 8, 12)
"""Entries of a camera label, counted from 1 as SQL does, that are the camera's position."""


@dataclass(frozen=True, eq=False, slots=True)
class Poses:
    """Poses of the faces that have one.

    Attributes:
        source: what theta and phi are taken of.
        angles: (M, 2) theta, phi in radians: see `facewright.camera.angles.theta_phi`.
        turns: (K, 2) yaw, pitch in degrees, signs as the Record's; K may differ from M.
    """

    source: Literal["camera", "head_pose"]
    angles: Floats
    turns: Floats


def poses_of(table: FaceTable) -> Poses | None:
    """Poses of a table's faces: of camera labels where it has any, else of head angles.

    None where no face has either. A face with a null or a NaN in its pose has none.
    """
    turns = _turns(table)
    angles = _camera_angles(table)
    if len(angles):
        return Poses("camera", angles, turns if len(turns) else turns_of(angles))
    if len(turns):
        return Poses("head_pose", angles_of(turns), turns)
    return None


def angles_of(turns: Floats) -> Floats:
    """theta, phi (N, 2) in radians of the camera that sees a head at yaw, pitch (N, 2) degrees."""
    roll = np.zeros(len(turns))
    heads = head_of_azure(np.stack([turns[:, 1], roll, turns[:, 0]], axis=-1))
    return theta_phi(-camera_of_head(heads)[..., 2])


def turns_of(angles: Floats) -> Floats:
    """Yaw, pitch (N, 2) in degrees of a head without roll seen from theta, phi (N, 2) radians."""
    heads = head_of_camera(look_at(position_of_theta_phi(angles)))
    pitch, _, yaw = np.moveaxis(azure_of_head(heads), -1, 0)
    return np.stack([yaw, pitch], axis=-1)


def _turns(table: FaceTable) -> Floats:
    wanted = ("head_pose.yaw", "head_pose.pitch")
    if any(table.leaves.get(name) != "number" for name in wanted):
        return np.zeros((0, 2))
    return _finite(np.stack([table.numbers(name) for name in wanted], axis=-1))


def _camera_angles(table: FaceTable) -> Floats:
    if table.leaves.get("camera") != "list":
        return np.zeros((0, 2))
    places = _finite(np.stack([table.numbers(f"camera[{n}]") for n in _POSITION], axis=-1))
    return theta_phi(places[np.linalg.norm(places, axis=-1) > 0])


def _finite(values: Floats) -> Floats:
    return values[np.isfinite(values).all(axis=-1)]
