"""The gates: is it a face, is it large enough, is it in sight. No crop is made of what they drop.

They are plain keys of `[rules]`, have a limit in every recipe, and are judged while photos are
worked on; all other rules are judged over the finished tables.
"""

from __future__ import annotations

from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from facewright.recipe import RuleSettings
from facewright.rules.columns import FaceColumns, Read
from facewright.rules.rule import Rule, RuleTable, Verdict, above, below
from facewright.vision.faces import FaceBatch
from facewright.vision.mesh import presence_share

OUTSIDE: Final = Read("crops", "list_max([crop.outside for crop in crops])")
"""Share of a face's crops that lies outside of the photograph: of the worst of them."""


class Least(RuleTable):
    """A lower limit."""

    limit: Annotated[float, Field(ge=0)]


class Most(RuleTable):
    """An upper limit."""

    limit: Annotated[float, Field(ge=0)]


def _presence(faces: FaceColumns, settings: Least) -> Verdict:
    return below(faces.numbers("mesh_presence"), settings.limit)


def _size(faces: FaceColumns, settings: Least) -> Verdict:
    return below(faces.numbers("quality.face_size"), settings.limit)


def _outside(faces: FaceColumns, settings: Most) -> Verdict:
    return above(faces.numbers(OUTSIDE), settings.limit)


MESH_PRESENCE: Final = Rule(
    "mesh_presence",
    "the mesh model finds no face in the detector's box",
    Least,
    ("mesh_presence",),
    _presence,
)
MIN_FACE_SIZE: Final = Rule(
    "min_face_size",
    "the face is smaller than the recipe asks for",
    Least,
    ("quality.face_size",),
    _size,
)
MAX_OUTSIDE: Final = Rule(
    "max_outside",
    "too much of the crop lies outside of the photograph",
    Most,
    (OUTSIDE,),
    _outside,
)
GATES: Final = (MESH_PRESENCE, MIN_FACE_SIZE, MAX_OUTSIDE)

NO_CROP: Final = "no_crop"
"""Reason of a face that no rule drops any more, but that was never cropped."""

RULE_REASONS: dict[str, str] = {
    **{gate.name: gate.meaning for gate in GATES},
    "degenerate_landmarks": "no crop follows from the landmarks",
    "face_outside_photo": "the crop misses the photograph",
    "crop_too_small": "fewer pixels of the photograph belong to the crop than its recipe asks for",
    "licence": "its photo's licence keeps it out of what is passed on",
    NO_CROP: "an earlier rule kept it from being cropped; build again to have it",
}
"""Why a face is dropped, apart from rules of tables: each reason's name and what it means."""


def before_cropping(faces: FaceBatch, rules: RuleSettings) -> list[list[str]]:
    """Names of the gates that drop each face, judged before anything is cropped.

    The numbers are those of the Record, with its decimals, so that judging the tables says the
    same.

    Args:
        faces: N faces.
        rules: the recipe's limits.

    Returns:
        N lists; an empty one keeps the face.
    """
    judged = FaceColumns.of(gate_columns(faces))
    chosen = ((MESH_PRESENCE, rules.mesh_presence), (MIN_FACE_SIZE, rules.min_face_size))
    verdicts = {rule.name: rule.judge(judged, Least(limit=limit)).drop for rule, limit in chosen}
    return [[name for name, dropped in verdicts.items() if dropped[i]] for i in range(len(faces))]


def gate_columns(faces: FaceBatch) -> dict[str, NDArray[np.float64]]:
    """What the gates read, whichever annotators run: leaves of the Record, (N,) each."""
    return {
        "mesh_presence": presence_share(faces.presence),
        "quality.face_size": np.array([square.side for square in faces.squares], np.float64),
    }
