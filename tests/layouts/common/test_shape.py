"""Objects of one shape."""

from __future__ import annotations

from typing import Any

import pytest

from facewright.layouts.common.shape import Shape

SHAPE = Shape(
    (
        ("id", "id"),
        ("pose", (("yaw", "pose.yaw"), ("more", (("sure", "pose.sure"),)))),
        ("glasses", "glasses"),
    ),
    {"id": (str,), "pose.yaw": (int, float), "pose.sure": (bool,), "glasses": (str,)},
    {"glasses": {"none", "sun"}},
)


def a_face(**changed: Any) -> dict[str, Any]:
    face = {"glasses": "sun", "id": "x", "pose": {"more": {"sure": True}, "yaw": 3}}
    return {**face, **changed}


def test_leaves_come_under_their_names() -> None:
    values = SHAPE.values(a_face())
    assert values is not None
    found = dict(zip(SHAPE.leaves, values, strict=True))
    assert found == {"id": "x", "glasses": "sun", "pose.yaw": 3, "pose.sure": True}
    assert SHAPE.keys == 6


@pytest.mark.parametrize(
    "data",
    [
        None,
        3,
        "text",
        [],
        {},
        a_face(more=1),
        a_face(pose=None),
        a_face(pose=[1, 2]),
        a_face(pose="ab"),
        a_face(pose={"yaw": 3}),
        a_face(pose={"yaw": 3, "more": {}}),
        a_face(pose={"yaw": True, "more": {"sure": True}}),
        a_face(pose={"yaw": 3, "more": {"sure": 1}}),
        a_face(glasses="opera"),
        a_face(glasses=["sun"]),
        a_face(id=7),
    ],
)
def test_what_differs_is_not_taken(data: Any) -> None:
    assert SHAPE.values(data) is None
