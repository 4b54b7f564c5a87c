import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from facewright.align.padding import pad_photo, padding_for
from facewright.align.padding_fast import pad_window


def quad(left, top, side):
    right, bottom = left + side, top + side
    return np.array([(left, top), (left, bottom), (right, bottom), (right, top)], dtype=float)


def test_nothing_is_added_inside():
    assert padding_for(quad(20, 20, 50), 50.0, 5, 200, 200) is None
    assert padding_for(quad(2, 20, 50), 50.0, 5, 200, 200) == (15, 15, 15, 15)
    assert padding_for(quad(-30, 20, 50), 50.0, 5, 200, 200) == (35, 15, 15, 15)


def by_the_book(picture, padding, side):
    """The published steps, all channels at once and with SciPy."""
    left, top, right, bottom = padding
    image = np.pad(picture.astype(np.float32), ((top, bottom), (left, right), (0, 0)), "reflect")
    height, width = image.shape[:2]
    y, x, _ = np.ogrid[:height, :width, :1]
    depth = np.maximum(
        1 - np.minimum(np.float32(x) / left, np.float32(width - 1 - x) / right),
        1 - np.minimum(np.float32(y) / top, np.float32(height - 1 - y) / bottom),
    )
    blurred = gaussian_filter(image, [side * 0.02, side * 0.02, 0])
    image += (blurred - image) * np.clip(depth * 3 + 1, 0, 1)
    image += (np.median(image, axis=(0, 1)) - image) * np.clip(depth, 0, 1)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("padding", [(60, 60, 60, 60), (60, 150, 75, 60)])
def test_equals_the_published_steps(natural, padding):
    picture = natural[:200, :260]
    assert np.array_equal(pad_photo(picture, padding, 200.0), by_the_book(picture, padding, 200.0))


@pytest.mark.parametrize("side", [60.0, 200.0, 380.0, 700.0])
def test_fast_padding_is_near(natural, psnr, side):
    picture = natural[:500, :600]
    pad = int(side * 0.3)
    padding = (pad, pad + 40, pad, pad)
    exact = pad_photo(picture, padding, side)
    rgba = np.dstack([picture, picture[..., :1]])
    height, width = exact.shape[:2]
    for box in ((0, 0, width, height), (10, 5, width - 33, height // 2)):
        window = pad_window(rgba, padding, side, box)
        assert psnr(window[..., :3], exact[box[1] : box[3], box[0] : box[2]]) > 45


def test_flat_picture_stays_flat():
    picture = np.full((50, 60, 3), 77, np.uint8)
    assert (pad_photo(picture, (20, 20, 20, 20), 40.0) == 77).all()
    rgba = np.full((50, 60, 4), 77, np.uint8)
    assert (pad_window(rgba, (20, 20, 20, 20), 40.0, (0, 0, 100, 90)) == 77).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (3, 2)])
def test_tiny_pictures_can_be_padded(shape):
    picture = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype(np.uint8)
    height, width = shape
    assert pad_photo(picture, (20, 20, 20, 20), 40.0).shape == (height + 40, width + 40, 3)
    window = pad_window(np.dstack([picture, picture[..., :1]]), (20,) * 4, 40.0, (1, 2, 30, 35))
    assert window.shape == (33, 29, 4)
