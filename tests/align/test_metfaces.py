import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.align.base import alignment
from facewright.align.ffhq import FFHQ
from facewright.align.geometry import face_square
from facewright.align.metfaces import METFACES, photo_landmarks


def spec_landmarks(golden, case):
    """What metfaces.json would hold for a case: found on a picture of half the size."""
    return np.floor(np.array(golden[case]["landmarks"], dtype=np.float64) / 2)


@pytest.mark.parametrize("case", ["astro", "tilt"])
def test_pixels_are_the_published_ones(astronaut, golden, sha256, case):
    landmarks = photo_landmarks(spec_landmarks(golden, case), 2)
    crop = METFACES.crop(astronaut, landmarks, 1024)
    assert sha256(crop.pixels) == golden[case]["metfaces_1024"]
    assert crop.padded is (case == "tilt")


def test_in_float64_the_pixels_would_be_others(astronaut, golden, sha256):
    exact = dataclasses.replace(METFACES, precision=np.float64)
    landmarks = photo_landmarks(spec_landmarks(golden, "tilt"), 2)
    assert sha256(exact.crop(astronaut, landmarks, 1024).pixels) != golden["tilt"]["metfaces_1024"]


def test_differs_from_ffhq_by_rounding_only(face68):
    assert np.abs(METFACES.quad(face68) - FFHQ.quad(face68)).max() < 1e-4
    assert METFACES.square(face68).corners.dtype == np.float32
    assert METFACES.quad(face68).dtype == np.float64


@given(seed=st.integers(0, 2**32 - 1), shrink=st.integers(1, 16))
def test_landmarks_lose_nothing_on_the_way(seed, shrink):
    small = np.random.default_rng(seed).uniform(0, 2000, (68, 2))
    points = photo_landmarks(small.tolist(), shrink)
    assert np.array_equal(points, points.astype(np.float32))
    assert np.allclose(points, (small + 0.5) * shrink, rtol=1e-6)
    assert np.array_equal(points, (np.float32(small) + np.float32(0.5)) * shrink)


def test_a_long_face_has_the_side_that_numpy_1_gave(face68):
    """Where the mouth decides the side, its 1.8 is applied to a double, as NumPy 1 did."""
    differ = 0
    for longer in range(40, 60):
        points = face68.astype(np.float32)
        points[48:, 1] += np.float32(longer + 0.3)
        eyes = (points[36:42].mean(axis=0) + points[42:48].mean(axis=0)) * np.float32(0.5)
        mouth = np.hypot(*((points[48] + points[54]) * np.float32(0.5) - eyes))
        half = float(mouth) * 1.8
        assert face_square(points, rotate=False).x[0] == half
        differ += np.float32(half) != mouth * np.float32(1.8)
    assert differ  # NumPy 2 left to itself rounds once more


@pytest.mark.parametrize("name", ["metfaces", "metfaces-fast"])
def test_is_registered(name):
    assert alignment(name).default_size == 1024
