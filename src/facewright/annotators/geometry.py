"""Geometry: mesh, iBUG landmarks, head pose, blendshapes, lids and gaze."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.fitted import HEADS_FILE, fitted_sha256
from facewright.annotators.pixels.eyelids import STATES, lid_features, lid_probabilities
from facewright.annotators.pixels.gaze import gaze_angles, gaze_features
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
    where the mesh should be rejected. confidence.eye_state: probability of the less sure eye.
    confidence.gaze: the mesh's, times the probability that both eyes are not closed.
    Signal `_features.blendshapes`: (N, 52) float32.
    """

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="geometry",
            version="1",
            task="mesh, landmarks, head pose, blendshapes, lids, gaze",
            models=("face_landmarks_478", "blendshapes_52"),
            sha256=fitted_sha256(HEADS_FILE),
            gives=(
                "mesh_presence",
                "mesh",
                *(f"head_pose.{name}" for name in _ANGLES),
                *(f"landmarks.{name}" for name in LANDMARK_GROUPS),
                *(f"blendshapes.{name}" for name in BLENDSHAPE_NAMES),
                "eye_state.left",
                "eye_state.right",
                "gaze.pitch",
                "gaze.yaw",
                "confidence.mesh",
                "confidence.eye_state",
                "confidence.gaze",
                "_features.blendshapes",
            ),
            measured=measured_figures().get("geometry", ()),
            known_failures=(
                "Behind sunglasses the lids and irises are guesses of the mesh.",
                "Closed eyes were labelled on two faces and squints on fourteen: rough cuts.",
                "Gaze was never held against true angles, only against looks into the camera.",
                "Vertical gaze is weaker than horizontal.",
                "Faces turned more than 60 degrees: the far half of the mesh is made up.",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002
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
        return columns | _eyes(faces, shapes, presence)


def _eyes(faces: FaceBatch, shapes: NDArray[np.float32], presence: NDArray[np.float64]) -> Columns:
    features = lid_features(faces.meshes, shapes)
    lids = lid_probabilities(features.reshape(-1, features.shape[2])).reshape(len(faces), 2, 3)
    states = np.array(STATES, object)[lids.argmax(axis=2)]
    angles = gaze_angles(gaze_features(shapes))
    seeing = 1.0 - lids[:, :, STATES.index("closed")].min(axis=1)
    return {
        "eye_state.left": states[:, 0],
        "eye_state.right": states[:, 1],
        "confidence.eye_state": lids.max(axis=2).min(axis=1) * presence,
        "gaze.pitch": angles[:, 0],
        "gaze.yaw": angles[:, 1],
        "confidence.gaze": seeing * presence,
    }


GEOMETRY = Geometry()
