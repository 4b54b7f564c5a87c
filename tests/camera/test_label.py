"""The 25 floats as a value."""

import numpy as np
import pytest
from hypothesis import given

from facewright.camera.axes import look_at
from facewright.camera.deep3d import labels_of_deep3d
from facewright.camera.label import FLIPPED, FOCAL, CameraLabel, mirrored
from facewright.errors import UsageError
from helpers.cameras import ANGLES, TRANS

FRONTAL = CameraLabel.of(np.diag([1.0, -1.0, -1.0]), (0.0, 0.0, 2.7))


def test_the_frontal_camera_is_written_as_published_ones_are():
    numbers = [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 2.7, 0, 0, 0, 1]
    lens = [4.2647, 0, 0.5, 0, 4.2647, 0.5, 0, 0, 1]
    assert FRONTAL.values == (*numbers, *lens)
    assert FRONTAL.radius == 2.7
    assert FRONTAL.focal == FOCAL
    assert CameraLabel.parse(FRONTAL.array) == FRONTAL
    assert len({FRONTAL, CameraLabel.parse(list(FRONTAL.values))}) == 1
    assert FRONTAL.mirrored() == FRONTAL
    assert "-0.0" not in str(FRONTAL.mirrored().values)


def test_it_sees_x_to_the_right_and_y_up():
    seen = FRONTAL.project([(0, 0, 0), (0.1, 0, 0), (0, 0.1, 0)])
    assert seen[0] == pytest.approx((0.5, 0.5))
    assert seen[1, 0] > 0.5
    assert seen[2, 1] < 0.5
    assert seen[1, 0] - 0.5 == pytest.approx(FOCAL * 0.1 / 2.7)


@given(ANGLES, TRANS)
def test_mirror_twice_is_the_identity_and_sees_the_mirrored_world(angle, trans):
    label = CameraLabel.parse(labels_of_deep3d(angle, trans)[0])
    mirror = label.mirrored()
    assert mirror.mirrored() == label
    changed = np.flatnonzero(mirror.array != label.array)
    assert set(changed) <= set(FLIPPED)
    CameraLabel.parse(mirror.values)
    points = np.random.default_rng(0).normal(size=(20, 3)) * 0.3
    seen = label.project(points)
    seen[:, 0] = 1 - seen[:, 0]
    np.testing.assert_allclose(mirror.project(points * (-1, 1, 1)), seen, atol=1e-9)


def test_mirror_moves_a_principal_point_that_is_off_the_middle():
    label = FRONTAL.array
    label[18] = 0.4
    assert mirrored(label)[18] == pytest.approx(0.6)
    np.testing.assert_array_equal(mirrored(mirrored(label)), label)


def test_published_mirrors(published_cameras):
    for camera in published_cameras:
        assert mirrored(camera["label"]).tolist() == camera["mirror"]


def _with(index, value):
    values = list(FRONTAL.values)
    values[index] = value
    return values


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ([1.0] * 24, "25 numbers"),
        ("label", "25 numbers"),
        ([[1.0], [2.0, 3.0]], "25 numbers"),
        (_with(3, float("nan")), "finite"),
        (_with(0, 1.1), "orthonormal"),
        (_with(5, 1.0), "mirror instead of turning"),
        (_with(15, 2.0), "fourth row"),
        (_with(24, 0.0), "intrinsics"),
        (_with(16, -4.0), "focal"),
    ],
)
def test_what_is_no_camera_is_refused(values, what):
    with pytest.raises(UsageError, match=f"face_07: .*{what}"):
        CameraLabel.parse(values, "face_07")


def test_float32_labels_are_taken():
    position = np.array([1.0, 0.4, 2.0])
    label = CameraLabel.of(look_at(position), position)
    CameraLabel.parse(label.array.astype(np.float32))
