"""Lids and gaze of eyes that can be seen; null behind whatever hides them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.fitted import HEADS_FILE, fitted_sha256
from facewright.annotators.pixels.covered import eyes_covered
from facewright.annotators.pixels.eyelids import STATES, lid_features, lid_probabilities
from facewright.annotators.pixels.gaze import eye_span, gaze_angles, gaze_closeness, gaze_features
from facewright.annotators.pixels.glasses import behind_dark_glasses
from facewright.annotators.pixels.regions import FACE_VIEW, face_pixels
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

Floats = NDArray[np.float64]


class Lids:
    """Whether the eyes are open, and where they look relative to the head.

    confidence.eye_state: probability of the less sure eye, times the mesh's presence.
    confidence.gaze: see `gaze_closeness`, times the probability that not both eyes are closed,
    times the mesh's presence.
    """

    views = (FACE_VIEW,)

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="lids",
            version="1",
            task="lids and gaze",
            sha256=fitted_sha256(HEADS_FILE),
            gives=(
                "eye_state.left",
                "eye_state.right",
                "gaze.pitch",
                "gaze.yaw",
                "confidence.eye_state",
                "confidence.gaze",
            ),
            needs=("glasses", "head_pose.yaw", "mesh_presence", "_features.blendshapes"),
            measured=measured_figures().get("lids", ()),
            known_failures=(
                "Eyes behind tinted or mirrored lenses, hair or one hand are guesses of the mesh.",
                "Closed eyes were labelled on two faces and squints on fourteen: rough cuts.",
                "Gaze was never held against true angles, only against looks into the camera.",
                "Vertical gaze is weaker than horizontal.",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Lids and gaze; null, with the reason, where the eyes cannot be seen."""
        shapes, presence = known["_features.blendshapes"], np.asarray(known["mesh_presence"])
        reasons = null_reason(known["glasses"], eyes_covered(face_pixels(faces)))
        seen = np.array([reason is None for reason in reasons], bool)
        features = lid_features(faces.meshes, shapes)
        lids = lid_probabilities(features.reshape(-1, features.shape[2])).reshape(len(faces), 2, 3)
        names = np.array(STATES, object)[lids.argmax(axis=2)]
        angles = gaze_angles(gaze_features(shapes))
        closed = lids[:, :, STATES.index("closed")].min(axis=1)
        close = gaze_closeness(known["head_pose.yaw"], eye_span(faces.meshes))
        numbers: dict[str, Floats] = {
            "gaze.pitch": angles[:, 0],
            "gaze.yaw": angles[:, 1],
            "confidence.eye_state": lids.max(axis=2).min(axis=1) * presence,
            "confidence.gaze": close * (1.0 - closed) * presence,
        }
        return {
            "eye_state.left": np.where(seen, names[:, 0], None),
            "eye_state.right": np.where(seen, names[:, 1], None),
            **{name: np.where(seen, values, np.nan) for name, values in numbers.items()},
            "null_reasons": [{"eye_state": r, "gaze": r} if r else {} for r in reasons],
        }


def null_reason(glasses: NDArray[Any] | list[str | None], covered: Floats) -> list[str | None]:
    """Why lids and gaze cannot be told, or None, for each face.

    Args:
        glasses: (N,) kinds.
        covered: (N,) of `eyes_covered`.
    """
    hidden = [behind_dark_glasses(glasses), covered > 0.5]
    reasons = np.select(hidden, ["behind dark glasses", "eyes covered"], "")
    return [reason or None for reason in reasons.tolist()]


LIDS = Lids()
