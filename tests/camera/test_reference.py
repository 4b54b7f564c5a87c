"""The table that ships against the density it stands for."""

import numpy as np
import pytest

from facewright.camera import reference
from facewright.camera.density import KernelDensity
from facewright.camera.reference import ERROR, ffhq_density
from facewright.camera.replicas import lpff_keeps


def test_against_the_exact_density(ffhq_angles):
    exact = KernelDensity.fit(ffhq_angles)
    values, read = exact(ffhq_angles), ffhq_density()(ffhq_angles)
    assert np.abs(read - values).max() < ERROR
    near = (values > 0.3) & (values < 0.5)
    assert np.abs(read - values)[near].max() < 4e-5
    np.testing.assert_array_equal(lpff_keeps(read), lpff_keeps(values))
    rng = np.random.default_rng(3)
    anywhere = np.radians(rng.uniform((0, 20), (180, 170), (20_000, 2)))
    assert np.abs(ffhq_density()(anywhere) - exact(anywhere)).max() < ERROR


def test_what_it_says_without_the_angles():
    density = ffhq_density()
    assert density(np.radians([(90, 84.25)]))[0] == pytest.approx(7.14, abs=0.01)
    seen = density(np.radians([(60, 80), (120, 80)]))
    assert seen[0] == pytest.approx(seen[1])
    mass = np.stack(np.meshgrid(np.arange(0, 180, 0.5), np.arange(30, 160, 0.5)), -1)
    assert density(np.radians(mass.reshape(-1, 2))).sum() * np.radians(0.5) ** 2 == pytest.approx(
        1, abs=1e-3
    )


def test_far_away_it_is_zero():
    far = np.radians([(90, -170), (-900, 90), (90, 5000), (0, 0), (180, 180)])
    assert ffhq_density()(far).tolist() == [0.0] * 5
    assert reference.ffhq_density() is ffhq_density()
