"""Hair of several colours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewright.generate.head3d import regions
from facewright.generate.head3d.person import sample_person
from facewright.generate.head3d.shades import HAIR, in_shades
from facewright.generate.head3d.strands import head_hair


def _shades(colour: str, greying: float) -> dict[str, int]:
    drawn = sample_person({"hair_style": "crop", "hair_colour": colour}, 4)
    person = replace(drawn, greying=greying)
    hair = head_hair(person, regions.mean_head(), 0.2)
    assert hair is not None
    bundles = in_shades(hair, person)
    assert sum(len(bundle.points) for bundle in bundles) == len(hair.points)
    return {bundle.name: len(bundle.points) for bundle in bundles}


@pytest.mark.parametrize("colour", ["black", "auburn", "blond", "white"])
def test_locks_are_lighter_and_darker(colour: str) -> None:
    found = _shades(colour, 0.0)
    assert set(found) == {"hair", "hair-light", "hair-dark"}
    assert min(found.values()) > 0.1 * sum(found.values())


@pytest.mark.parametrize("greying", [0.2, 0.8])
def test_as_many_hairs_are_white_as_named(greying: float) -> None:
    found = _shades("grey", greying)
    share = found["hair-white"] / sum(found.values())
    assert share == pytest.approx(greying, abs=0.05)


def test_what_is_left_of_grey_hair_has_pigment() -> None:
    person = replace(sample_person({"hair_style": "crop", "hair_colour": "grey"}, 4), greying=0.5)
    hair = head_hair(person, regions.mean_head(), 0.1)
    assert hair is not None
    by_name = {bundle.name: bundle.hair for bundle in in_shades(hair, person)}
    assert by_name["hair"].eumelanin > 1
    assert by_name["hair-white"] == HAIR["white"]


def test_shades_are_the_persons_own() -> None:
    assert _shades("brown", 0.1) == _shades("brown", 0.1)


def test_locks_hold_together() -> None:
    person = sample_person({"hair_style": "crop", "hair_colour": "brown"}, 4)
    hair = head_hair(person, regions.mean_head(), 0.5)
    assert hair is not None
    roots = np.concatenate([b.points[:, 0] for b in in_shades(hair, replace(person, greying=0.0))])
    names = np.repeat(
        range(3), [len(b.points) for b in in_shades(hair, replace(person, greying=0.0))]
    )
    apart = ((roots[:300, None] - roots[None]) ** 2).sum(axis=2)
    apart[np.arange(300), np.arange(300)] = np.inf
    same = (names[:300] == names[apart.argmin(axis=1)]).mean()
    assert same > 0.5
