"""The process with Blender: what is asked of it, what it gives, how it fails."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from facewright.errors import FacewrightError
from facewright.generate.head3d.cycles import renderer
from facewright.generate.head3d.cycles.place import VARIABLE
from facewright.generate.head3d.parts import Hair, Material


def test_larger_pictures_take_fewer_paths_a_pixel():
    found = [renderer.samples(size) for size in (64, 256, 320, 512, 1024)]
    assert found == sorted(found, reverse=True)
    assert found[0] == 64
    assert found[-1] == 18


def test_what_blender_says_last_is_told(small, monkeypatch, tmp_path):
    if sys.platform == "win32":
        pytest.skip("a shell script stands in for Python")
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\necho talk\necho 'out of memory' >&2\nexit 3\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(script))
    with pytest.raises(FacewrightError, match="out of memory"):
        renderer.render_scene(small.scene([small.ball()]), 16, 1)


def test_a_render_that_ends_well_with_nothing_written_is_an_error(small, monkeypatch):
    if sys.platform == "win32":
        pytest.skip("`true` stands in for Python")
    monkeypatch.setenv(VARIABLE, "/bin/true")
    with pytest.raises(FacewrightError, match="it said nothing"):
        renderer.render_scene(small.scene([small.ball()]), 16, 1)


@pytest.mark.slow
@pytest.mark.usefixtures("bpy")
class TestCycles:
    """What Cycles shows is where the truth says, as bright as Mitsuba shows it."""

    def test_a_ball_is_where_it_is_projected_to(self, small):
        centre = np.array([0.03, 0.05, 0.0])
        image = renderer.render_scene(small.scene([small.ball(centre)]), 64, 1)
        rows, columns = np.mgrid[0:64, 0:64]
        weight = image.coverage / image.coverage.sum()
        x, y, _ = small.CAMERA.project(centre[None], 64)[0]
        assert (weight * columns).sum() == pytest.approx(x, abs=0.25)
        assert (weight * rows).sum() == pytest.approx(y, abs=0.25)

    def test_same_seed_same_pixels_whatever_the_threads(self, small, monkeypatch):
        skin = Material("skin", (0.6, 0.4, 0.3), roughness=0.5)
        hair = small.bundle(Hair(1.0, 0.2, (0.1, 0.1, 0.1)))
        scene = small.scene([small.ball(material=skin)], world=small.DARK * 1e4, strands=(hair,))
        one = renderer.render_scene(scene, 32, 5)
        monkeypatch.setattr(renderer, "threads", lambda: 3)
        two = renderer.render_scene(scene, 32, 5)
        other = renderer.render_scene(scene, 32, 6)
        np.testing.assert_array_equal(one.colour, two.colour)
        assert (other.colour != one.colour).any()
        assert one.skin.max() == 0  # nothing is left to spread
        assert one.facts["skin"].max() == pytest.approx(1)
        assert one.coverage[8:12].max() > 0.2  # hair over the ball

    def test_a_lamp_is_as_bright_as_it_says(self, small):
        """Light of a square lamp on a small surface that faces its middle: its form factor."""
        lamp = ((0.0, 0.0, 1.0), (10.0, 5.0, 2.5))
        image = renderer.render_scene(small.scene([small.ball()], key=(lamp,)), 48, 1)
        shown = image.colour[23:25, 23:25].mean(axis=(0, 1))
        reach = 0.35 / np.hypot(0.35, 1.5 - small.RADIUS)
        factor = 4 / np.pi * reach * np.arctan(reach)
        np.testing.assert_allclose(shown, 0.5 * np.array(lamp[1]) * factor, rtol=0.05)

    def test_the_world_lights_from_where_it_is_bright(self, small):
        """Columns run from azimuth +180 to -180: the first quarter's end is at the right."""
        world = np.full((16, 32, 3), 1e-4, np.float32)
        world[4:8, 6:10] = 50.0  # azimuth about +90, above the horizon
        image = renderer.render_scene(small.scene([small.ball()], world=world), 48, 1)
        light = image.colour.mean(axis=2)
        assert light[:, 24:].sum() > 5 * light[:, :24].sum()
        assert light[:24].sum() > 2 * light[24:].sum()

    def test_silhouette_and_light_agree_with_mitsuba(self, small):
        pytest.importorskip("mitsuba", reason="Mitsuba is in the extra `generate`")
        from facewright.generate.head3d.scene import mitsuba

        rng = np.random.default_rng(3)
        world = rng.uniform(0.2, 2.0, (16, 32, 3)).astype(np.float32)
        lamp = ((0.5, 0.3, 0.81), (4.0, 4.0, 4.0))
        scene = small.scene([small.ball((0.02, 0.01, 0.0))], world=world, key=(lamp,))
        ours, theirs = (
            renderer.render_scene(scene, 64, 1),
            mitsuba.render_scene(scene, 64, 64, 1),
        )
        one, two = ours.coverage > 0.5, theirs.coverage > 0.5
        assert (one & two).sum() / (one | two).sum() > 0.99
        inside = one & two
        np.testing.assert_allclose(
            ours.colour[inside].mean(axis=0), theirs.colour[inside].mean(axis=0), rtol=0.05
        )
