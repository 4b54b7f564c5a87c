"""Hair starts on the skin where it should and stays off the face."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facewright.generate.head3d import regions, shape, words
from facewright.generate.head3d.facial_hair import beard_strands, brow_strands
from facewright.generate.head3d.person import sample_person
from facewright.generate.head3d.roots import scatter
from facewright.generate.head3d.scene.mitsuba import curve_text
from facewright.generate.head3d.shades import HAIR
from facewright.generate.head3d.strands import fringe_hair, head_hair
from facewright.generate.head3d.styles import STYLES


def test_every_word_has_a_style_and_a_colour() -> None:
    assert set(STYLES) | {"bald"} == set(words.HAIR_STYLES)
    assert set(HAIR) == set(words.HAIR_COLOURS)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_strands_are_finite_and_leave_the_eyes_free(style: str) -> None:
    skin = regions.mean_head()
    hair = head_hair(sample_person({"hair_style": style}, 4), skin, 0.1)
    assert hair is not None
    assert np.isfinite(hair.points).all()
    tips = hair.points.reshape(-1, 3)
    over_eyes = (np.abs(tips[:, 0]) < 0.045) & (np.abs(tips[:, 1]) < 0.012) & (tips[:, 2] > 0)
    assert over_eyes.mean() < 0.003


@pytest.mark.parametrize("style", ["long", "wavy"])
def test_long_hair_falls_past_the_neck_and_outside_of_it(style: str) -> None:
    skin = regions.mean_head()
    hair = head_hair(sample_person({"hair_style": style}, 4), skin, 0.1)
    assert hair is not None
    tips = hair.points[:, -1]
    assert (tips[:, 1] < -0.13).mean() > 0.7
    ends = hair.points[:, -4:]
    run = np.linalg.norm(ends[:, -1] - ends[:, 0], axis=1)
    steps = np.linalg.norm(np.diff(ends, axis=1), axis=2).sum(axis=1)
    assert np.median(run / steps) > 0.8  # they hang, and do not curl up on the shoulders
    throat = np.hypot(tips[:, 0], tips[:, 2] + 0.09) < 0.035
    assert (throat & (tips[:, 1] > -0.2)).mean() < 0.02


def test_a_bob_ends_above_the_shoulders() -> None:
    hair = head_hair(sample_person({"hair_style": "bob"}, 4), regions.mean_head(), 0.1)
    assert hair is not None
    assert (hair.points[..., 1] < -0.15).mean() < 0.02


def test_bald_heads_have_none() -> None:
    assert head_hair(sample_person({"bald": True}, 4), regions.mean_head(), 1.0) is None


def test_fewer_strands_are_thicker() -> None:
    person, skin = sample_person({"hair_style": "crop"}, 4), regions.mean_head()
    few, many = head_hair(person, skin, 0.25), head_hair(person, skin, 1.0)
    assert few is not None
    assert many is not None
    assert len(few.points) < 0.4 * len(many.points)
    assert few.radius == pytest.approx(2 * many.radius)


def test_beards_keep_off_lips_and_cheeks() -> None:
    person = sample_person({"sex": "male", "age": 40, "beard": "full"}, 4)
    for bundle in beard_strands(person, regions.mean_head(), 0.5):
        roots = bundle.points[:, 0]
        assert (regions.lips(roots) > 0.5).mean() < 0.02
        assert roots[:, 1].max() < 0.01


def test_brows_are_two() -> None:
    brows = brow_strands(sample_person({}, 4), regions.mean_head(), 0.5).points[:, 0]
    assert 0.3 < (brows[:, 0] > 0).mean() < 0.7
    assert (brows[:, 1] > 0.005).all()


@pytest.mark.parametrize("region", [regions.scalp, regions.beard, regions.moustache, regions.brow])
def test_densities_are_shares_and_symmetric(region: object) -> None:
    points = regions.mean_head()
    density = region(points)
    assert density.min() >= 0
    assert density.max() <= 1
    np.testing.assert_allclose(density, region(points * (-1, 1, 1)), atol=1e-5)


def test_roots_lie_on_the_skin() -> None:
    roots = scatter(np.random.default_rng(0), 500, regions.scalp)
    points = roots.on(regions.mean_head())
    assert (regions.scalp(points) > 0).mean() > 0.95
    assert shape.fine_triangles()[roots.triangle].shape[1] == 3


def test_a_fringe_ends_above_the_eyes() -> None:
    person = replace(sample_person({"hair_style": "bob"}, 4), fringe=0.045)
    fringe = fringe_hair(person, regions.mean_head(), 0.3)
    assert fringe is not None
    assert fringe.points[..., 1].min() > 0.005
    assert fringe_hair(replace(person, fringe=0.0), regions.mean_head(), 0.3) is None


def test_curve_files_hold_every_strand_and_one_that_is_never_hit() -> None:
    brows = brow_strands(sample_person({}, 4), regions.mean_head(), 0.1)
    blocks = curve_text(brows).strip().split("\n\n")
    assert len(blocks) == len(brows.points) + 1
    rows = np.array([[float(x) for x in line.split()] for line in blocks[0].splitlines()])
    assert rows.shape == (brows.points.shape[1] + 2, 4)
    np.testing.assert_allclose(rows[1, :3], brows.points[0, 0], atol=1e-5)
    assert float(blocks[-1].split()[1]) < -2
