"""A scene as plain data."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from facewright.generate.head3d.cycles.translate import CyclesEffort, absorption, translate
from facewright.generate.head3d.parts import Hair, Material

EFFORT = CyclesEffort(8, 0.01, 1)
BROWN = Hair(1.0, 0.5, (0.1, 0.1, 0.1))


def test_everything_of_a_scene_is_told(small):
    lamp = ((0.0, 0.6, 0.8), (3.0, 2.0, 1.0))
    tree = translate(
        small.scene([small.ball()], key=(lamp,), strands=(small.bundle(BROWN),)), 64, EFFORT, 7
    )
    assert tree["camera"] == {"position": [0.0, 0.0, 0.8], "fov": 20.0, "size": 64}
    assert tree["lamps"] == [
        {"position": pytest.approx([0, 0.9, 1.2]), "side": 0.7, "radiance": [3.0, 2.0, 1.0]}
    ]
    part, hair = tree["parts"][0], tree["strands"][0]
    assert part["triangles"].dtype == np.int32
    assert part["uv"].shape == (part["triangles"].size, 2)
    assert hair["points"].shape == (3, 5, 3)
    assert hair["radius"] == pytest.approx(np.linspace(1, 0.4, 5) * 0.001)
    assert tree["effort"]["seed"] == 7
    assert "bpy" not in sys.modules


def test_textures_run_up_in_blender(small):
    ball = small.ball()
    corners = translate(small.scene([ball]), 64, EFFORT, 0)["parts"][0]["uv"]
    np.testing.assert_allclose(1 - corners[:, 1], ball.uv[ball.triangle_uv].reshape(-1, 2)[:, 1])


def test_pictures_stay_pictures_and_numbers_numbers(small):
    picture = np.full((4, 5, 3), 0.25)
    material = Material("skin", picture, roughness=np.full((4, 5), 0.5), bump=np.zeros((4, 5)))
    told = translate(small.scene([small.ball(material=material)]), 64, EFFORT, 0)
    told = told["parts"][0]["material"]
    assert told["colour"].dtype == np.float32
    assert told["roughness"].shape == told["bump"].shape == (4, 5)
    assert told["alpha"] is None
    assert isinstance(told["specular"], float)


def test_noise_is_clamped_in_units_of_the_world(small):
    dim, bright = (
        translate(small.scene([], world=small.DARK * gain), 64, EFFORT, 0)["effort"]["clamp"]
        for gain in (1, 10)
    )
    assert bright == pytest.approx(10 * dim)


def test_pigments_absorb_blue_most_and_grey_hair_says_it_itself():
    red, green, blue = absorption(BROWN)
    assert red < green < blue
    assert (red, green, blue) == pytest.approx((0.5125, 0.897, 1.895))
    grey = Hair(0, 0, (0.2, 0.2, 0.2), absorption=(0.1, 0.2, 0.3))
    assert absorption(grey).tolist() == [0.1, 0.2, 0.3]
