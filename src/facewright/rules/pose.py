"""Rule on where the head is turned."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from facewright.rules.columns import FaceColumns
from facewright.rules.rule import Rule, RuleTable, Verdict, outside

_AXES: Final = ("yaw", "pitch", "roll")


def _rising(limits: tuple[float, float]) -> tuple[float, float]:
    if limits[0] > limits[1]:
        raise ValueError(f"the first limit, {limits[0]:g}, is above the second, {limits[1]:g}")
    return limits


Range = Annotated[tuple[float, float], AfterValidator(_rising)]


class Pose(RuleTable):
    """Ranges in degrees that are kept, both ends included; name at least one."""

    yaw: Annotated[Range | None, Field(description="degrees, positive to the picture's right")] = (
        None
    )
    pitch: Annotated[Range | None, Field(description="degrees, positive looking up")] = None
    roll: Annotated[Range | None, Field(description="degrees, positive clockwise")] = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.ranges:
            raise ValueError("give yaw, pitch or roll a range, as [-45, 45]")
        return self

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Range by the name of its leaf."""
        asked = {f"head_pose.{axis}": getattr(self, axis) for axis in _AXES}
        return {leaf: limits for leaf, limits in asked.items() if limits is not None}


def _reads(settings: Pose) -> tuple[str, ...]:
    return tuple(settings.ranges)


def _judge(faces: FaceColumns, settings: Pose) -> Verdict:
    return reduce(
        or_, (outside(faces.numbers(leaf), *limits) for leaf, limits in settings.ranges.items())
    )


POSE: Final = Rule("pose", "the head is turned too far", Pose, _reads, _judge)
