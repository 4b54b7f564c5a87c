"""Cameras around EG3D's world: the frontal one, and one for each pose of a head."""

from __future__ import annotations

from typing import Final

import numpy as np

from facewright.camera.axes import camera_of_head, head_of_azure
from facewright.camera.label import RADIUS, CameraLabel

PIVOT: Final = (0.0, 0.0, 0.2)
"""Where published cameras look."""


def frontal_camera() -> CameraLabel:
    """The camera straight in front, which the mapping network is told of for every person."""
    return camera_of_angles(0.0, 0.0, 0.0)


def camera_of_angles(pitch: float, roll: float, yaw: float) -> CameraLabel:
    """The camera that sees a head turned so.

    Args:
        pitch: degrees, positive: the head looks up.
        roll: degrees, positive: clockwise in the picture.
        yaw: degrees, positive: towards the picture's right.

    Returns:
        A label at the published distance from the world's origin that looks at `PIVOT`.
    """
    rotation = camera_of_head(head_of_azure((pitch, roll, yaw)))
    forward, pivot = rotation[:, 2], np.array(PIVOT)
    along = float(forward @ pivot)
    back = along + np.sqrt(along**2 - pivot @ pivot + RADIUS**2)
    return CameraLabel.of(rotation, pivot - back * forward)
