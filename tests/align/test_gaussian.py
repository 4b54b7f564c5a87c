import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from facewright.align.gaussian import gaussian_blur, gaussian_kernel

SHAPES = [(1, 1), (1, 50), (7, 3), (300, 200), (500, 531), (64, 200)]


@pytest.mark.parametrize("sigma", [0.6, 3.4, 12.3, 28.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_equals_scipy_to_the_bit(shape, sigma):
    rng = np.random.default_rng(3)
    planes = [
        rng.integers(0, 256, shape),
        rng.integers(0, 2, shape) * 255,
        rng.random(shape) * 255,
        np.zeros(shape),
        np.full(shape, 255),
    ]
    for plane in (plane.astype(np.float32) for plane in planes):
        assert np.array_equal(gaussian_blur(plane, sigma), gaussian_filter(plane, sigma))


def test_doubtful_sums_are_done_again_in_order(monkeypatch):
    # With the error bound blown up, every pixel is doubtful, and the result is still SciPy's.
    monkeypatch.setattr("facewright.align.gaussian.ORDER_ERROR", 1e9)
    plane = np.random.default_rng(0).integers(0, 256, (90, 70)).astype(np.float32)
    assert np.array_equal(gaussian_blur(plane, 5.0), gaussian_filter(plane, 5.0))


def test_kernel_is_a_mean():
    kernel = gaussian_kernel(2.0)
    assert len(kernel) == 17
    assert kernel.sum() == pytest.approx(1)
