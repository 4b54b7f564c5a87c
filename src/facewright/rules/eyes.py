"""Rules on eyes that are closed, and on what covers a face."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field

from facewright.rules.columns import FaceColumns
from facewright.rules.rule import Mask, Rule, RuleTable, Verdict, dropping

Sure = Annotated[
    float, Field(ge=0, le=1, description="confidence 0-1 that it takes; below it nothing is judged")
]


class Eyes(RuleTable):
    """Lids as `eye_state` tells them."""

    drop: Annotated[
        Literal["closed", "squint"], Field(description="closed, or squinting and closed")
    ] = "closed"
    which: Annotated[
        Literal["both", "either"], Field(description="eyes that must be so; a wink is either")
    ] = "both"
    sure: Sure = 0.0


def _eyes(faces: FaceColumns, settings: Eyes) -> Verdict:
    states = {"closed"} if settings.drop == "closed" else {"closed", "squint"}
    left, right = (_shut(faces, f"eye_state.{side}", states) for side in ("left", "right"))
    verdict = left & right if settings.which == "both" else left | right
    return verdict.only_where(_surely(faces, "confidence.eye_state", settings.sure))


def _shut(faces: FaceColumns, leaf: str, states: set[str]) -> Verdict:
    codes, texts = faces.codes(leaf)
    shut = np.array([*(text in states for text in texts), False])
    return dropping(shut[codes], codes >= 0)


def _surely(faces: FaceColumns, leaf: str, least: float) -> Mask:
    if least == 0:
        return np.ones(len(faces), bool)
    with np.errstate(invalid="ignore"):
        return faces.numbers(leaf) >= least


EYES: Final = Rule(
    "eyes",
    "the eyes are closed, or squint",
    Eyes,
    ("eye_state.left", "eye_state.right", "confidence.eye_state"),
    _eyes,
)

Region = Literal["forehead", "eye", "mouth"]


class Occlusion(RuleTable):
    """Regions that nothing may cover. Dark glasses cover eyes; hair may cover a forehead."""

    parts: Annotated[
        tuple[Region, ...], Field(min_length=1, description="any of forehead, eye, mouth")
    ] = ("eye", "mouth")
    sure: Sure = 0.0


def _occlusion_reads(settings: Occlusion) -> tuple[str, ...]:
    return tuple(
        leaf
        for part in settings.parts
        for leaf in (f"occlusion.{part}", f"confidence.{part}_occluded")
    )


def _occlusion(faces: FaceColumns, settings: Occlusion) -> Verdict:
    return reduce(or_, (_covered(faces, part, settings.sure) for part in settings.parts))


def _covered(faces: FaceColumns, part: str, sure: float) -> Verdict:
    covered = faces.numbers(f"occlusion.{part}")
    surely = _surely(faces, f"confidence.{part}_occluded", sure)
    return dropping(covered == 1, ~np.isnan(covered)).only_where(surely)


OCCLUSION: Final = Rule(
    "occlusion", "something covers a part of the face", Occlusion, _occlusion_reads, _occlusion
)
