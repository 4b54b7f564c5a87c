"""Whether what was made is what was ordered, as far as the annotators can tell.

Only attributes that annotators read well enough are judged, and only clear contradictions count:
an annotator that is unsure rejects nothing. The name of what contradicts becomes the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facewright.generate.vocabulary import Value

SURE: Final = 0.8
"""Confidence from which a class that was not ordered rejects a picture."""
AGE_STDS: Final = 2.5
"""Expected errors of the age that an estimate may lie from the order, and at least `AGE_YEARS`."""
AGE_YEARS: Final = 15.0
TURN: Final = 15.0
"""Degrees that yaw and pitch may lie from the order."""

JUDGED: Final = frozenset({"sex", "age", "pose", "glasses"})
"""What can be judged at all."""

Columns = Mapping[str, Any]


def verdicts(
    columns: Columns,
    orders: Sequence[Mapping[str, Value] | None],
    judged: Collection[str] = JUDGED,
) -> list[list[str]]:
    """What contradicts each face's order.

    Args:
        columns: dotted leaf name of the Record to N values: sex, age, age_std, head_pose.yaw,
            head_pose.pitch, glasses, confidence.sex, confidence.glasses.
        orders: what was ordered of each face; None for a face that nobody ordered, found in the
            same picture as one that was.
        judged: of `JUDGED`, what annotators read well on these pictures.

    Returns:
        N lists of names of `facewright.record.ORDER_REASONS`; an empty one accepts the face.
    """
    wrong = {
        "order_sex": _otherwise(columns, orders, "sex"),
        "order_age": _far(columns, orders, "age", "age", _age_tolerance(columns, len(orders))),
        "order_pose": _far(columns, orders, "head_pose.yaw", "yaw", TURN)
        | _far(columns, orders, "head_pose.pitch", "pitch", TURN),
        "order_glasses": _otherwise(columns, orders, "glasses"),
        "order_several_faces": np.array([order is None for order in orders]),
    }
    left_out = {f"order_{name}" for name in JUDGED.difference(judged)}
    wrong = {name: found for name, found in wrong.items() if name not in left_out}
    return [[name for name, found in wrong.items() if found[i]] for i in range(len(orders))]


def _otherwise(
    columns: Columns, orders: Sequence[Mapping[str, Value] | None], name: str
) -> NDArray[np.bool_]:
    """Faces that are surely of another class than was ordered."""
    sure = _numbers(columns, f"confidence.{name}", len(orders)) >= SURE
    found = columns.get(name, [None] * len(orders))
    other = [
        order is not None and name in order and value is not None and value != order[name]
        for order, value in zip(orders, found, strict=True)
    ]
    return np.asarray(sure & np.array(other, bool))


def _far(
    columns: Columns,
    orders: Sequence[Mapping[str, Value] | None],
    column: str,
    name: str,
    tolerance: float | NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Faces of which a number is farther from the order than it may be; NaN is not."""
    wanted = np.array(
        [float(order[name]) if order and name in order else np.nan for order in orders]
    )
    with np.errstate(invalid="ignore"):
        found = np.abs(_numbers(columns, column, len(orders)) - wanted) > tolerance
    return np.asarray(found)


def _age_tolerance(columns: Columns, rows: int) -> NDArray[np.float64]:
    spread = np.nan_to_num(_numbers(columns, "age_std", rows))
    return np.maximum(AGE_STDS * spread, AGE_YEARS)


def _numbers(columns: Columns, name: str, rows: int) -> NDArray[np.float64]:
    if name not in columns:
        return np.full(rows, np.nan)
    return np.array([np.nan if v is None else v for v in columns[name]], np.float64)
