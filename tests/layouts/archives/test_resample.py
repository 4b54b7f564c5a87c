"""Pillow is the reference, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facewright.layouts.archives.resample import PILLOW_FILTERS, resize_square
from facewright.vision.decode import decode_photo


def pillow(pixels, side, name):
    return np.asarray(Image.fromarray(pixels).resize((side, side), PILLOW_FILTERS[name]))


@pytest.mark.parametrize("name", ["lanczos", "box"])
@pytest.mark.parametrize(("before", "after"), [(512, 256), (512, 128), (512, 64), (384, 128)])
def test_a_photograph_has_pillows_bits(samples, name, before, after):
    pixels = decode_photo((samples / "astronaut.png").read_bytes()).pixels[:before, :before]
    assert np.array_equal(resize_square(pixels, after, name), pillow(pixels.copy(), after, name))


def test_sums_at_a_half_are_rounded_as_pillow_does():
    """Stripes of black and white make sums that lie at a half, where float32 cannot tell."""
    for period in (1, 2, 3, 4):
        stripes = np.zeros((128, 128), np.uint8)
        stripes[:, ::period] = 255
        for pixels in (stripes, stripes.T.copy(), stripes & stripes.T, 255 - stripes):
            found = resize_square(pixels, 64)
            assert np.array_equal(found, pillow(pixels, 64, "lanczos"))


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(
        [(96, 48), (128, 32), (64, 8), (80, 16), (96, 32), (60, 20), (50, 64), (30, 7)]
    ),
    st.sampled_from(["lanczos", "box"]),
    st.booleans(),
    st.sampled_from([256, 2, 3]),
)
@settings(max_examples=60, deadline=None)
def test_any_noise_any_factor_grey_or_colour(seed, sides, name, grey, levels):
    shape = (sides[0], sides[0]) if grey else (sides[0], sides[0], 3)
    noise = np.random.default_rng(seed).integers(0, levels, shape)
    pixels = (noise * (255 // (levels - 1))).astype(np.uint8)
    assert np.array_equal(resize_square(pixels, sides[1], name), pillow(pixels, sides[1], name))


def test_the_same_side_is_left_alone():
    pixels = np.zeros((16, 16, 3), np.uint8)
    assert resize_square(pixels, 16) is pixels
