"""The rules that every dataset starts with: is it a face, is it large enough, is it in sight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.recipe import RuleSettings
from facewright.vision.faces import FaceBatch
from facewright.vision.mesh import presence_share

RULE_REASONS: dict[str, str] = {
    "mesh_presence": "the mesh model finds no face in the detector's box",
    "min_face_size": "the face is smaller than the recipe asks for",
    "max_outside": "too much of the crop lies outside of the photograph",
    "degenerate_landmarks": "no crop follows from the landmarks",
    "face_outside_photo": "the crop misses the photograph",
    "crop_too_small": "fewer pixels of the photograph belong to the crop than its recipe asks for",
    "licence": "its photo's licence keeps it out of what is passed on",
}
"""Why a face is dropped: each reason's name and what it means."""


def before_cropping(faces: FaceBatch, rules: RuleSettings) -> list[list[str]]:
    """Names of the rules that drop each face, judged before anything is cropped.

    Args:
        faces: N faces.
        rules: the recipe's limits.

    Returns:
        N lists; an empty one keeps the face.
    """
    sizes = np.array([square.side for square in faces.squares])
    verdicts: dict[str, NDArray[np.bool_]] = {
        "mesh_presence": presence_share(faces.presence) < rules.mesh_presence,
        "min_face_size": sizes < rules.min_face_size,
    }
    return [[name for name, dropped in verdicts.items() if dropped[i]] for i in range(len(faces))]
