import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.align.already import corner_distance, is_already_aligned
from facewright.align.ffhq import FFHQ


def whole(side):
    low, high = -0.5, side - 0.5
    return np.array([(low, low), (low, high), (high, high), (high, low)])


@given(side=st.integers(16, 5000), x=st.floats(-0.3, 0.3), y=st.floats(-0.3, 0.3))
def test_distance_is_in_sides(side, x, y):
    quad = whole(side) + np.array([x, y]) * side
    assert corner_distance(quad, side, side) == pytest.approx(np.hypot(x, y), abs=1e-9)
    assert corner_distance(whole(side), side, side) == 0


def test_turned_and_scaled_squares_are_not_the_whole():
    assert not is_already_aligned(np.roll(whole(100), 1, axis=0), 100, 100)
    assert not is_already_aligned(whole(100) * 0.7 + 15, 100, 100)
    assert not is_already_aligned(whole(100), 150, 100)
    assert is_already_aligned(whole(100) * 1.03, 100, 100)


def test_an_aligned_crop_aligns_to_itself(face68):
    landmarks = face68 + 150
    quad = FFHQ.quad(landmarks)
    assert not is_already_aligned(quad, 720, 640)
    axes = np.stack([quad[3] - quad[0], quad[1] - quad[0]])
    on_crop = (landmarks - quad[0]) @ np.linalg.inv(axes) * 256 - 0.5
    assert corner_distance(FFHQ.quad(on_crop), 256, 256) < 1e-9
