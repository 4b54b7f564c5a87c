"""The generators `stylegan` and `eg3d` as makers of ordered pictures."""

import pickle

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("safetensors")

from facewright.errors import UsageError
from facewright.generate.base import Generator, check_order
from facewright.generate.directions import Direction
from facewright.generate.eg3d.generator import eg3d
from facewright.generate.stylegan.generator import stylegan
from facewright.generate.wanted import Wanted
from helpers import published, tiny_networks

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def flat(tmp_path):
    return str(published.write(tmp_path / "flat.pkl", tiny_networks.stylegan2(64)))


@pytest.fixture
def solid(tmp_path):
    return str(published.write(tmp_path / "solid.pkl", tiny_networks.eg3d()))


def wanted(person=3, size=64, **attributes):
    return Wanted("000000", f"person-{person}", 5, person, size, attributes)


def direction(maker, path, attribute="age", level=None, against=None):
    vector = np.zeros(12, np.float32)
    vector[0] = 1
    Direction(
        attribute, level, against, vector, 10.0, 40.0 if level is None else 0.0, 1.0, None, 0.9,
        500, maker.card.sha256,
    ).save(path)  # fmt: skip
    return str(path)


def test_stylegan_makes_people(flat):
    maker = stylegan("standard", {"weights": flat})
    assert isinstance(maker, Generator)
    card = maker.card
    assert (card.id, card.summary, len(card.sha256)) == ("stylegan", "stylegan2 of 64 pixels", 64)
    assert card.attributes == frozenset()
    one = maker.make(wanted())
    assert one.pixels.shape == (64, 64, 3)
    assert one.truth == {"identity": "person-3"}
    again = pickle.loads(pickle.dumps(maker)).make(wanted())
    np.testing.assert_array_equal(one.pixels, again.pixels)
    assert (maker.make(wanted(4)).pixels != one.pixels).any()
    assert maker.make(wanted(size=20)).pixels.shape == (20, 20, 3)


def test_orders_are_steered(flat, tmp_path):
    plain = stylegan("standard", {"weights": flat})
    age = direction(plain, tmp_path / "age.npz")
    sex = direction(plain, tmp_path / "sex.npz", "sex", "female", "male")
    maker = stylegan("standard", {"weights": flat, "directions": f"{age}, {sex}"})
    assert maker.card.attributes == {"age", "age_group", "sex"}
    check_order(maker, [wanted(age=30.0, age_group="adult", sex="male")], "order")
    young, old = (maker.make(wanted(age=float(n))).pixels for n in (20, 70))
    assert (young != old).any()
    with pytest.raises(UsageError, match="cannot make glasses; it makes age, age_group, sex"):
        check_order(maker, [wanted(glasses="Sunglasses")], "order")
    with pytest.raises(UsageError, match="leads to female or male"):
        check_order(maker, [wanted(sex="other")], "order")
    with pytest.raises(UsageError, match="order at most 64"):
        check_order(maker, [wanted(size=128)], "order")


def test_directions_of_other_weights_are_refused(flat, solid, tmp_path):
    other = direction(eg3d("standard", {"weights": solid}), tmp_path / "age.npz")
    maker = stylegan("standard", {"weights": flat, "directions": [other]})
    with pytest.raises(UsageError, match="direction of age was fitted on other weights"):
        maker.make(wanted())


def test_eg3d_meets_poses_with_its_camera(solid):
    maker = eg3d("standard", {"weights": solid})
    assert maker.card.attributes == {"pose", "yaw", "pitch", "roll"}
    check_order(maker, [wanted(yaw=30.0, pose="right")], "order")
    front, side = maker.make(wanted()), maker.make(wanted(yaw=30.0, pitch=-5.0))
    assert front.pixels.shape == (64, 64, 3)
    assert len(side.truth["camera"]) == 25
    assert side.truth["camera"] != front.truth["camera"]
    assert (side.pixels != front.pixels).any()
    fresh = pickle.loads(pickle.dumps(maker)).make(wanted(yaw=30.0, pitch=-5.0))
    np.testing.assert_array_equal(side.pixels, fresh.pixels)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, 'needs weights = "network.pkl"'),
        ({"weights": "a.pkl", "psi": 1}, "does not know psi; it knows weights"),
        ({"weights": "a.pkl", "truncation": 3}, "from 0 to 1.5"),
        ({"weights": "a.pkl", "truncation": "much"}, "from 0 to 1.5"),
        ({"weights": "a.pkl", "directions": 3}, "directions are paths"),
        ({"weights": "a.pkl", "directions": "none.npz"}, "cannot read none.npz"),
        ({"weights": "a.pkl", "label": "x"}, "label is a class"),
    ],
)
def test_options(options, says):
    for make in (stylegan, eg3d):
        with pytest.raises(UsageError, match=says):
            make("standard", options)


def test_options_of_the_command_line_are_words():
    assert stylegan("draft", {"weights": "a", "truncation": "0.5"}).options.truncation == 0.5
    assert stylegan("draft", {"weights": "a", "label": "3"}).options.label == 3
    with pytest.raises(UsageError, match="no classes"):
        eg3d("draft", {"weights": "a", "label": 3})
