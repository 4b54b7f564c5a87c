"""Other people's decoders read what is written; broken files are left to the general decoder."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facewright.layouts.png_stored import decode_own, encode_stored
from facewright.limits import Limits
from facewright.vision.encode import encode_png

LIMITS = Limits()


def noise(height, width, seed=0, channels=(3,)):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width, *channels), dtype=np.uint8)


@given(st.integers(1, 200), st.integers(1, 200), st.booleans())
@settings(max_examples=30, deadline=None)
def test_stored_files_are_read_by_pillow_and_libpng(height, width, grey):
    pixels = noise(height, width, channels=() if grey else (3,))
    data = encode_stored(pixels)
    with Image.open(io.BytesIO(data)) as image:
        image.verify()
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == ("L" if grey else "RGB")
        assert np.array_equal(np.asarray(image), pixels)
    flag = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR_RGB
    assert np.array_equal(cv2.imdecode(np.frombuffer(data, np.uint8), flag), pixels)


@given(st.integers(1, 130), st.integers(1, 130), st.integers(1, 255))
@settings(max_examples=30, deadline=None)
def test_our_own_crops_come_back(height, width, levels):
    pixels = noise(height, width) % levels
    found = decode_own(encode_png(pixels), LIMITS)
    assert found is not None
    assert np.array_equal(found, pixels)


def test_other_pngs_are_not_taken():
    pixels = noise(20, 20)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    assert decode_own(file.getvalue(), LIMITS) is None
    assert decode_own(b"", LIMITS) is None
    assert decode_own(b"\xff\xd8\xff", LIMITS) is None


@pytest.mark.parametrize("where", [20, 100, -30, -18])
def test_damaged_files_are_not_taken_for_pictures(where):
    pixels = np.repeat(noise(1, 64), 64, axis=0)
    pixels[::3] += 9
    data = bytearray(encode_png(pixels))
    data[where] ^= 0x55
    assert decode_own(bytes(data), LIMITS) is None


def test_cut_files_and_large_ones_are_not_taken():
    data = encode_png(noise(64, 64))
    for end in range(0, len(data), 97):
        assert decode_own(data[:end], LIMITS) is None
    assert decode_own(data, Limits(max_pixels=64 * 64 - 1)) is None
