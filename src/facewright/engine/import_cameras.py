"""Cameras that a layout states: FFHQ's density there, and a note whose they are."""

from __future__ import annotations

from typing import Final

import numpy as np

from facewright.camera.angles import theta_phi
from facewright.camera.label import positions_of
from facewright.camera.reference import ffhq_density
from facewright.engine.import_rows import ImportRows
from facewright.layouts.common.camera_column import camera_column

NOTE: Final = "camera and camera_density are by the layout's own label, not estimated here"
_DECIMALS = 4


def complete_cameras(rows: ImportRows) -> None:
    """Give the cameras that came without a density theirs; a Record that is read again has it.

    Annotators leave what is stated: the layout's camera stays beside their estimates of all else,
    and must not be given the density of another.
    """
    faces = [
        face
        for face in rows.faces
        if face.get("camera_density") is None and camera_column(face.get("camera"))
    ]
    if not faces:
        return
    labels = np.array([face["camera"] for face in faces], np.float64)
    density = ffhq_density()(theta_phi(positions_of(labels)))
    for face, value in zip(faces, density.tolist(), strict=True):
        face["camera_density"] = round(value, _DECIMALS)
    described = {face["photo_id"] for face in faces}
    for photo in rows.photos:
        if photo["photo_id"] in described:
            photo["notes"] = [*photo["notes"], NOTE]
