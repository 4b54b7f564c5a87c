import numpy as np
import pytest

from facewright.align.lowpass import MARGIN, reduce_to_8_bits, sharpening_taps
from facewright.align.resample import LANCZOS, resize_window


@pytest.mark.parametrize("factor", [2, 4])
def test_kernel_keeps_the_mean_and_is_symmetric(factor):
    taps = np.array(sharpening_taps(factor))
    assert taps.sum() == pytest.approx(1)
    assert np.allclose(taps, taps[::-1])


@pytest.mark.parametrize("factor", [2, 4])
def test_flat_stays_flat(factor):
    for level in (0, 1, 77, 254, 255):
        fine = np.full((64, 64, 4), level << 8, np.uint16)
        assert (reduce_to_8_bits(fine, factor) == level).all()


@pytest.mark.parametrize("factor", [2, 4])
def test_near_lanczos(natural, factor):
    small = reduce_to_8_bits(np.dstack([natural, natural[..., :1]]).astype(np.uint16) << 8, factor)
    # Pixel x is centred on pixel factor x: the reference reads a picture moved by half the rest.
    double = resize_window(natural, (1440, 1280), (0, 0, 1440, 1280), LANCZOS)
    moved = np.pad(double, ((factor - 1, 0), (factor - 1, 0), (0, 0)), "edge")[:1280, :1440]
    size = (720 // factor, 640 // factor)
    reference = resize_window(moved, size, (0, 0, *size), LANCZOS)
    inside = slice(MARGIN, -MARGIN)
    # Fractions are cut off here and rounded there: half a level apart.
    error = reference[inside, inside] - 0.5 - small[inside, inside, :3]
    assert 20 * np.log10(255 / error.std()) > 48
    assert abs(error.mean()) < 0.1
