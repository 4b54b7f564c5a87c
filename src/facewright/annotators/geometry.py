"""Geometry: mesh, iBUG landmarks, head pose and blendshapes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.record import BLENDSHAPE_NAMES
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.pose import azure_angles
from facewright.vision.runtime import Runtime
from facewright.vision.tables import landmark_tables

LANDMARK_GROUPS: dict[str, slice] = {
    "jaw": slice(0, 17),
    "right_eyebrow": slice(17, 22),
    "left_eyebrow": slice(22, 27),
    "nose": slice(27, 36),
    "right_eye": slice(36, 42),
    "left_eye": slice(42, 48),
    "mouth": slice(48, 68),
}
"""Rows of the 68 iBUG points; right and left are the subject's (right eye: image left)."""

_REJECT = 5.0  # presence logit at which the mesh's makers' model stops being a face
_ANGLES = ("pitch", "roll", "yaw")


class Geometry:
    """Everything the mesh tells.

    mesh_presence and confidence.mesh: sigmoid of the presence logit minus 5, so that .5 is
    where the mesh should be rejected.
    Signal `_features.blendshapes`: (N, 52) float32.
    """

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="geometry",
            version="1",
            task="mesh, landmarks, head pose, blendshapes",
            models=("face_landmarks_478", "blendshapes_52"),
            gives=(
                "mesh_presence",
                "mesh",
                *(f"head_pose.{name}" for name in _ANGLES),
                *(f"landmarks.{name}" for name in LANDMARK_GROUPS),
                *(f"blendshapes.{name}" for name in BLENDSHAPE_NAMES),
                "confidence.mesh",
                "_features.blendshapes",
            ),
            measured=measured_figures().get("geometry", ()),
            known_failures=(
                "Behind sunglasses, hands, masks and hair the mesh draws what it expects.",
                "Faces turned more than 60 degrees: the far half of the mesh is made up.",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Fill all geometry; see the class."""
        points = faces.meshes[:, landmark_tables()["blendshape_inputs"], :2].astype(np.float32)
        shapes = runtime.infer("blendshapes_52", points)[0]
        presence = 1.0 / (1.0 + np.exp(_REJECT - np.clip(faces.presence, -50.0, 50.0)))
        angles = azure_angles(faces.rotations)
        columns: Columns = {
            "mesh_presence": presence,
            "confidence.mesh": presence,
            "mesh": faces.meshes,
            "_features.blendshapes": shapes,
        }
        columns |= {f"head_pose.{name}": angles[:, i] for i, name in enumerate(_ANGLES)}
        columns |= {
            f"landmarks.{name}": faces.landmarks68[:, rows]
            for name, rows in LANDMARK_GROUPS.items()
        }
        columns |= {f"blendshapes.{name}": shapes[:, i] for i, name in enumerate(BLENDSHAPE_NAMES)}
        return columns


GEOMETRY = Geometry()
