"""Coefficients to labels and back."""

import numpy as np
import pytest
from hypothesis import given

from facewright.camera.axes import flip_axes, look_at
from facewright.camera.deep3d import CENTRE, MODES, deep3d_of_labels, labels_of_deep3d
from facewright.camera.label import CameraLabel, mirrored, positions_of, rotations_of
from facewright.errors import UsageError
from helpers.cameras import ANGLES, TRANS


def test_published_labels(published_cameras):
    """The originals compute in float32."""
    angle = [camera["angle"] for camera in published_cameras]
    trans = [camera["trans"] for camera in published_cameras]
    for mode, name in (("orig", "label"), ("cor", "label_cor")):
        expected = [camera[name] for camera in published_cameras]
        np.testing.assert_allclose(labels_of_deep3d(angle, trans, mode), expected, atol=3e-7)


@given(ANGLES, TRANS)
def test_positions_lie_on_their_spheres(angle, trans):
    for mode in MODES:
        label = labels_of_deep3d(angle, trans, mode)[0]
        centre = CENTRE if mode == "cor" else np.zeros(3)
        assert np.linalg.norm(positions_of(label) - centre) == pytest.approx(2.7)
        CameraLabel.parse(label)


@given(ANGLES, TRANS)
def test_there_and_back_with_the_depth_that_labels_lose(angle, trans):
    for mode in ("orig", "cor"):
        back = deep3d_of_labels(labels_of_deep3d(angle, trans, mode), mode, trans[:, 2])
        np.testing.assert_allclose(back.angle, angle, atol=1e-9)
        np.testing.assert_allclose(back.trans, trans, atol=1e-9)


@given(ANGLES, TRANS)
def test_back_and_there_gives_the_label_whatever_the_depth(angle, trans):
    for mode in MODES:
        labels = labels_of_deep3d(angle, trans, mode)
        for depth in (0.0, 0.7):
            again = labels_of_deep3d(*deep3d_of_labels(labels, mode, depth), mode)
            np.testing.assert_allclose(again, labels, atol=1e-9)


@given(ANGLES, TRANS)
def test_simplify_keeps_the_position_and_looks_at_the_origin(angle, trans):
    orig, simple = (labels_of_deep3d(angle, trans, mode) for mode in ("orig", "simplify"))
    np.testing.assert_array_equal(positions_of(simple), positions_of(orig))
    np.testing.assert_allclose(rotations_of(simple), look_at(positions_of(orig)))


@given(ANGLES, TRANS)
def test_the_mirrored_head_has_the_mirrored_label(angle, trans):
    for mode in MODES:
        there = labels_of_deep3d(angle * (1, -1, -1), trans * (-1, 1, 1), mode)
        np.testing.assert_allclose(
            there, mirrored(labels_of_deep3d(angle, trans, mode)), atol=1e-12
        )


def test_bad_input():
    with pytest.raises(UsageError, match="no mode 'none'"):
        labels_of_deep3d([[0, 0, 0]], [[0, 0, 0]], "none")
    away = labels_of_deep3d([[0, 0, 0]], [[0, 0, 0]])
    matrix = away[:, :16].reshape(1, 4, 4)
    matrix[:, :3, :3] = flip_axes(np.eye(3)) @ np.diag([-1.0, 1, -1])
    away[:, :16] = matrix.reshape(1, 16)
    with pytest.raises(UsageError, match="looks away"):
        deep3d_of_labels(away)
