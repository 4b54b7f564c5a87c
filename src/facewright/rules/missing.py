"""Rule on attributes that must be known."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field

from facewright.rules.columns import FaceColumns
from facewright.rules.rule import Rule, RuleTable, Verdict, dropping


class Missing(RuleTable):
    """Columns by their dotted names; null, NaN and "unknown" are no value."""

    attributes: Annotated[
        tuple[str, ...], Field(min_length=1, description="columns: sex, age, hair")
    ]
    which: Annotated[
        Literal["any", "all"], Field(description="how many of them must lack for a drop")
    ] = "any"


def _reads(settings: Missing) -> tuple[str, ...]:
    return settings.attributes


def _judge(faces: FaceColumns, settings: Missing) -> Verdict:
    for name in settings.attributes:
        faces.require(name)
    lacks = [~faces.known(name) for name in settings.attributes]
    lacking = np.any(lacks, axis=0) if settings.which == "any" else np.all(lacks, axis=0)
    return dropping(lacking, np.ones(len(faces), bool))


MISSING: Final = Rule("missing", "a value that is asked for is not known", Missing, _reads, _judge)
