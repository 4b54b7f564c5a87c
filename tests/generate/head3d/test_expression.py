"""Expressions are unit weights in range; unknown ones are refused."""

from __future__ import annotations

import numpy as np
import pytest

from facewright.errors import UsageError
from facewright.generate.head3d import eyes, pack, words
from facewright.generate.head3d.expression import expression_units, with_gaze


@pytest.mark.parametrize("name", words.EXPRESSIONS)
def test_named_expressions_are_known_units(name: str) -> None:
    units = expression_units(name)
    assert set(units) <= set(pack.targets("unit").names)
    assert all(0 <= value <= 1 for value in units.values())


def test_strength_scales() -> None:
    whole, half = expression_units("smile"), expression_units("smile", 0.5)
    assert half == {name: value * 0.5 for name, value in whole.items()}


def test_neutral_is_no_mask() -> None:
    assert "browDownLeft" not in expression_units("neutral")
    assert max(expression_units("neutral").values()) < 0.2


def test_given_units_are_taken() -> None:
    assert expression_units({"jawOpen": 0.4}) == {"jawOpen": 0.4}


@pytest.mark.parametrize("wrong", ["joy", {"smile": 1.0}, {"jawOpen": 2.0}])
def test_unknown_expressions_are_refused(wrong: object) -> None:
    with pytest.raises(UsageError):
        expression_units(wrong)


def test_lids_follow_a_gaze_to_the_pictures_side() -> None:
    assert set(with_gaze({}, (10, 0))) == {"eyeLookOutLeft", "eyeLookInRight"}
    assert set(with_gaze({}, (0, -10))) == {"eyeLookDownLeft", "eyeLookDownRight"}
    assert with_gaze({"jawOpen": 0.2}, (0, 0)) == {"jawOpen": 0.2}
    assert max(with_gaze({}, (35, 25)).values()) == 1


@pytest.mark.parametrize("gaze", [(0.0, 0.0), (20.0, 10.0), (-30.0, -15.0)])
def test_eyes_look_exactly_where_ordered(gaze: tuple[float, float]) -> None:
    balls = eyes.neutral_mean()[pack.array("group_eyes")]
    right, left = eyes._rest_axes()
    turned = eyes.look(balls, gaze)
    for side, rest in (right, left):
        mine = np.sign(balls[:, 0]) == side
        centre = balls[mine].mean(axis=0)
        before, after = balls[mine] - centre, turned[mine] - centre
        across, rise = np.radians(rest)
        axis = [np.sin(across) * np.cos(rise), np.sin(rise), np.cos(across) * np.cos(rise)]
        rotation = np.linalg.lstsq(before, after, rcond=None)[0].T
        found = rotation @ axis
        assert np.degrees(np.arctan2(found[0], found[2])) == pytest.approx(gaze[0], abs=0.05)
        assert np.degrees(np.arcsin(found[1])) == pytest.approx(gaze[1], abs=0.05)
