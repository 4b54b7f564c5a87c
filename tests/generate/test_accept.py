"""Whether what was made is what was ordered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from facewright.generate.accept import verdicts
from facewright.record import ORDER_REASONS

READ: dict[str, Any] = {
    "sex": ["female"],
    "age": [34.0],
    "age_std": [6.0],
    "head_pose.yaw": np.array([10.0]),
    "head_pose.pitch": np.array([0.0]),
    "glasses": ["NoGlasses"],
    "confidence.sex": np.array([0.95]),
    "confidence.glasses": np.array([0.95]),
}


def judged(order: dict[str, Any] | None, **read: Any) -> list[str]:
    (found,) = verdicts(READ | read, [order])
    return found


@pytest.mark.parametrize(
    ("order", "reasons"),
    [
        ({}, []),
        ({"sex": "female", "age": 30.0, "yaw": 8.0, "glasses": "NoGlasses"}, []),
        ({"sex": "male"}, ["order_sex"]),
        ({"age": 50.0}, ["order_age"]),
        ({"age": 48.0}, []),
        ({"yaw": -10.0}, ["order_pose"]),
        ({"pitch": 20.0}, ["order_pose"]),
        ({"glasses": "ReadingGlasses", "sex": "male"}, ["order_sex", "order_glasses"]),
        (None, ["order_several_faces"]),
    ],
)
def test_clear_contradictions_reject(order: dict[str, Any] | None, reasons: list[str]) -> None:
    assert judged(order) == reasons
    assert set(reasons) <= set(ORDER_REASONS)


def test_who_is_unsure_rejects_nothing() -> None:
    unsure = {"confidence.sex": np.array([0.6])}
    assert judged({"sex": "male"}, **unsure) == []
    assert judged({"age": 55.0}, age_std=[12.0]) == []


def test_what_was_not_read_rejects_nothing() -> None:
    nothing = {
        "sex": [None],
        "age": [None],
        "age_std": [None],
        "head_pose.yaw": np.array([np.nan]),
        "confidence.sex": np.array([np.nan]),
    }
    assert judged({"sex": "male", "age": 80.0, "yaw": 40.0}, **nothing) == []
    assert verdicts({}, [{"sex": "male", "age": 5.0}]) == [[]]
