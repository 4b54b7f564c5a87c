import dataclasses

import numpy as np
import pytest

from facewright.align.base import alignment
from facewright.align.fast import METFACES_FAST, REALIGN1500_FAST, REALIGN2400_FAST
from facewright.errors import UsageError


def placed(face68, centre, scale):
    return (face68 - face68.mean(axis=0)) * scale + centre


@pytest.mark.slow
@pytest.mark.parametrize("fast", [METFACES_FAST, REALIGN1500_FAST, REALIGN2400_FAST])
@pytest.mark.parametrize("place", [((350, 320), 1.0), ((180, 300), 1.6)])
def test_near_the_exact_crop(natural, face68, psnr, fast, place):
    landmarks = placed(face68, *place)
    size = fast.default_size
    exact = dataclasses.replace(fast.exact, min_picture=0)
    near = dataclasses.replace(fast, exact=exact).crop(natural, landmarks, size)
    true = exact.crop(natural, landmarks, size)
    assert psnr(near.pixels, true.pixels) > 48
    assert np.array_equal(near.quad, true.quad)
    assert (near.outside, near.padded) == (true.outside, true.padded)


def test_names_and_sizes():
    for name in ("metfaces-fast", "realign1500-fast", "realign2400-fast"):
        exact = alignment(name.removesuffix("-fast"))
        assert alignment(name).default_size == exact.default_size
    with pytest.raises(UsageError, match="realign1500-fast:1500"):
        REALIGN1500_FAST.check_size(512)
