"""Labels from meshes whose pose is known."""

import numpy as np
import pytest
from hypothesis import given, settings

from facewright.align.eg3d import EG3D
from facewright.camera.axes import head_of_azure, head_of_camera
from facewright.camera.deep3d import SCALE, SHIFT, labels_of_deep3d
from facewright.camera.estimate import estimate_labels, estimate_placement
from facewright.camera.label import CameraLabel, mirrored, rotations_of
from facewright.vision.mesh import ibug68
from facewright.vision.tables import canonical_face
from helpers.cameras import rows

POSES = rows((-40, 40), (-40, 40), (-60, 60))


def posed(angles):
    """The canonical face turned by Azure's angles, seen from afar, and its EG3D crop."""
    face = np.zeros((478, 3))
    face[:468] = canonical_face()["vertices"]
    turned = face @ head_of_azure(angles)[0].T * 12.0
    mesh = turned * (1, -1, -1) + (500.0, 400.0, 0.0)
    return mesh[None], EG3D.quad(ibug68(mesh[None])[0])[None]


@settings(max_examples=25, deadline=None)
@given(POSES)
def test_a_known_pose_comes_back(angles):
    mesh, quad = posed(angles)
    labels = estimate_labels(mesh, quad)
    np.testing.assert_allclose(
        head_of_camera(rotations_of(labels)), head_of_azure(angles), atol=1e-6
    )
    label = CameraLabel.parse(labels[0])
    assert label.radius == pytest.approx(2.7)
    np.testing.assert_allclose(label.project(SHIFT), (0.5, 0.5), atol=0.06)


@settings(max_examples=25, deadline=None)
@given(POSES)
def test_the_mirrored_mesh_has_the_mirrored_label(angles):
    """The canonical face is its own mirror, so turning it the other way mirrors the picture."""
    labels = estimate_labels(*posed(angles))
    there = estimate_labels(*posed(angles * (1, -1, -1)))
    np.testing.assert_allclose(there, mirrored(labels), atol=2e-3)


def test_place_and_size_of_the_face_do_not_matter():
    mesh, quad = posed(np.array([[-8.0, 5.0, 30.0]]))
    again = estimate_labels(mesh * 0.3 + (90.0, 1200.0, 7.0), quad * 0.3 + (90.0, 1200.0))
    np.testing.assert_allclose(again, estimate_labels(mesh, quad), atol=1e-9)


def test_the_shift_brings_the_mean_face_onto_the_landmarks():
    placement = estimate_placement(*posed(np.zeros((1, 3))))
    assert np.abs(placement.angle).max() < 1e-6
    assert np.abs(placement.trans[:, :2]).max() < 0.05
    label = CameraLabel.parse(labels_of_deep3d(*placement)[0])
    eyes = np.array([(-0.31, 0.29, 0.13), (0.31, 0.29, 0.13)]) * SCALE + SHIFT
    seen = label.project(eyes)
    assert seen[0, 0] + seen[1, 0] == pytest.approx(1, abs=0.02)
    assert (seen[:, 1] < 0.45).all()


def test_no_face_gives_no_label():
    assert estimate_labels(np.zeros((0, 478, 3)), np.zeros((0, 4, 2))).shape == (0, 25)
