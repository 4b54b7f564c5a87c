"""Quality: how usable a face's pixels are, as one documented product of eight penalties."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.pose import azure_angles
from facewright.vision.runtime import Runtime

Floats = NDArray[np.float64]

# (where the penalty is full, where there is none, what is left under the full penalty)
_BLUR = (0.8, 0.0, 0.05)
_SIZE = (4.0, 8.0, 0.1)  # log2 of pixels: 16 to 256
_UNDER = (0.0, 0.5, 0.2)
_OVER = (1.0, 0.75, 0.3)
_NOISE = (0.9, 0.25, 0.3)  # below, it is the texture of sharp skin
_PRESENCE = (2.0, 10.0, 0.1)  # the mesh's logit
_TURN = (75.0, 15.0, 0.3)  # degrees between the face and the camera
_BLINK = (0.8, 0.4, 0.8)
_DETECTION = (0.6, 0.85, 0.6)


def _ramp(values: NDArray[Any], scale: tuple[float, float, float]) -> Floats:
    """Penalty factor: `left` up to `full`, 1 from `none` on, linear between (N,)."""
    full, none, left = scale
    share = np.clip((np.asarray(values, np.float64) - full) / (none - full), 0.0, 1.0)
    return left + (1.0 - left) * share


def turned(rotations: Floats) -> Floats:
    """Angle (N,) in degrees between where each face looks and the camera; roll does not count."""
    pitch, _, yaw = np.radians(azure_angles(rotations)).T
    angle: Floats = np.degrees(np.arccos(np.clip(np.cos(pitch) * np.cos(yaw), -1.0, 1.0)))
    return angle


def overall(
    blur: Floats,
    exposure: Floats,
    noise: Floats,
    face_size: Floats,
    presence: Floats,
    turn: Floats,
    blink: Floats,
    detection: Floats,
) -> Floats:
    """Product of the penalties, 0-1; each is monotone. All (N,).

    blur, exposure, noise: Azure's scales; noise may be NaN (no penalty). face_size: pixels.
    presence: the mesh's logit. turn: degrees off the camera. blink: 0-1. detection: 0-1.
    Sharpness enters as `blur` because the plain Laplacian variance also rises with contrast
    and noise, and would rate dark skin lower.
    """
    product: Floats = (
        _ramp(blur, _BLUR)
        * _ramp(np.log2(np.maximum(face_size, 1.0)), _SIZE)
        * _ramp(exposure, _UNDER)
        * _ramp(exposure, _OVER)
        * _ramp(np.nan_to_num(noise), _NOISE)
        * _ramp(presence, _PRESENCE)
        * _ramp(turn, _TURN)
        * _ramp(blink, _BLINK)
        * _ramp(detection, _DETECTION)
    )
    return product


class Quality:
    """See `QUALITY.card`."""

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="quality",
            version="1",
            task="sharpness, size and an overall score of the face's pixels",
            gives=("quality.sharpness", "quality.face_size", "quality.overall"),
            needs=(
                *("_photometry.sharpness", "blur.value", "exposure.value", "noise.value"),
                *("blendshapes.eyeBlinkLeft", "blendshapes.eyeBlinkRight"),
            ),
            measured=measured_figures().get("quality", ()),
            known_failures=(
                "a formula, not a model of what people prefer: weights are judgement",
                "occlusion, expression, background and traces of compression do not count",
                "squinting and looking down count a little as closed eyes",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """log10 Laplacian variance at 256 px, side of the face's square in pixels, overall."""
        size = np.array([square.side for square in faces.squares], np.float64)
        blinks = [known[f"blendshapes.eyeBlink{side}"] for side in ("Right", "Left")]
        return {
            "quality.sharpness": np.asarray(known["_photometry.sharpness"], np.float64),
            "quality.face_size": size,
            "quality.overall": overall(
                np.asarray(known["blur.value"], np.float64),
                np.asarray(known["exposure.value"], np.float64),
                np.asarray(known["noise.value"], np.float64),
                size,
                faces.presence,
                turned(faces.rotations),
                np.nan_to_num(np.asarray(blinks, np.float64).reshape(2, -1)).mean(axis=0),
                faces.scores,
            ),
        }


QUALITY = Quality()
