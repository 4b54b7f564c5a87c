"""The density against SciPy's and against what was published."""

import numpy as np
import pytest
from scipy.stats import gaussian_kde

from facewright.camera.density import KernelDensity, scott_factor
from facewright.camera.replicas import lpff_keeps
from facewright.errors import UsageError


@pytest.mark.parametrize("count", [5, 300, 3000])
def test_values_are_scipys(count):
    rng = np.random.default_rng(count)
    samples = rng.multivariate_normal((1.5, 1.4), [[0.07, 0.01], [0.01, 0.02]], count)
    points = np.concatenate([samples, rng.uniform(0, 3, (500, 2))])
    theirs = gaussian_kde(samples.T)(points.T)
    np.testing.assert_allclose(KernelDensity.fit(samples)(points), theirs, atol=1e-11, rtol=1e-9)


def test_a_given_factor_is_scipys():
    samples = np.random.default_rng(0).normal(size=(200, 2))
    theirs = gaussian_kde(samples.T, bw_method=0.3)(samples.T)
    np.testing.assert_allclose(KernelDensity.fit(samples, 0.3)(samples), theirs, rtol=1e-9)


def test_the_published_cameras(ffhq_angles):
    """The numbers of LPFF's preparation; its peak is quoted as 7.09, its rare share as 12 %."""
    assert scott_factor(len(ffhq_angles)) == pytest.approx(0.138789, abs=5e-7)
    degrees = np.degrees(ffhq_angles)
    assert degrees.min(axis=0) == pytest.approx((8.96, 50.98), abs=0.005)
    assert degrees.max(axis=0) == pytest.approx((171.04, 135.59), abs=0.005)
    assert degrees.mean(axis=0) == pytest.approx((90, 84.79), abs=0.005)
    assert degrees.std(axis=0) == pytest.approx((15.49, 7.37), abs=0.005)
    density = KernelDensity.fit(ffhq_angles)
    values = density(ffhq_angles)
    assert values.max() == pytest.approx(7.147, abs=1e-3)
    assert lpff_keeps(values).mean() == pytest.approx(0.1139, abs=1e-4)
    upright = density(np.radians([(90, phi) for phi in range(60, 111)]))
    assert np.flatnonzero(~lpff_keeps(upright))[[0, -1]].tolist() == [9, 40]  # phi 69..100
    across = density(np.radians([(theta, 85) for theta in range(40, 141)]))
    assert np.flatnonzero(~lpff_keeps(across))[[0, -1]].tolist() == [17, 83]  # theta 57..123


def test_the_published_cameras_are_dense_as_scipy_says(ffhq_angles):
    some = ffhq_angles[:: len(ffhq_angles) // 100]
    theirs = gaussian_kde(ffhq_angles.T)(some.T)
    whole = KernelDensity.fit(ffhq_angles)(ffhq_angles)[:: len(ffhq_angles) // 100]
    np.testing.assert_allclose(whole, theirs, atol=1e-9)


@pytest.mark.parametrize(
    ("samples", "what"),
    [
        (np.zeros((5, 3)), "shape"),
        ([(0, 0), (1, np.nan), (2, 1)], "finite"),
        ([(0, 0), (1, 1)], "3 samples"),
        ([(0, 0), (1, 1), (2, 2)], "one line"),
        (np.ones((9, 2)), "one line"),
    ],
)
def test_samples_without_a_density(samples, what):
    with pytest.raises(UsageError, match=what):
        KernelDensity.fit(samples)
