import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.align.arcface import ARCFACE_112, TEMPLATE, arcface_points, similarity
from facewright.errors import PhotoError, UsageError


def umeyama(source, target):
    """Eq. 34 to 43 of the paper, for the plane, by singular values."""
    mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    spread = source - mean
    covariance = (target - target_mean).T @ spread / len(source)
    sign = np.ones(2)
    if np.linalg.det(covariance) < 0:
        sign[1] = -1
    u, d, v = np.linalg.svd(covariance)
    turn = u @ np.diag(sign) @ v
    scale = d @ sign / spread.var(axis=0).sum()
    return np.column_stack([scale * turn, target_mean - scale * turn @ mean])


@given(seed=st.integers(0, 2**32 - 1))
def test_fit_is_umeyamas(seed):
    rng = np.random.default_rng(seed)
    points = TEMPLATE * rng.uniform(0.3, 20) + rng.normal(0, 9, (5, 2)) + rng.uniform(-900, 900, 2)
    assert np.allclose(similarity(points, TEMPLATE), umeyama(points, TEMPLATE), atol=1e-8)


@given(angle=st.floats(-3.1, 3.1), scale=st.floats(0.1, 50), dx=st.floats(-900, 900))
def test_fit_recovers_any_similarity(angle, scale, dx):
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = (TEMPLATE - (dx, 7)) @ np.linalg.inv(turn).T
    assert np.allclose(similarity(points, TEMPLATE), np.column_stack([turn, (dx, 7)]), atol=1e-6)


def test_pixels_are_opencvs_bilinear_warp(natural, face68):
    crop = ARCFACE_112.crop(natural, face68 + 100, 112)
    matrix = umeyama(arcface_points(face68 + 100), TEMPLATE)
    expected = cv2.warpAffine(natural, matrix, (112, 112), borderValue=0.0)
    assert np.array_equal(crop.pixels, expected)
    assert np.array_equal(crop.quad, ARCFACE_112.quad(face68 + 100))


def test_quad_is_where_the_corners_of_the_crop_come_from(face68):
    matrix = similarity(arcface_points(face68), TEMPLATE)
    there = ARCFACE_112.quad(face68) @ matrix[:, :2].T + matrix[:, 2]
    corners = [(-0.5, -0.5), (-0.5, 111.5), (111.5, 111.5), (111.5, -0.5)]
    assert np.allclose(there, corners, atol=1e-9)


def test_outside_is_black(face68):
    photo = np.full((300, 400, 3), 200, np.uint8)
    crop = ARCFACE_112.crop(photo, face68 - (220, 0), 112)
    assert crop.pixels[60, 2].max() == 0
    assert 0.2 < crop.outside < 0.8


@given(shift=st.tuples(st.floats(-700, 700), st.floats(-700, 700)), scale=st.floats(1e-3, 300))
@settings(deadline=None, max_examples=30)
def test_any_place_gives_a_crop_or_a_reason(attempt, face68, natural, shift, scale):
    landmarks = (face68 - face68.mean(axis=0)) * scale + 300 + np.array(shift)
    crop, reason = attempt(ARCFACE_112, natural, landmarks, 112)
    if crop is None:
        assert reason in {"face_outside_photo", "degenerate_landmarks"}
    else:
        assert crop.pixels.shape == (112, 112, 3)


def test_degenerate_landmarks_and_other_sizes(natural, face68):
    five = np.zeros((68, 2))
    five[36:42], five[48], five[54] = (5, 0), (-10, 1), (5, -1)
    for points in (np.zeros((68, 2)), np.full((68, 2), np.nan), np.zeros((5, 2))):
        with pytest.raises(PhotoError) as caught:
            ARCFACE_112.crop(natural, points, 112)
        assert caught.value.reason == "degenerate_landmarks"
    with pytest.raises(PhotoError, match="no direction"):
        similarity(TEMPLATE, np.tile([[1.0, 2.0]], (5, 1)))
    with pytest.raises(UsageError, match="arcface-112:112"):
        ARCFACE_112.crop(natural, face68, 224)
