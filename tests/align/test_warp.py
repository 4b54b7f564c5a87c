import numpy as np
import pytest

from facewright.align.ffhq import warp_quad
from facewright.align.warp import plan_for, roughness, warp_square


def leaning(side, angle=0.2, centre=(330.0, 300.0)):
    half = side / 2
    x = half * np.array([np.cos(angle), np.sin(angle)])
    y = np.array([-x[1], x[0]])
    c = np.array(centre)
    return np.stack([c - x - y, c - x + y, c + x + y, c + x - y])


@pytest.mark.parametrize("angle", [0.2, -0.2, 0.0])
@pytest.mark.parametrize(("side", "size"), [(120, 256), (300, 256), (400, 256), (400, 128)])
def test_near_the_published_warp(natural, psnr, side, size, angle):
    exact = warp_quad(natural, leaning(side, angle), size, 4 * size)
    fast = warp_square(natural, leaning(side, angle), size)
    assert psnr(fast, exact) > 51
    assert abs(fast.astype(float).mean() - exact.astype(float).mean()) < 0.1


def test_sampling_grows_with_the_face_and_its_roughness():
    assert [plan_for(ratio, 50.0).factor for ratio in (0.3, 0.9, 1.3, 2.0, 3.0)] == [1, 1, 2, 2, 4]
    assert plan_for(0.9, 5000.0).factor == 2
    assert plan_for(0.2, 5000.0).factor == 1


def test_roughness_is_the_mean_square_of_the_second_difference():
    rgba = np.zeros((40, 50, 4), np.uint8)
    assert roughness(rgba) == 0
    rgba[:, ::2] = 10
    assert roughness(rgba) == pytest.approx(20**2 / 2)
    assert roughness(rgba[:2, :2]) == 0


def test_noise_is_not_taken_the_short_way(psnr):
    noise = np.random.default_rng(0).integers(0, 120, (640, 720, 3)).astype(np.uint8)
    fast = warp_square(np.dstack([noise, noise[..., :1]]), leaning(200), 256)
    assert psnr(fast, warp_quad(noise, leaning(200), 256, 1024)) > 40


@pytest.mark.parametrize("size", [16, 17, 1000])
@pytest.mark.parametrize("side", [10, 50, 300])
def test_flat_stays_flat_at_any_size(size, side):
    rgba = np.full((700, 700, 4), 90, np.uint8)
    out = warp_square(rgba, leaning(side), size)
    assert out.shape == (size, size, 3)
    assert (out == 90).all()
