"""What is known of a rendered face, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.align.base import alignment
from facewright.camera.deep3d import labels_of_deep3d
from facewright.camera.estimate import estimate_placement
from facewright.generate.head3d import landmarks
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.figure import Figure
from facewright.generate.head3d.parts import Camera
from facewright.generate.head3d.person import Person
from facewright.vision.mesh import ibug68


@dataclass(frozen=True)
class Truth:
    """Truth of one picture, in its pixels (centres are integers, x right, y down).

    Attributes:
        mesh: (478, 3) MediaPipe's points, as `vision.mesh`: z in pixels, smaller is nearer.
        landmarks68: (68, 2) iBUG's points: 36-41 the subject's right eye, at the picture's left.
        hidden: (478,) points that the head itself turns away from the camera.
        pitch, roll, yaw: degrees, signs as `record.HeadPose`.
        camera: 25 floats, the label of this face's `eg3d` crop in the published convention.
        expression: name or "units"; units: ARKit weights that are not 0.
        gaze: degrees towards the picture's right and up, relative to the head.
        identity: who, see `Person.identity`.
    """

    mesh: Floats
    landmarks68: Floats
    hidden: NDArray[np.bool_]
    pitch: float
    roll: float
    yaw: float
    camera: tuple[float, ...]
    expression: str
    units: dict[str, float]
    gaze: tuple[float, float]
    identity: str

    def to_json(self) -> dict[str, Any]:
        """The truth as JSON's types."""
        return {
            "mesh": np.round(self.mesh, 3).tolist(),
            "landmarks68": np.round(self.landmarks68, 3).tolist(),
            "hidden": np.flatnonzero(self.hidden).tolist(),
            "head_pose": {"pitch": self.pitch, "roll": self.roll, "yaw": self.yaw},
            "camera": list(self.camera),
            "expression": self.expression,
            "expression_units": {k: round(v, 4) for k, v in self.units.items()},
            "gaze": list(self.gaze),
            "identity": self.identity,
        }


def truth_of(
    person: Person,
    angles: tuple[float, float, float],
    expression: tuple[str, Mapping[str, float], tuple[float, float]],
    figure: Figure,
    camera: Camera,
    size: int,
) -> Truth:
    """Project the landmarks of a figure and gather the rest.

    Args:
        person: who.
        angles: pitch, roll, yaw in degrees.
        expression: its name, its units, the gaze.
        figure: the posed head.
        camera: that took the picture.
        size: of the picture.
    """
    points = landmarks.mesh_points(figure.vertices, figure.skin)
    mesh = camera.project(points, size)
    pitch, roll, yaw = angles
    named, units, gaze = expression
    return Truth(
        mesh,
        ibug68(mesh[None])[0],
        landmarks.turned_away(figure.skin, np.array(camera.position)),
        pitch,
        roll,
        yaw,
        _camera_label(mesh, angles),
        named,
        {name: value for name, value in units.items() if value},
        gaze,
        person.identity,
    )


def _camera_label(mesh: Floats, angles: tuple[float, float, float]) -> tuple[float, ...]:
    """The label with the ordered rotation; its shift fits five points, as published ones do."""
    quad = alignment("eg3d").quad(ibug68(mesh[None])[0])
    placement = estimate_placement(mesh[None], np.asarray(quad)[None])
    pitch, roll, yaw = np.radians(angles)
    label = labels_of_deep3d(np.array([[-pitch, yaw, -roll]]), placement.trans)
    return tuple(np.round(label[0], 6).tolist())
