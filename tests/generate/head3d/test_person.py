"""People are as wanted, human, the same for the same seed, and plain data."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.errors import UsageError
from facewright.generate.head3d import features, pack, words
from facewright.generate.head3d.person import sample_person

SEEDS = st.integers(0, 2**32)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from(words.SEXES), st.floats(4, 90))
def test_drawn_people_stay_in_their_ranges(seed: int, sex: str, age: float) -> None:
    person = sample_person({"sex": sex, "age": age}, seed)
    assert person.sex == sex
    assert person.age == pytest.approx(age, abs=0.05)
    assert sum(person.ancestry) == pytest.approx(1, abs=1e-3)
    assert 1 <= person.skin_tone <= 10
    assert all(-1 <= value <= 1 for value in person.features.values())
    assert person.hair_style in words.HAIR_STYLES
    assert person.clothes in words.CLOTHES[sex]
    assert (person.maleness > 0.5) == (sex == "male")
    if sex == "female" or age < 16:
        assert person.beard == "none"
        assert person.moustache == "none"


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_same_seed_same_person_and_json_holds_it(seed: int) -> None:
    person = sample_person({}, seed)
    assert person == sample_person({}, seed)
    assert json.loads(json.dumps(person.to_json()))["seed"] == seed


def test_other_seeds_are_other_people() -> None:
    assert len({sample_person({}, seed).identity for seed in range(50)}) == 50


def test_identity_is_kept_by_hair_and_dress() -> None:
    plain = sample_person({"sex": "male", "age": 30, "hair_style": "crop"}, 3)
    assert (
        plain.identity
        == sample_person({"sex": "male", "age": 30, "hair_style": "crop"}, 3).identity
    )
    assert (
        plain.identity
        != sample_person({"sex": "male", "age": 31, "hair_style": "crop"}, 3).identity
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sex", "female"),
        ("ethnicity", "asian"),
        ("skin_tone", 7),
        ("hair_style", "bob"),
        ("hair_colour", "red"),
        ("eye_colour", "green"),
        ("glasses", "round"),
        ("hat", "fedora"),
        ("clothes", "male_worksuit01"),
        ("freckles", 0.5),
        ("makeup", 1.0),
        ("weight", 0.7),
    ],
)
def test_wishes_come_true(name: str, value: object) -> None:
    assert getattr(sample_person({name: value}, 1), name) == value


def test_a_list_is_a_choice() -> None:
    drawn = {
        sample_person({"eye_colour": ["blue", "green"]}, seed).eye_colour for seed in range(30)
    }
    assert drawn == {"blue", "green"}


def test_lengths_and_baldness_choose_styles() -> None:
    for length, styles in words.HAIR_LENGTHS.items():
        assert sample_person({"hair_length": length}, 5).hair_style in styles
    assert sample_person({"bald": True}, 5).hair_style == "bald"
    assert all(
        sample_person({"bald": False, "age": 70, "sex": "male"}, s).hair_style != "bald"
        for s in range(40)
    )


def test_a_mix_of_ancestries_is_taken_as_it_is() -> None:
    person = sample_person({"ethnicity": {"african": 1, "asian": 3}}, 2)
    assert person.ancestry == (0.25, 0.75, 0.0)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"eyes": 3}, "known are sex, age"),
        ({"sex": "none"}, "female, male"),
        ({"age": 150}, "from 4 to 90"),
        ({"age": True}, "from 4 to 90"),
        ({"age": 5, "sex": "male", "beard": "full"}, "possible from 16"),
        ({"sex": "female", "moustache": "thin"}, "not modelled"),
        ({"bald": True, "hair_style": "afro"}, "bald and"),
        ({"hair_length": "long", "hair_style": "buzz"}, "is not of hair_length"),
        ({"age": 40, "age_group": "child"}, "not in age_group"),
        ({"ethnicity": {"martian": 1}}, "shares of"),
        ({"clothes_colour": "blue"}, "six hex digits"),
        ({"hair_style": []}, "a choice of nothing"),
    ],
)
def test_impossible_wishes_are_refused_by_name(wanted: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        sample_person(wanted, 0)


def test_sexes_and_ages_differ_on_average() -> None:
    def mean(sex: str, age: float, name: str) -> float:
        return float(
            np.mean([sample_person({"sex": sex, "age": age}, s).features[name] for s in range(60)])
        )

    assert mean("male", 30, "chin-width") > mean("female", 30, "chin-width") + 0.4
    assert mean("male", 70, "head-age") > mean("male", 25, "head-age") + 0.6
    assert abs(mean("male", 6, "chin-width") - mean("female", 6, "chin-width")) < 0.2


def test_every_feature_is_a_pair_of_targets() -> None:
    known = set(pack.targets("local").names)
    for low, high in features.axes().values():
        assert {low, high} <= known
    for table in (features.FEMALE, features.MALE, features.CHILD, features.AGED):
        assert set(table) <= set(features.axes())


def test_features_become_weights_of_one_end() -> None:
    assert features.target_weights({"nose-hump": -0.3, "chin-width": 0.2}) == {
        "nose-hump-decr": 0.3,
        "chin-width-incr": 0.2,
    }
