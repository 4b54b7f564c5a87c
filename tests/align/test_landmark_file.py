import json

import numpy as np
import pytest

from facewright.align.landmark_file import landmarks_from_json
from facewright.align.metfaces import photo_landmarks
from facewright.errors import UsageError
from facewright.record import Landmarks68

POINTS = [[i + 0.25, 2 * i] for i in range(68)]
SIZES = dict(zip(Landmarks68.model_fields, (17, 5, 5, 9, 6, 6, 20), strict=True))


def grouped():
    points = iter(POINTS)
    return {name: [next(points) for _ in range(n)] for name, n in SIZES.items()}


@pytest.mark.parametrize(
    "data",
    [
        POINTS,
        {"face_landmarks": POINTS},
        {"landmarks": POINTS},
        {"category": "training", "in_the_wild": {"face_rect": [], "face_landmarks": POINTS}},
        {"face_id": "a_01", "landmarks": grouped()},
    ],
)
def test_forms_that_are_understood(data):
    for text in (json.dumps(data), json.dumps(data).encode()):
        assert np.array_equal(landmarks_from_json(text, "f.json"), POINTS)


def test_metfaces_entries_are_brought_to_the_photo():
    entry = {"obj_id": "1", "face_spec": {"rect": [1, 2, 3, 4], "landmarks": POINTS, "shrink": 3}}
    expected = photo_landmarks(POINTS, 3)
    for data in (entry, entry["face_spec"]):
        assert np.array_equal(landmarks_from_json(json.dumps(data), "f.json"), expected)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        ("{}", "no 'face_landmarks'"),
        ("7", "a list, not int"),
        ('"text"', "a list, not str"),
        ("[]", "0 landmarks"),
        (json.dumps(POINTS[:5]), "5 landmarks"),
        (json.dumps([*POINTS[:67], [1]]), "landmark 67"),
        (json.dumps([*POINTS[:67], [1, "2"]]), "landmark 67"),
        (json.dumps([*POINTS[:67], [1, True]]), "landmark 67"),
        (json.dumps([*POINTS[:67], [1, float("nan")]]), "landmark 67"),
        (json.dumps([*POINTS[:67], [1, 10**400]]), "landmark 67"),
        (json.dumps([*POINTS[:67], 3]), "landmark 67"),
        (json.dumps({"landmarks": None}), "a list, not NoneType"),
        (json.dumps({"landmarks": {"jaw": POINTS}}), "right_eyebrow"),
        (json.dumps({"landmarks": {**grouped(), "jaw": [[0, 0]]}}), "52 landmarks"),
        (json.dumps({"landmarks": POINTS, "shrink": 0}), "'shrink'"),
        (json.dumps({"landmarks": POINTS, "shrink": 2.5}), "'shrink'"),
        (json.dumps({"landmarks": POINTS, "shrink": True}), "'shrink'"),
    ],
)
def test_anything_else_is_named(text, what):
    with pytest.raises(UsageError) as caught:
        landmarks_from_json(text, "f.json")
    message = str(caught.value)
    assert message.startswith("f.json: ")
    assert what in message
    assert "\n" not in message
