import numpy as np
import pytest

from facewright.align.ffhq import warp_quad
from facewright.align.warp import plan_for, warp_square


def leaning(side, angle=0.2, centre=(330.0, 300.0)):
    half = side / 2
    x = half * np.array([np.cos(angle), np.sin(angle)])
    y = np.array([-x[1], x[0]])
    c = np.array(centre)
    return np.stack([c - x - y, c - x + y, c + x + y, c + x - y])


@pytest.mark.parametrize(("side", "size"), [(120, 256), (300, 256), (400, 256), (400, 128)])
def test_near_the_published_warp(natural, psnr, side, size):
    rgba = np.dstack([natural, natural[..., :1]])
    exact = warp_quad(natural, leaning(side), size, 4 * size)
    fast = warp_square(rgba, leaning(side), size)
    assert psnr(fast, exact) > 51
    assert abs(fast.astype(float).mean() - exact.astype(float).mean()) < 0.1


def test_sampling_grows_with_the_face():
    plans = [plan_for(side, 1024) for side in (300, 900, 1000, 2000, 9000)]
    assert [plan.factor for plan in plans] == [1, 1, 2, 2, 4]
    assert plan_for(400, 512).factor == 2


@pytest.mark.parametrize("size", [16, 17, 1000])
@pytest.mark.parametrize("side", [10, 50, 300])
def test_flat_stays_flat_at_any_size(size, side):
    rgba = np.full((700, 700, 4), 90, np.uint8)
    out = warp_square(rgba, leaning(side), size)
    assert out.shape == (size, size, 3)
    assert (out == 90).all()
