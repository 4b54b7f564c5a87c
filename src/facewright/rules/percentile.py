"""Rule on the lowest share of a dataset by its quality: it needs all faces at once."""

from __future__ import annotations

from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from facewright.rules.columns import FaceColumns
from facewright.rules.rule import Rule, RuleTable, Verdict, dropping


class QualityPercentile(RuleTable):
    """Of all faces in the tables whose value is known, those included that other rules drop."""

    lowest: Annotated[
        float, Field(ge=0, le=100, description="percent; ties at the limit are kept")
    ] = 10.0
    of: Annotated[str, Field(description="column of numbers")] = "quality.overall"
    within: Annotated[
        str,
        Field(description="column of classes (sex): the lowest of each, so that none loses more"),
    ] = ""


def _reads(settings: QualityPercentile) -> tuple[str, ...]:
    return (settings.of, settings.within) if settings.within else (settings.of,)


def _judge(faces: FaceColumns, settings: QualityPercentile) -> Verdict:
    for name in filter(None, (settings.of, settings.within)):
        faces.require(name)
    values = faces.numbers(settings.of)
    known = np.isfinite(values)
    groups = np.zeros(len(faces), np.int32)
    if settings.within:
        groups, _ = faces.codes(settings.within)
        known &= groups >= 0
    limits = np.full(len(faces), -np.inf)
    for group in np.unique(groups[known]).tolist():
        mine = known & (groups == group)
        limits[mine] = _percentile(values[mine], settings.lowest)
    return dropping(values < limits, known)


def _percentile(values: NDArray[np.float64], percent: float) -> float:
    """The lowest value that `percent` of the values lie below, so that no more are dropped."""
    ordered = np.sort(values)
    at = int(np.floor(len(ordered) * percent / 100 + 1e-9))
    return float(ordered[at]) if at < len(ordered) else float("inf")


QUALITY_PERCENTILE: Final = Rule(
    "quality_percentile",
    "among the lowest of the dataset",
    QualityPercentile,
    _reads,
    _judge,
)
