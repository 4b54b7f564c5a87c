"""theta, phi and h, v: there and back, and not to be confused."""

import numpy as np
import pytest
from hypothesis import given

from facewright.camera.angles import h_v, position_of_h_v, position_of_theta_phi, theta_phi
from facewright.camera.label import positions_of
from helpers.cameras import SPHERE, rows


@given(SPHERE)
def test_theta_phi_there_and_back(angles):
    np.testing.assert_allclose(theta_phi(position_of_theta_phi(angles)), angles, atol=1e-12)


@given(rows((-0.5, 3.6), (0.01, 3.13)))
def test_h_v_there_and_back(angles):
    position = position_of_h_v(angles)
    assert np.linalg.norm(position) == pytest.approx(2.7)
    np.testing.assert_allclose(position_of_h_v(h_v(position)), position, atol=1e-9)
    if 0.01 < angles[0, 0] < 3.13:
        np.testing.assert_allclose(h_v(position), angles, atol=1e-9)


@given(SPHERE)
def test_a_mirror_turns_theta_and_h_around_and_leaves_phi_and_v(angles):
    position = position_of_theta_phi(angles)
    mirror = position * (-1, 1, 1)
    np.testing.assert_allclose(theta_phi(mirror), np.abs((np.pi, 0) - angles), atol=1e-12)
    np.testing.assert_allclose(h_v(mirror), np.abs((np.pi, 0) - h_v(position)), atol=1e-12)


def test_the_two_are_told_apart():
    """The published pair that LPFF's readme mixes up."""
    angles = np.radians((60, 80))
    assert position_of_theta_phi(angles) == pytest.approx((1.35, 0.406, 2.303), abs=1e-3)
    assert position_of_h_v(angles) == pytest.approx((-1.342, 0.3, 2.324), abs=1e-3)
    front = np.radians((90, 90))
    np.testing.assert_allclose(position_of_h_v(front), (0, 0, 2.7), atol=1e-12)
    np.testing.assert_allclose(position_of_theta_phi(front), (0, 0, 2.7), atol=1e-12)


def test_v_is_clamped_at_the_poles():
    assert position_of_h_v((1.0, -3.0))[1] == pytest.approx(2.7, abs=1e-4)
    assert position_of_h_v((1.0, 9.0))[1] == pytest.approx(-2.7, abs=1e-4)


def test_published_angles(published_cameras):
    for camera in published_cameras:
        position = positions_of(camera["label"])
        np.testing.assert_allclose(theta_phi(position), camera["theta_phi"], atol=1e-12)
        np.testing.assert_allclose(h_v(position), camera["h_v"], atol=1e-12)
