"""Eye colour from the rings of both irises."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.pixel_parameters import parameters, parameters_sha256
from facewright.annotators.pixels.colour import lab
from facewright.annotators.pixels.covered import eyes_covered
from facewright.annotators.pixels.glasses import behind_dark_glasses
from facewright.annotators.pixels.regions import (
    LEFT_IRIS,
    POLYGONS,
    RIGHT_IRIS,
    face_pixels,
    inside_polygon,
)
from facewright.annotators.pixels.robust import median, quantiles
from facewright.annotators.skin import eye_white
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime
from facewright.vision.warp import Square

Floats = NDArray[np.float64]

LEAST_RADIUS = 6.0
"""Iris radius in photograph pixels under which no colour is given."""

_EYES = ((RIGHT_IRIS, "right_eye"), (LEFT_IRIS, "left_eye"))
_SIZE, _REACH = 48, 1.1  # cut-out of an iris: side in pixels, half-side in radii
_PUPIL, _RIM = 0.4, 0.7  # radii between which the iris is neither pupil nor its dark rim
_UNDER_LID = -0.2  # height in radii above which the upper lid throws its shadow
_GLINT = 225
_DIM, _BRIGHT = 0.5, 0.95  # quantiles of L* that hold the colour: not lashes, not reflections
_CLOSED = 0.6  # eyeBlink above which an eye is closed
_VISIBLE = 0.2  # of the ring that must lie between the lids


@dataclass(frozen=True)
class Irises:
    """Both irises (right, left) of N faces.

    radius: (N, 2) photograph pixels. colours: (N, 2, P, 3) L*a*b* of the rings, NaN where lids
    or reflections cover them.
    """

    radius: Floats
    colours: NDArray[np.float32]

    def colour(self, usable: NDArray[np.bool_]) -> Floats:
        """L*a*b* (N, 3) over the usable (N, 2) eyes; NaN where there is none."""
        chosen = np.where(usable[..., None, None], self.colours, np.float32(np.nan))
        pooled = np.concatenate([chosen[:, 0], chosen[:, 1]], axis=1)
        low, high = quantiles(pooled[..., 0], _DIM, _BRIGHT)
        clear = (pooled[..., 0] >= low[:, None]) & (pooled[..., 0] <= high[:, None])
        return median(np.where(clear[..., None], pooled, np.float32(np.nan)))

    @property
    def visible(self) -> Floats:
        """(N, 2) share of each ring that is seen."""
        share: Floats = 1.0 - np.isnan(self.colours[..., 0]).mean(axis=2)
        return share


@cache
def _ring() -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Pixels of a cut-out (S, S) that belong to the ring, and their places (P, 2) in radii."""
    axis = ((np.arange(_SIZE) + 0.5) / _SIZE * 2 - 1) * _REACH
    x, y = np.meshgrid(axis, axis)
    radius = np.hypot(x, y)
    ring = (radius > _PUPIL) & (radius < _RIM) & (y > _UNDER_LID)
    return ring, np.stack([x[ring], y[ring]], axis=1).astype(np.float32)


def irises(faces: FaceBatch) -> Irises:
    """Cut out the irises at their own resolution and keep what is ring and not covered."""
    ring, places = _ring()
    count = len(faces)
    rgb = np.empty((count, 2, len(places), 3), np.uint8)
    lids = np.empty((count, 2, len(POLYGONS["right_eye"]), 2), np.float32)
    radius = np.empty((count, 2))
    for i in range(count):
        mesh, angle = faces.meshes[i, :, :2], faces.squares[i].angle
        cos, sin = math.cos(angle), math.sin(angle)
        upright = np.array([[cos, -sin], [sin, cos]])
        for eye, (centre, lid) in enumerate(_EYES):
            x, y = mesh[centre]
            r = max(float(np.linalg.norm(mesh[centre + 1] - mesh[centre + 3])) / 2, 0.1)
            cut = faces.pyramids[i].cut(Square(x, y, 2 * _REACH * r, angle), _SIZE)
            rgb[i, eye], radius[i, eye] = cut[ring], r
            lids[i, eye] = (mesh[list(POLYGONS[lid])] - (x, y)) @ upright / r
    seen = inside_polygon(places, lids) & (rgb.max(axis=3) < _GLINT)
    return Irises(radius, np.where(seen[..., None], lab(rgb), np.float32(np.nan)))


def null_reason(
    found: Irises,
    closed: NDArray[np.bool_],
    dark: NDArray[np.bool_],
    hidden: NDArray[np.bool_],
    grey: NDArray[np.bool_],
) -> list[str | None]:
    """Why no eye colour can be given, or None, for each face.

    Args:
        found: both irises of N faces.
        closed: (N, 2) which eyes are closed.
        dark: (N,) dark glasses are worn.
        hidden: (N,) something else that is dark hides both eyes.
        grey: (N,) the picture has no colour.
    """
    small = found.radius.mean(axis=1) < LEAST_RADIUS
    shut = closed.all(axis=1)
    covered = (closed | (found.visible < _VISIBLE)).all(axis=1)
    reasons = np.select(
        [dark, hidden, grey, small, shut, covered],
        [
            "dark glasses",
            "eyes covered",
            "grey picture",
            "iris too small",
            "eyes closed",
            "iris covered",
        ],
        "",
    )
    return [reason or None for reason in reasons.tolist()]


class Eyes:
    """See `EYES.card`."""

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="eyes",
            version="1",
            task="eye colour of five",
            sha256=parameters_sha256(),
            gives=("eye_color", "confidence.eye_color"),
            needs=("glasses", "blendshapes.eyeBlinkLeft", "blendshapes.eyeBlinkRight"),
            measured=measured_figures().get("eyes", ()),
            known_failures=(
                (
                    "hazel reads as brown or green, gray as blue or brown: only brown against"
                    " light is reliable"
                ),
                "light irises in deep shade, under tinted glasses or on a blurred face read brown",
                "fitted to 123 irises judged on enlarged cut-outs, 84 of them brown",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Colour of both irises together; null where they are small, closed, covered or grey."""
        pixels, found = face_pixels(faces), irises(faces)
        blinks = [known[f"blendshapes.eyeBlink{side}"] for side in ("Right", "Left")]
        closed = np.stack([np.asarray(b, np.float64) > _CLOSED for b in blinks], axis=1)
        dark, hidden = behind_dark_glasses(known["glasses"]), eyes_covered(pixels) > 0.5
        reasons = null_reason(found, closed, dark, hidden, pixels.grey)
        usable = ~closed & (found.visible >= _VISIBLE)
        features = np.concatenate([found.colour(usable), eye_white(pixels)], axis=1)
        reasons = [
            r or (None if ok else "iris covered")
            for r, ok in zip(reasons, np.isfinite(features).all(axis=1), strict=True)
        ]
        model = parameters().eye_color
        probabilities = model(features)
        names = np.array(model.classes, object)[probabilities.argmax(axis=1)]
        given = np.array([reason is None for reason in reasons], bool)
        return {
            "eye_color": np.where(given, names, None),
            "confidence.eye_color": np.where(given, probabilities.max(axis=1), np.nan),
            "null_reasons": [{"eye_color": r} if r else {} for r in reasons],
        }


EYES = Eyes()
