"""Prompts from attributes."""

import pytest

from facewright.errors import UsageError
from facewright.generate.diffusers.template import PROMPT, Template, negative
from facewright.generate.diffusers.wording import PERSON, PICTURE, person, picture, word
from facewright.generate.vocabulary import VOCABULARY, Choice, Mix, Number


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({}, "a person"),
        ({"sex": "female", "age": 34.0}, "a 34-year-old woman"),
        ({"sex": "male", "age": 8.0}, "an 8-year-old boy"),
        ({"sex": "male", "age": 15.0}, "a 15-year-old teenage boy"),
        ({"age_group": "elderly"}, "an elderly person"),
        ({"age_group": "child"}, "a child"),
        ({"ethnicity": "white+black", "sex": "male"}, "a mixed white and Black man"),
        ({"ethnicity": "east_asian", "weight": 0.9}, "an East Asian heavy person"),
        ({"hair_style": "bob", "hair_color": "red"}, "a person with red bob haircut"),
        ({"hair_length": "long", "hair_color": "blond"}, "a person with long blond hair"),
        ({"bald": "yes", "hair_color": "gray"}, "a person with a bald head"),
        ({"skin_tone": 10.0, "eye_color": "brown"}, "a person with dark brown skin, brown eyes"),
        ({"glasses": "Sunglasses"}, "a person, wearing sunglasses"),
        ({"headwear": "yes", "lip_makeup": "yes"}, "a person, wearing a hat, wearing lipstick"),
        ({"glasses": "NoGlasses", "beard": "no"}, "a person"),
    ],
)  # fmt: skip
def test_person(attributes, said):
    assert person(attributes) == said


def test_picture():
    order = {"emotion": "anger", "strength": 0.2, "pose": "left", "light": "night"}
    assert picture(order).startswith("slight angry expression, head turned to the left")
    assert picture({"emotion": "neutral", "strength": 0.9}) == "neutral expression"
    assert picture({}) == ""


def test_every_level_of_every_attribute_has_words():
    for name in (*PERSON, *PICTURE):
        kind = VOCABULARY[name]
        values = (
            kind.levels if isinstance(kind, Choice)
            else kind.parts if isinstance(kind, Mix)
            else (kind.low, kind.high) if isinstance(kind, Number) else ()
        )  # fmt: skip
        said = {word(name, {name: value, "emotion": "anger", "sex": "male"}) for value in values}
        assert said, name
        assert said != {""} or name == "age_group", name


def test_places_that_are_empty_go_with_their_comma():
    assert Template(PROMPT).filled({"sex": "female"}) == (
        "portrait photo of a woman, head and shoulders, one person, sharp focus"
    )
    own = Template("{light}, photo of {sex}, {eye_color}")
    assert own.filled({"sex": "male", "eye_color": "blue"}) == "photo of man, blue eyes"
    assert own.says == {"light", "sex", "eye_color"}


def test_a_template_says_what_comes_with_an_attribute():
    assert Template("{age_group} {pose}").says == {"age_group", "age", "pose", "yaw"}
    assert {"sex", "emotion", "yaw"} <= Template(PROMPT).says
    assert "gaze_yaw" not in Template(PROMPT).says


def test_unknown_places_are_refused_by_name():
    with pytest.raises(UsageError, match=r"'a \{mood\}'.*\{person\}"):
        Template("a {mood}")
    with pytest.raises(UsageError, match="prompt"):
        Template("  ")


def test_absences_go_into_the_negative_prompt():
    order = {"glasses": "NoGlasses", "beard": "no", "sex": "female"}
    assert negative("blurry", order) == "blurry, glasses, sunglasses, beard, stubble"
    assert negative("", {}) == ""
