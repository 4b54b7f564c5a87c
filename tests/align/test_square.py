import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.align.square import SQUARE
from facewright.errors import PhotoError, UsageError


def points_of(left, top, right, bottom):
    """Landmarks whose bounding box this is."""
    points = np.tile([[(left + right) / 2, (top + bottom) / 2]], (68, 1))
    points[0], points[1] = (left, top), (right, bottom)
    return points


def test_side_and_centre():
    quad = SQUARE.quad(points_of(100, 200, 200, 260))
    assert np.array_equal(quad, [(70, 150), (70, 310), (230, 310), (230, 150)])


def test_at_its_own_size_it_is_a_piece_of_the_photo(natural):
    # 80 pixels wide, so 128 with its margins: from 100 to 228 by pixel edges
    crop = SQUARE.crop(natural, points_of(123.5, 223.5, 203.5, 303.5), 128)
    assert np.array_equal(crop.pixels, natural[200:328, 100:228])
    assert crop.outside == 0


def test_smaller_is_the_mean_over_areas(natural):
    crop = SQUARE.crop(natural, points_of(123.5, 223.5, 203.5, 303.5), 32)
    expected = cv2.resize(natural[200:328, 100:228], (32, 32), interpolation=cv2.INTER_AREA)
    assert np.abs(crop.pixels.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("size", [16, 100, 160, 400])
@pytest.mark.parametrize("move", [(0, 0), (-200, 0), (300, 400), (-180, -190), (330, -200)])
def test_beyond_the_photo_is_black_as_if_it_went_on_black(natural, face68, size, move):
    """The same crop out of the photograph on a large black canvas."""
    landmarks = (face68 - face68.mean(axis=0)) * 1.3 + (300, 300) + move
    canvas = np.zeros((1640, 1720, 3), np.uint8)
    canvas[500:1140, 500:1220] = natural
    crop = SQUARE.crop(natural, landmarks, size)
    expected = SQUARE.crop(canvas, landmarks + 500, size)
    assert np.abs(crop.pixels.astype(int) - expected.pixels).max() <= 1
    assert np.allclose(crop.quad + 500, expected.quad)
    assert not crop.padded


@given(
    shift=st.tuples(st.floats(-700, 700), st.floats(-700, 700)),
    scale=st.floats(1e-3, 40),
    size=st.integers(16, 90),
)
@settings(deadline=None, max_examples=50)
def test_any_place_gives_a_crop_or_a_reason(attempt, face68, natural, shift, scale, size):
    landmarks = (face68 - face68.mean(axis=0)) * scale + 300 + np.array(shift)
    crop, reason = attempt(SQUARE, natural, landmarks, size)
    if crop is None:
        assert reason in {"face_outside_photo", "degenerate_landmarks"}
    else:
        assert crop.pixels.shape == (size, size, 3)


def test_degenerate_landmarks_and_sizes(natural, face68):
    with pytest.raises(PhotoError) as caught:
        SQUARE.crop(natural, np.full((68, 2), 9.0), 64)
    assert caught.value.reason == "degenerate_landmarks"
    with pytest.raises(UsageError, match="16 to 4096"):
        SQUARE.crop(natural, face68, 5000)
