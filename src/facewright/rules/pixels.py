"""Rules on how good a face's pixels are."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from facewright.rules.columns import FaceColumns
from facewright.rules.rule import Rule, RuleTable, Verdict, above, below, outside

Level = Annotated[float, Field(ge=0, le=1)]


class Blur(RuleTable):
    """Azure's scale: medium from .25, high from .75 on."""

    max: Annotated[Level, Field(description="blur.value, 0-1: high from .75 on")] = 0.75


class Exposure(RuleTable):
    """Azure's scale: good between .25 and .75."""

    min: Annotated[Level, Field(description="exposure.value, 0-1: under-exposed to .25")] = 0.25
    max: Annotated[Level, Field(description="exposure.value, 0-1: over-exposed from .75")] = 0.75


class Noise(RuleTable):
    """Azure's scale: medium from .3, high from .7 on."""

    max: Annotated[Level, Field(description="noise.value, 0-1: high from .7 on")] = 0.7


class Sharpness(RuleTable):
    """Of pictures of one kind and size; it rises with contrast and noise too."""

    min: Annotated[
        float, Field(description="quality.sharpness, log10 of the Laplacian's variance at 256 px")
    ]


class DetectionScore(RuleTable):
    """The detector itself gives nothing under `[detector] min_score`."""

    min: Annotated[Level, Field(description="detection_score, 0-1")] = 0.8


def _blur(faces: FaceColumns, settings: Blur) -> Verdict:
    return above(faces.numbers("blur.value"), settings.max)


def _exposure(faces: FaceColumns, settings: Exposure) -> Verdict:
    return outside(faces.numbers("exposure.value"), settings.min, settings.max)


def _noise(faces: FaceColumns, settings: Noise) -> Verdict:
    return above(faces.numbers("noise.value"), settings.max)


def _sharpness(faces: FaceColumns, settings: Sharpness) -> Verdict:
    return below(faces.numbers("quality.sharpness"), settings.min)


def _score(faces: FaceColumns, settings: DetectionScore) -> Verdict:
    return below(faces.numbers("detection_score"), settings.min)


BLUR: Final = Rule("blur", "the face is blurred", Blur, ("blur.value",), _blur)
EXPOSURE: Final = Rule(
    "exposure", "the face is too dark or too bright", Exposure, ("exposure.value",), _exposure
)
NOISE: Final = Rule("noise", "the face is noisy", Noise, ("noise.value",), _noise)
SHARPNESS: Final = Rule(
    "sharpness", "the face lacks fine detail", Sharpness, ("quality.sharpness",), _sharpness
)
DETECTION_SCORE: Final = Rule(
    "detection_score",
    "the detector was not sure of the face",
    DetectionScore,
    ("detection_score",),
    _score,
)
