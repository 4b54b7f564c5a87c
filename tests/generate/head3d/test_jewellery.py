"""Earrings hang at the lobes and turn with the head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewright.generate.head3d import eyes
from facewright.generate.head3d.jewellery import earring_parts
from facewright.generate.head3d.person import sample_person
from facewright.generate.head3d.shape import neck_joint


@pytest.mark.parametrize("kind", ["stud", "hoop", "drop"])
def test_earrings_hang_at_both_lobes(kind: str) -> None:
    person = replace(sample_person({"sex": "female", "age": 30}, 4), earrings=kind)
    head = eyes.neutral_mean()
    (part,) = earring_parts(person, head, neck_joint(head), np.eye(3))
    x, y, z = part.vertices.T
    assert (np.abs(x) > 0.055).all()
    assert (x > 0).mean() == pytest.approx(0.5)
    assert -0.11 < y.min() < y.max() < -0.02
    assert -0.12 < z.min() < z.max() < -0.03
    assert part.material.metal == 1


def test_earrings_turn_with_the_head() -> None:
    person = replace(sample_person({"sex": "female", "age": 30}, 4), earrings="drop")
    head, still = eyes.neutral_mean(), np.zeros(3)
    quarter = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    (front,) = earring_parts(person, head, still, np.eye(3))
    (turned,) = earring_parts(person, head, still, quarter)
    np.testing.assert_allclose(turned.vertices, front.vertices @ quarter.T, atol=1e-5)


def test_nobody_has_to_wear_any() -> None:
    person = replace(sample_person({"age": 30}, 4), earrings="none")
    assert earring_parts(person, eyes.neutral_mean(), np.zeros(3), np.eye(3)) == []


def test_earrings_can_be_ordered_and_men_seldom_wear_any() -> None:
    assert sample_person({"earrings": "hoop"}, 1).earrings == "hoop"
    men = [sample_person({"sex": "male", "age": 40}, k).earrings for k in range(60)]
    women = [sample_person({"sex": "female", "age": 40}, k).earrings for k in range(60)]
    assert sum(kind != "none" for kind in men) < 8
    assert 20 < sum(kind != "none" for kind in women) < 55
    girls = {sample_person({"sex": "female", "age": 8}, k).earrings for k in range(60)}
    assert girls <= {"none", "stud"}
