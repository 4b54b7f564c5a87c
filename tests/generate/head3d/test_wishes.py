"""Orders in head3d's own words, and what it says it cannot make."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from facewright.errors import UsageError
from facewright.generate.head3d.generator import Head3D, head3d
from facewright.generate.head3d.person import sample_person
from facewright.generate.head3d.wishes import cannot, person_wishes, view_of
from facewright.generate.order import plan_order
from facewright.generate.spec import Spec
from facewright.generate.vocabulary import VOCABULARY, Choice
from facewright.generate.wanted import Wanted


def wanted(seed: int = 1, **attributes: Any) -> Wanted:
    return Wanted("000000", "person-000000", seed, 2, 256, attributes)


@pytest.mark.parametrize(
    ("name", "level"),
    [
        (name, level)
        for name, kind in VOCABULARY.items()
        if isinstance(kind, Choice) and kind.of_person
        for level in kind.levels
    ],
)
def test_every_level_of_the_vocabulary_makes_a_person(name: str, level: str) -> None:
    order = {name: level, "sex": "male", "age": 40.0} | ({"sex": level} if name == "sex" else {})
    assert cannot(order) is None
    person = sample_person(person_wishes(order), 3)
    assert person.sex == order["sex"]
    assert person.age == 40


@pytest.mark.parametrize(
    "ethnicity", ["white", "black", "east_asian", "south_asian", "white+black"]
)
def test_ethnicities_are_mixes_of_what_the_shape_knows(ethnicity: str) -> None:
    person = sample_person(person_wishes({"ethnicity": ethnicity}), 3)
    assert sum(person.ancestry) == pytest.approx(1, abs=1e-3)
    african, _, caucasian = person.ancestry
    if ethnicity == "white+black":
        assert african == pytest.approx(0.5, abs=0.01)
        assert caucasian == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ({"sex": "female", "beard": "yes"}, "no beard"),
        ({"eye_makeup": "yes", "lip_makeup": "no"}, "come together"),
        ({"hair_style": "buzz", "hair_length": "long"}, "is not long"),
        ({"bald": "yes", "hair_style": "bob"}, "bald"),
    ],
)
def test_what_it_cannot_make_is_said(order: dict[str, Any], says: str) -> None:
    assert says in str(cannot(order))


def test_a_view_is_what_was_ordered_and_else_follows_from_its_seed() -> None:
    view = view_of(wanted(yaw=-30.0, pitch=5.0, roll=0.0, emotion="sadness", gaze_yaw=12.0))
    assert (view.yaw, view.pitch, view.roll) == (-30, 5, 0)
    assert view.expression == "sadness"
    assert view.gaze[0] == 12
    assert view_of(wanted(seed=7)) == view_of(wanted(seed=7))
    yaws = np.array([view_of(wanted(seed=n)).yaw for n in range(200)])
    assert np.abs(yaws).max() <= 40
    assert yaws.std() > 8


@pytest.mark.parametrize("light", ["studio", "indoor", "outdoor", "sunset", "night"])
def test_every_light_and_background_is_one_of_the_pack(light: str) -> None:
    for background in ("plain", "blurred", "white"):
        assert view_of(wanted(light=light, background=background)).light is not None


def test_an_order_of_everything_is_not_refused() -> None:
    maker = head3d("draft", {})
    spec = Spec(
        count=20, target="equal over sex x ethnicity; 50 % adults, 25 % children, 25 % elderly"
    )
    assert all(maker.refuse(each) is None for each in plan_order(spec))
    assert isinstance(maker, Head3D)
    assert maker.card.sha256 is not None


def test_unknown_qualities_and_options_are_refused() -> None:
    with pytest.raises(UsageError, match="draft, standard, hq"):
        head3d("ultra", {})
    with pytest.raises(UsageError, match="not speed"):
        head3d("draft", {"speed": 1})
