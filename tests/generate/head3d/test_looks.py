"""Colours, light and development: what can be said of looks without looking."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facewright.errors import UsageError
from facewright.generate.head3d import regions, wrinkles
from facewright.generate.head3d.colour import LUMINANCE, skin_albedo, to_linear, to_srgb
from facewright.generate.head3d.eyewear import glasses_parts
from facewright.generate.head3d.finish import develop, diffuse_skin, set_before, tone
from facewright.generate.head3d.lights import Light, directions, light_world
from facewright.generate.head3d.parts import Radiance
from facewright.generate.head3d.person import sample_person
from facewright.generate.head3d.scene.variant import newest_llvm
from facewright.generate.head3d.skin import skin_maps


def test_srgb_goes_there_and_back() -> None:
    values = np.linspace(0, 1, 101)
    np.testing.assert_allclose(to_srgb(to_linear(values)), values, atol=1e-4)


def test_deeper_tones_are_darker_and_all_are_warm() -> None:
    albedos = np.array([skin_albedo(t) for t in range(3, 11)])
    assert (np.diff(albedos @ LUMINANCE) < 0).all()
    assert (albedos[:, 0] >= albedos[:, 1]).all()
    assert (albedos[:, 1] >= albedos[:, 2]).all()
    assert albedos.max() < 0.75


@pytest.mark.parametrize("azimuth", [-60.0, 0.0, 75.0])
def test_the_brightest_part_stands_where_wanted(azimuth: float) -> None:
    world = light_world(Light("sunset", azimuth=azimuth)).lighting.world @ LUMINANCE
    towards = directions(*world.shape)
    brightest = towards[np.unravel_index(int(world.argmax()), world.shape)]
    found = np.degrees(np.arctan2(brightest[0], brightest[2]))
    assert found == pytest.approx(azimuth, abs=12)


def test_unknown_lights_are_refused() -> None:
    with pytest.raises(UsageError, match="studio"):
        Light("moonbase")


def test_tone_rises_from_black_to_white() -> None:
    shown = tone(np.repeat(np.linspace(0, 20, 400)[:, None], 3, axis=1))[:, 0]
    assert (np.diff(shown) >= -1e-6).all()
    assert shown[0] == pytest.approx(0, abs=1e-3)
    assert shown[-1] > 0.97


def test_diffusion_keeps_flat_light_and_what_is_no_skin() -> None:
    flat = np.full((32, 32, 3), 0.2, np.float32)
    whole, none = np.ones((32, 32), np.float32), np.zeros((32, 32), np.float32)
    image = Radiance(flat, whole, np.full_like(flat, 0.4), flat, whole)
    np.testing.assert_allclose(diffuse_skin(image, 1.0), flat, atol=1e-3)
    other = Radiance(flat, whole, np.full_like(flat, 0.4), flat, none)
    np.testing.assert_array_equal(diffuse_skin(other, 1.0), flat)


def test_development_is_seeded() -> None:
    grey = np.full((16, 16, 3), 0.2, np.float32)

    def make() -> np.ndarray:
        return develop(grey, np.random.default_rng(3))

    np.testing.assert_array_equal(make(), make())


def test_sharpening_leaves_flat_parts_and_adds_no_halo() -> None:
    step = np.zeros((64, 64, 3), np.float32)
    step[:, 32:] = 0.3
    shown = develop(step, np.random.default_rng(3)).astype(float)
    flat, bright = shown[:, :8].mean(), shown[:, -8:].mean()
    assert shown[:, 33:36].mean() - bright < 0.12 * (bright - flat)


def test_the_background_shows_where_the_figure_does_not_cover() -> None:
    colour, behind = np.zeros((8, 8, 3), np.float32), np.full((8, 8, 3), 0.5, np.float32)
    coverage = np.zeros((8, 8), np.float32)
    coverage[:, :4] = 1
    image = Radiance(colour, coverage, colour, colour, coverage)
    whole = set_before(image, behind, 1.0, 0.0).colour
    assert (whole[:, :4] == 0).all()
    assert (whole[:, 4:] > 0.1).all()


@pytest.mark.slow
def test_maps_are_seeded_and_in_range() -> None:
    person = sample_person({"sex": "female", "age": 60, "skin_tone": 3, "freckles": 1.0}, 2)
    maps = skin_maps(person)
    assert maps.albedo.min() > 0
    assert maps.albedo.max() < 0.9
    assert 0.2 < maps.roughness.min() <= maps.roughness.max() < 0.8
    np.testing.assert_array_equal(maps.albedo, skin_maps(person).albedo)


def test_ordered_tones_colour_the_skin() -> None:
    levels = []
    for skin_tone in (2, 5, 8):
        person = sample_person({"skin_tone": skin_tone, "sex": "male", "age": 30}, 2)
        levels.append(float(np.median(skin_maps(person).albedo @ LUMINANCE)))
    assert levels[0] > levels[1] > levels[2]


def test_only_a_new_llvm_is_taken() -> None:
    paths = ["/usr/lib/x/libLLVM-14.so.1", "/usr/lib/x/libLLVM-15.so.1", "/usr/lib/x/libLLVM-15.so"]
    assert newest_llvm([Path(p) for p in paths]) is None
    newer = [*paths, "/usr/lib/x/libLLVM.so.19.1", "/usr/lib/llvm-21/lib/libLLVM.so"]
    assert newest_llvm([Path(p) for p in newer]) == Path("/usr/lib/llvm-21/lib/libLLVM.so")


@pytest.mark.parametrize("kind", ["round", "square", "sun"])
def test_glasses_sit_before_the_eyes_and_turn_with_the_head(kind: str) -> None:
    skin = regions.mean_head()
    pivot, still = np.zeros(3), np.eye(3)
    parts = glasses_parts(kind, skin, pivot, still)
    assert [part.name for part in parts] == ["glasses", *(["lenses"] if kind == "sun" else [])]
    frame = parts[0].vertices
    rims = frame[frame[:, 2] > frame[:, 2].max() - 0.012]
    assert rims[:, 2].min() > skin[np.abs(skin[:, 0] - 0.029) < 0.01, 2].mean()
    quarter = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    turned = glasses_parts(kind, skin, pivot, quarter)[0].vertices
    np.testing.assert_allclose(turned, frame @ quarter.T, atol=1e-5)
    assert glasses_parts("none", skin, pivot, still) == []


def test_lines_deepen_with_age_and_children_have_none() -> None:
    none, some, many = (
        wrinkles.depths(years, np.random.default_rng(1), male=True) for years in (12, 45, 75)
    )
    assert not any(none.values())
    assert all(0 < some[key] < many[key] for key in wrinkles.LINES)
    softer = wrinkles.depths(75, np.random.default_rng(1), male=False)
    assert softer["brow folds"] < many["brow folds"]
