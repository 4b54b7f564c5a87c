"""Pixel features: the person mask and what heads read of the hair beside the embedding."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.pixels.hair_pixels import PERSON_VIEW, hair_pixels
from facewright.annotators.pixels.regions import FACE_VIEW, FacePixels, face_pixels
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

Floats = NDArray[np.float32]


class PixelFeatures:
    """Signals for heads and for other annotators.

    `_person_mask`: (N, 256, 256) float16, P(person) on `PERSON_VIEW`.
    `_features.hair_pixels` (N, 29) and `_features.crown_colour` (N, 16): see `hair_pixels`.
    """

    views = (PERSON_VIEW, FACE_VIEW)

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="pixel-features",
            version="1",
            task="person mask; what the hair's pixels look like",
            models=("selfie_mask",),
            gives=(
                "_person_mask",
                "_features.hair_pixels",
                "_features.crown_colour",
            ),
            measured=measured_figures().get("pixel-features", ()),
            known_failures=(
                "The person mask holds everybody in the picture, not only the face's owner.",
                "Coloured light colours everything; grey pictures tell nothing of hue.",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Fill the signals; see the class."""
        views = faces.view(PERSON_VIEW)
        mask = runtime.infer("selfie_mask", views)[0]
        pixels = face_pixels(faces)
        cheeks = _median(pixels, "right_cheek", "left_cheek")
        hair, crown = hair_pixels(views, mask, faces.view_meshes(PERSON_VIEW), cheeks)
        return {
            "_person_mask": mask.astype(np.float16),
            "_features.hair_pixels": hair,
            "_features.crown_colour": crown,
        }


def _median(pixels: FacePixels, *regions: str) -> Floats:
    """Median L*a*b* (N, 3); samples outside of the photograph repeat its edge."""
    rows = np.concatenate([pixels.lab[:, pixels.rows[region]] for region in regions], axis=1)
    return np.asarray(np.median(rows, axis=1), np.float32)


PIXEL_FEATURES = PixelFeatures()
