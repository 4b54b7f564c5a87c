"""Rotations of cameras and heads: there and back, and against each other."""

import numpy as np
import pytest
from hypothesis import given

from facewright.camera.angles import position_of_theta_phi, theta_phi
from facewright.camera.axes import (
    azure_of_head,
    camera_of_head,
    flip_axes,
    head_of_azure,
    head_of_camera,
    look_at,
)
from facewright.vision.pose import azure_angles
from helpers.cameras import AZURE, SPHERE


@given(AZURE)
def test_azure_there_and_back(angles):
    heads = head_of_azure(angles)
    np.testing.assert_allclose(azure_of_head(heads), angles, atol=1e-9)
    np.testing.assert_allclose(azure_angles(heads), angles, atol=1e-9)
    np.testing.assert_allclose(heads @ np.swapaxes(heads, 1, 2), np.eye(3)[None], atol=1e-12)


@given(AZURE)
def test_camera_and_head_there_and_back(angles):
    heads = head_of_azure(angles)
    cameras = camera_of_head(heads)
    np.testing.assert_allclose(head_of_camera(cameras), heads, atol=1e-12)
    np.testing.assert_array_equal(flip_axes(flip_axes(cameras)), cameras)
    assert np.linalg.det(cameras[0]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("angles", "face"),
    [((0, 0, 90), (1, 0, 0)), ((90, 0, 0), (0, 1, 0)), ((0, 0, 0), (0, 0, 1))],
)
def test_where_a_face_looks(angles, face):
    np.testing.assert_allclose(head_of_azure(angles) @ (0, 0, 1), face, atol=1e-12)


def test_roll_is_clockwise():
    crown = head_of_azure((0.0, 30.0, 0.0)) @ (0, 1, 0)
    np.testing.assert_allclose(crown, (0.5, np.sqrt(0.75), 0), atol=1e-12)


@given(AZURE)
def test_theta_is_90_plus_yaw_and_phi_90_plus_pitch(angles):
    """Of a camera that looks at the origin, whatever its roll: the angles are Azure's."""
    cameras = camera_of_head(head_of_azure(angles))
    positions = -2.7 * cameras[..., 2]
    pitch, _, yaw = angles[0]
    expected = np.radians([[90 + yaw, 90 + pitch]])
    np.testing.assert_allclose(theta_phi(positions), expected, atol=1e-9)


@given(SPHERE)
def test_look_at_has_no_roll_and_looks_there(angles):
    positions = position_of_theta_phi(angles)
    right, down, forward = np.moveaxis(look_at(positions), -1, 0)
    np.testing.assert_allclose(forward, -positions / 2.7, atol=1e-12)
    np.testing.assert_allclose(right[:, 1], 0, atol=1e-12)
    assert down[0, 1] <= 0
    np.testing.assert_allclose(np.cross(right, down), forward, atol=1e-12)


def test_look_at_from_the_front_is_the_frontal_camera():
    np.testing.assert_allclose(look_at((0, 0, 2.7)), np.diag([1.0, -1, -1]), atol=1e-12)
    aside = look_at((0.0, 0.0, 2.7), pivot=(1.0, 0.0, 2.7))
    np.testing.assert_allclose(aside[:, 2], (1, 0, 0), atol=1e-12)
