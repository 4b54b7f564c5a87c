"""Makeup: what the heads see and what lips and lids measure, in one calibrated number each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.pixel_parameters import Linear, parameters, parameters_sha256
from facewright.annotators.pixels.regions import FacePixels, face_pixels
from facewright.annotators.pixels.robust import logistic, logit, median, quantiles
from facewright.annotators.skin import CHEEKS
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

Floats = NDArray[np.float64]

# Medians of all faces: stand in where the pixels cannot tell.
_USUAL_LIPS, _USUAL_LIDS = 11.0, -50.0


def lip_redness(pixels: FacePixels) -> Floats:
    """a* of the lips' reddest quarter over that of the skin (N,); NaN where grey or unseen."""
    lips = pixels.colours("upper_lip", "lower_lip")[..., 1]
    skin = pixels.colours(*CHEEKS, "chin")[..., 1]
    return np.where(pixels.grey, np.nan, quantiles(lips, 0.75)[0] - median(skin))


def lid_darkness(pixels: FacePixels) -> Floats:
    """L* of the upper lids' darkest tenth less that of the cheeks (N,); NaN where unseen."""
    lids = pixels.colours("right_lid", "left_lid")[..., 0]
    return quantiles(lids, 0.1)[0] - median(pixels.colours(*CHEEKS)[..., 0])


def makeup_probability(model: Linear, head: NDArray[Any], measure: Floats, usual: float) -> Floats:
    """Combine a head's probability and a measure of the pixels, all (N,), into one.

    Where the pixels cannot tell (NaN) the usual measure stands in, and the head
    decides. NaN heads stay NaN.
    """
    return logistic(model(logit(head), np.nan_to_num(measure, nan=usual)))


def verdict(probability: Floats) -> tuple[NDArray[Any], Floats]:
    """More likely than not as booleans (None where NaN), and how likely the verdict is right."""
    decided: NDArray[Any] = (probability > 0.5).astype(object)
    decided[np.isnan(probability)] = None
    return decided, np.maximum(probability, 1.0 - probability)


class Makeup:
    """See `MAKEUP.card`."""

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="makeup",
            version="1",
            task="visibly coloured lips and eyes",
            sha256=parameters_sha256(),
            gives=(
                *("makeup.lip", "makeup.eye"),
                *("confidence.lip_makeup", "confidence.eye_makeup"),
            ),
            needs=("_heads.lipstick", "_heads.eye_makeup"),
            measured=measured_figures().get("makeup", ()),
            known_failures=(
                "labels are one rater's at 250 pixels a face; faint makeup is not seen",
                (
                    "lipstick in the lips' own colour, or in a grey picture, is left to the head,"
                    " which leans on sex: painted men and plain young women err most"
                ),
                "dark lashes, deep-set eyes and hard light from above read as eye makeup",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Lip and eye makeup with the probability that each verdict is right."""
        pixels, fitted = face_pixels(faces), parameters()
        lip = makeup_probability(
            fitted.lip_makeup, known["_heads.lipstick"], lip_redness(pixels), _USUAL_LIPS
        )
        eye = makeup_probability(
            fitted.eye_makeup, known["_heads.eye_makeup"], lid_darkness(pixels), _USUAL_LIDS
        )
        lips, lips_sure = verdict(lip)
        eyes, eyes_sure = verdict(eye)
        return {
            "makeup.lip": lips,
            "makeup.eye": eyes,
            "confidence.lip_makeup": lips_sure,
            "confidence.eye_makeup": eyes_sure,
        }


MAKEUP = Makeup()
