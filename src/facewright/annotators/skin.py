"""Skin tone: ITA of the cheeks and the place on the Monk scale, with an honest confidence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.pixel_parameters import parameters, parameters_sha256
from facewright.annotators.pixels.colour import ita
from facewright.annotators.pixels.regions import FacePixels, face_pixels
from facewright.annotators.pixels.robust import logistic, median, quantiles
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

Floats = NDArray[np.float64]

CHEEKS = ("right_cheek", "left_cheek")
_SHADOW, _SHINE = 0.3, 0.9  # quantiles of L* between which a cheek is neither dark nor glossy
_SEEN = 0.25  # of its frontal area that a cheek must show
_HUES = (-25.0, 105.0)  # degrees of Lab hue that lit skin takes
_LEAST_CHROMA = 3.0


def cheek_colour(pixels: FacePixels) -> Floats:
    """Median L*a*b* (N, 3) of the seen cheeks.

    Shadows and shine are left out. NaN where both are turned away or outside of the picture.
    """
    sides = []
    for name in CHEEKS:
        colours = pixels.colours(name)
        lost = np.isnan(colours[..., 0]).mean(axis=1) > 0.5
        hidden = lost | (pixels.seen[name] < _SEEN)
        sides.append(np.where(hidden[:, None, None], np.float32(np.nan), colours))
    colours = np.concatenate(sides, axis=1)
    low, high = quantiles(colours[..., 0], _SHADOW, _SHINE)
    lit = (colours[..., 0] >= low[:, None]) & (colours[..., 0] <= high[:, None])
    return median(np.where(lit[..., None], colours, np.float32(np.nan)))


def eye_white(pixels: FacePixels) -> Floats:
    """Median L*a*b* (N, 3) of the brightest fifth of both eyes: the whites, if any are seen."""
    eyes = pixels.colours("right_eye", "left_eye")
    (bright,) = quantiles(eyes[..., 0], 0.8)
    return median(np.where((eyes[..., :1] >= bright[:, None, None]), eyes, np.float32(np.nan)))


def monk_place(colour: Floats) -> Floats:
    """Place on the Monk scale (N,), 1-10, continuous, of cheek colours (N, 3).

    Photographs squeeze skin into L* 50-80 where the ten swatches span 15-94, so that the
    swatch nearest in Lab is off by more than a step on average. Cheek colour is therefore
    carried to the scale by a line that was fitted to judged faces; the nearest swatch is the
    nearest whole step.
    """
    return np.clip(parameters().monk(*colour.T), 1.0, 10.0)


def null_reason(pixels: FacePixels, colour: Floats) -> list[str | None]:
    """Why no skin tone can be given, or None, for each face."""
    hue = np.degrees(np.arctan2(colour[:, 2], colour[:, 1]))
    chroma = np.hypot(colour[:, 1], colour[:, 2])
    skin = (hue > _HUES[0]) & (hue < _HUES[1]) & (chroma > _LEAST_CHROMA)
    unseen = np.isnan(colour[:, 0])
    reasons = np.select(
        [pixels.grey, unseen, ~skin],
        ["grey picture", "cheeks not seen", "cheeks covered or in coloured light"],
        "",
    )
    return [reason or None for reason in reasons.tolist()]


class Skin:
    """See `SKIN.card`."""

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="skin",
            version="1",
            task="skin tone of the cheeks: ITA and Monk scale",
            sha256=parameters_sha256(),
            gives=("skin_tone.ita", "skin_tone.monk", "confidence.skin_tone"),
            measured=measured_figures().get("skin", ()),
            known_failures=(
                (
                    "uncontrolled light decides more than skin: the same person photographed twice"
                    " can differ by 30 degrees of ITA and two Monk steps: never compare two faces"
                ),
                "dark skin in bright light reads lighter, the Monk steps 8-10 by one to two",
                "warm or coloured light, sepia prints and make-up count as skin",
                (
                    "its confidence is the share of judged faces at that place of the scale that"
                    " were within one step; uneven light and exposure did not predict errors"
                ),
                "the Monk line was fitted to one rater's judgement of 145 + 100 portraits",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """ITA in degrees and Monk step 1-10; null where cheeks are unseen, covered or grey."""
        pixels = face_pixels(faces)
        colour = cheek_colour(pixels)
        reasons = null_reason(pixels, colour)
        given = np.array([reason is None for reason in reasons], bool)
        place = monk_place(colour)
        close = parameters().monk_close(place, place**2)
        return {
            "skin_tone.ita": np.where(given, ita(colour), np.nan),
            "skin_tone.monk": [
                int(s) if g else None for s, g in zip(np.rint(place), given, strict=True)
            ],
            "confidence.skin_tone": np.where(given, logistic(close), np.nan),
            "null_reasons": [{"skin_tone": r} if r else {} for r in reasons],
        }


SKIN = Skin()
