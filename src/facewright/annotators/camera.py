"""Camera: where the camera of a face's EG3D crop stands, and how rare that is in FFHQ."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.align.eg3d import EG3D
from facewright.annotators.base import AnnotatorCard, Columns
from facewright.camera.angles import theta_phi
from facewright.camera.estimate import estimate_labels
from facewright.camera.label import LENGTH, positions_of
from facewright.camera.reference import ffhq_density
from facewright.errors import PhotoError
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

Floats = NDArray[np.float64]


class Camera:
    """The label of `facewright.camera.estimate`, whether or not the EG3D crop is cut.

    camera: (N, 25), see `facewright.camera.label`; mode orig.
    camera_density: (N,) density per square radian of the 139,914 published FFHQ cameras at the
    camera's (theta, phi), see `facewright.camera.reference`.
    """

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="camera",
            version="1",
            task="EG3D camera label, and how rare the view is in FFHQ",
            gives=("camera", "camera_density"),
            measured=measured_figures().get("camera", ()),
            known_failures=(
                (
                    "Agreement with Deep3DFaceRecon, whose estimates the published labels are, on"
                    " one and the same photograph is not measured."
                ),
                "Measured on portraits turned by at most 26 degrees; past 60 the mesh is made up.",
                "Follows the mesh where that errs: behind hands, masks and hair, on children.",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Label all faces; null, with the reason, where there is no mesh or no EG3D crop."""
        reasons, rows, quads = _quads(faces)
        labels = np.full((len(faces), LENGTH), np.nan)
        density = np.full(len(faces), np.nan)
        labels[rows] = estimate_labels(faces.meshes[rows], quads)
        density[rows] = ffhq_density()(theta_phi(positions_of(labels[rows])))
        return {
            "camera": labels,
            "camera_density": density,
            "null_reasons": [{"camera": r, "camera_density": r} if r else {} for r in reasons],
        }


def _quads(faces: FaceBatch) -> tuple[list[str | None], list[int], Floats]:
    """EG3D crops of N faces.

    Returns:
        Why there is none, or None, for each face; the rows of those that have one; and their
        corners (len(rows), 4, 2).
    """
    reasons: list[str | None] = []
    rows, quads = [], []
    meshed = np.asarray(np.isfinite(faces.meshes).all(axis=(1, 2)))
    for row, there in enumerate(meshed):
        reason = None if there else "no mesh"
        if there:
            try:
                quads.append(EG3D.quad(faces.landmarks68[row]))
                rows.append(row)
            except PhotoError as error:
                reason = error.detail
        reasons.append(reason)
    return reasons, rows, np.array(quads).reshape(-1, 4, 2)


CAMERA = Camera()
