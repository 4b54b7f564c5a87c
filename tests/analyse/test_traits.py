from __future__ import annotations

from facewright.analyse.traits import main_traits, short, strongest, who


def test_main_traits_in_order_of_weight() -> None:
    face = {
        "sex": "female",
        "age": 34.0,
        "age_std": 5.2,
        "emotion": {"happiness": 0.93, "neutral": 0.07, "fear": None},
        "glasses": "ReadingGlasses",
        "head_pose": {"yaw": -12.4, "pitch": 3.0, "roll": -14.0},
        "quality": {"overall": 0.81},
        "confidence": {"sex": 0.99},
    }
    assert main_traits(face) == [
        "f 34±5",
        "happiness .93",
        "glasses",
        "yaw -12",
        "roll -14",
        "q .81",
    ]


def test_low_confidence_is_marked_and_high_is_not() -> None:
    face = {
        "sex": "male",
        "age": 20.0,
        "emotion": {"anger": 0.4, "neutral": 0.3},
        "glasses": "Sunglasses",
        "accessories": [
            {"type": "glasses", "confidence": 0.5},
            {"type": "headwear", "confidence": 0.6},
        ],
        "facial_hair": {"beard": 0.6, "moustache": 0.1},
        "hair": {"bald": 0.8},
        "confidence": {"sex": 0.6, "glasses": 0.5, "beard": 0.9, "bald": 0.5},
    }
    assert main_traits(face) == [
        "m? 20",
        "anger .40?",
        "sunglasses?",
        "headwear?",
        "beard",
        "bald?",
    ]


def test_unknown_is_said_for_sex_and_age_and_else_left_out() -> None:
    nulls = dict.fromkeys(
        ("sex", "age", "emotion", "glasses", "accessories", "facial_hair", "hair", "head_pose")
    )
    assert main_traits(nulls) == main_traits({}) == ["sex ? age ?"]
    assert who({"sex": "male"}) == "m age ?"
    assert strongest({"anger": None}) is None


def test_short_shares() -> None:
    assert [short(x) for x in (0.93, 0.999, 1.0, 0.05)] == [".93", "1", "1", ".05"]
