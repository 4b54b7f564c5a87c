"""Tied hair, its knot and what hangs loose; plaits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewright.generate.head3d import regions
from facewright.generate.head3d.person import sample_person
from facewright.generate.head3d.plaits import plaited
from facewright.generate.head3d.strands import head_hair, loose_hair
from facewright.generate.head3d.tied import knot_hair, knot_of, tail_hair

WOMAN = {"sex": "female", "age": 30, "hair_style": "tied"}


@pytest.mark.parametrize("knot", [0.5, 0.8, 1.0])
def test_a_knot_is_a_ball_on_the_back_of_the_head(knot: float) -> None:
    person = replace(sample_person(WOMAN, 4), knot=knot)
    hair = head_hair(person, regions.mean_head(), 0.1)
    assert hair is not None
    ball = knot_hair(person, hair, 0.2)
    assert ball is not None
    away = np.linalg.norm(ball.points - knot_of(person), axis=2)
    assert 0.01 < away.min() < away.max() < 0.04
    assert knot_of(person)[2] < -0.1
    ends = np.linalg.norm(hair.points[:, -1] - knot_of(person), axis=1)
    assert np.median(ends) < 0.06


def test_hair_tied_at_the_nape_falls_over_a_shoulder() -> None:
    person, skin = replace(sample_person(WOMAN, 4), knot=0.0), regions.mean_head()
    hair = head_hair(person, skin, 0.1)
    assert hair is not None
    assert knot_hair(person, hair, 0.2) is None
    tail = tail_hair(person, hair, 0.2, skin)
    assert tail is not None
    begin, end = tail.points[:, 0].mean(axis=0), tail.points[:, -1].mean(axis=0)
    assert begin[2] < -0.15 < end[2]
    assert end[1] < -0.25
    assert abs(end[0]) > 0.05
    assert tail_hair(replace(person, knot=1.0), hair, 0.2, skin) is None


def test_other_hair_has_no_knot() -> None:
    person = sample_person(WOMAN | {"hair_style": "long"}, 4)
    hair = head_hair(person, regions.mean_head(), 0.1)
    assert hair is not None
    assert knot_hair(person, hair, 0.2) is None
    assert loose_hair(person, regions.mean_head(), 0.2) is None


def test_loose_locks_hang_before_the_ears() -> None:
    locks = loose_hair(sample_person(WOMAN, 4), regions.mean_head(), 1.0)
    assert locks is not None
    tips = locks.points[:, -1]
    assert (regions.azimuth(tips) > 40).mean() > 0.9
    assert np.median(tips[:, 1]) < -0.02


def test_a_plait_is_three_ropes_around_its_run() -> None:
    run = np.zeros((2, 60, 3))
    run[..., 1] = -np.linspace(0, 0.3, 60)
    run[1, :, 0] = 0.1
    ropes = plaited(np.random.default_rng(1), run, 0.002)
    assert ropes.shape == (6, 60, 3)
    away = np.linalg.norm(ropes - np.concatenate([run] * 3), axis=2)
    assert 0.001 < away.min() <= away.max() < 0.0025
    middle = ropes.reshape(3, 2, 60, 3).mean(axis=0)
    np.testing.assert_allclose(middle, run, atol=1e-5)
