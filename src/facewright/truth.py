"""Truth: what is known of a synthetic face because it was made so, beside what is estimated.

A column `truth` stands in the faces table of generated datasets and in no other. Units, signs and
coordinates are those of the Record; null is what the generator does not decide or cannot know.
"""

from __future__ import annotations

from typing import Annotated

import pyarrow as pa
from pydantic import Field

from facewright.record import (
    Blendshapes,
    Gaze,
    HeadPose,
    Landmarks68,
    Part,
    Points,
    Share,
)
from facewright.schema import Columns, arrow_schema, to_table

TRUTH = "truth"
"""Name of the column."""


class EthnicityMix(Part):
    """Shares of the shape data's groups in this face; sums to 1."""

    white: Share | None = None
    black: Share | None = None
    east_asian: Share | None = None
    south_asian: Share | None = None


class Truth(Part):
    """What a generator knows of the face that it made."""

    identity: Annotated[str | None, Field(description="the same in all pictures of one person")] = (
        None
    )
    ordered: Annotated[
        str | None, Field(description="what was asked for of this picture, as JSON")
    ] = None
    sex: str | None = None
    age: Annotated[float | None, Field(description="years", json_schema_extra={"decimals": 0})] = (
        None
    )
    ethnicity: EthnicityMix | None = None
    skin_tone: Annotated[int | None, Field(description="swatch of the Monk scale, 1-10")] = None
    hair_style: str | None = None
    hair_length: str | None = None
    hair_color: str | None = None
    bald: bool | None = None
    beard: str | None = None
    moustache: bool | None = None
    eye_color: str | None = None
    glasses: str | None = None
    headwear: bool | None = None
    eye_makeup: bool | None = None
    lip_makeup: bool | None = None
    emotion: str | None = None
    strength: Annotated[
        float | None, Field(description="of the emotion, 0-1", json_schema_extra={"decimals": 2})
    ] = None
    light: str | None = None
    background: str | None = None
    head_pose: HeadPose | None = None
    gaze: Gaze | None = None
    camera: Annotated[
        list[float] | None,
        Field(
            description="25 floats: EG3D camera label",
            json_schema_extra={"decimals": 6, "shape": [25]},
        ),
    ] = None
    landmarks: Landmarks68 | None = None
    mesh: Annotated[
        Points | None,
        Field(
            description="478 points: x, y, z; NaN where the head has no such point",
            json_schema_extra={"decimals": 2, "unit": "pixels", "shape": [478, 3]},
        ),
    ] = None
    blendshapes: Blendshapes | None = None


def truth_field() -> pa.Field:
    """The column as an Arrow field."""
    return pa.field(TRUTH, pa.struct(list(arrow_schema(Truth))))


def truth_column(columns: Columns, known: list[bool]) -> pa.StructArray:
    """The column of N faces.

    Args:
        columns: dotted leaf name of `Truth` to N values.
        known: of each face whether it is one that was made; others are null.
    """
    table = to_table(Truth, columns, len(known))
    arrays = [table.column(name).combine_chunks() for name in table.column_names]
    mask = pa.array([not each for each in known], pa.bool_())
    return pa.StructArray.from_arrays(arrays, fields=list(table.schema), mask=mask)
