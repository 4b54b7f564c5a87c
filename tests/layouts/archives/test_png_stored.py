"""Other people's decoders read what is written."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facewright.layouts.archives.png_rows import read_plain
from facewright.layouts.archives.png_stored import store_pixels, store_rows
from facewright.limits import Limits
from facewright.vision.encode import encode_png


def noise(height, width, seed=0, channels=(3,)):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width, *channels), dtype=np.uint8)


def check(data, pixels):
    """Pillow and libpng see these pixels, and all checksums hold."""
    with Image.open(io.BytesIO(data)) as image:
        image.verify()
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == ("L" if pixels.ndim == 2 else "RGB")
        assert np.array_equal(np.asarray(image), pixels)
    flag = cv2.IMREAD_GRAYSCALE if pixels.ndim == 2 else cv2.IMREAD_COLOR_RGB
    assert np.array_equal(cv2.imdecode(np.frombuffer(data, np.uint8), flag), pixels)


@given(st.integers(1, 200), st.integers(1, 200), st.booleans())
@settings(max_examples=30, deadline=None)
def test_stored_pixels_are_read_by_others(height, width, grey):
    pixels = noise(height, width, channels=() if grey else (3,))
    check(b"".join(store_pixels(pixels)), pixels)


@given(st.integers(1, 200), st.integers(1, 200), st.sampled_from([0, 1, 6, None]))
@settings(max_examples=30, deadline=None)
def test_stored_rows_keep_their_prediction(height, width, level):
    """`level`: of Pillow's file; None for one of ours."""
    pixels = noise(height, width) // 16
    file = io.BytesIO()
    if level is None:
        file.write(encode_png(pixels))
    else:
        Image.fromarray(pixels).save(file, "PNG", compress_level=level)
    plain = read_plain(file.getvalue(), Limits())
    assert plain is not None
    rows = plain.rows()
    assert rows is not None
    check(b"".join(store_rows(rows)), pixels)


@pytest.mark.parametrize("side", [16, 147, 148, 512])
def test_files_are_as_large_as_the_rows_and_what_frames_them(side):
    size = side * (1 + 3 * side)
    framing = 8 + 3 * 12 + 13 + 2 + 4 + 5 * -(-size // 0xFFFF)
    assert sum(map(len, store_pixels(noise(side, side)))) == size + framing
