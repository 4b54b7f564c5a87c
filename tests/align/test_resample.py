import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facewright.align.resample import BICUBIC, LANCZOS, resize_window

CODES = {LANCZOS: Image.Resampling.LANCZOS, BICUBIC: Image.Resampling.BICUBIC}


def whole(photo, size, kernel):
    """By Pillow, an axis at a time: rows first, whatever the shape."""
    image = Image.fromarray(photo)
    across = image.resize((size[0], image.height), CODES[kernel])
    return np.asarray(across.resize(size, CODES[kernel]))


@pytest.mark.parametrize("kernel", [LANCZOS, BICUBIC], ids=["lanczos", "bicubic"])
@given(data=st.data())
def test_window_equals_pillow_to_the_bit(kernel, data):
    width, height = (data.draw(st.integers(1, 260)) for _ in range(2))
    size = tuple(data.draw(st.integers(1, 300)) for _ in range(2))
    left, right = sorted(data.draw(st.tuples(*[st.integers(0, size[0])] * 2)))
    top, bottom = sorted(data.draw(st.tuples(*[st.integers(0, size[1])] * 2)))
    box = (min(left, size[0] - 1), min(top, size[1] - 1), max(right, left + 1), bottom)
    box = (box[0], box[1], min(box[2], size[0]), max(box[3], box[1] + 1))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    photo = rng.integers(0, 256, (height, width, 3)).astype(np.uint8)
    if data.draw(st.booleans()):
        photo = (photo // 128 * 255).astype(np.uint8)
    expected = whole(photo, size, kernel)[box[1] : box[3], box[0] : box[2]]
    assert np.array_equal(resize_window(photo, size, box, kernel), expected)


def test_large_photo_equals_pillow_to_the_bit():
    photo = np.random.default_rng(0).integers(0, 256, (1500, 2000, 3)).astype(np.uint8)
    for size in ((900, 675), (2200, 1650)):
        expected = np.asarray(Image.fromarray(photo).resize(size, CODES[BICUBIC]))[100:400, 200:777]
        assert np.array_equal(resize_window(photo, size, (200, 100, 777, 400), BICUBIC), expected)
