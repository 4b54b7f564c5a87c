"""Truth is what the camera would see of the vertices, in this project's conventions."""

from __future__ import annotations

import json

import numpy as np
import pytest

from facewright.camera.axes import azure_of_head, head_of_camera
from facewright.camera.label import CameraLabel
from facewright.generate.head3d import landmarks, shape
from facewright.generate.head3d.body import body_of
from facewright.generate.head3d.figure import Figure, pose
from facewright.generate.head3d.parts import Camera
from facewright.generate.head3d.person import Person, sample_person
from facewright.generate.head3d.render import View, head_rotation
from facewright.generate.head3d.truth import Truth, truth_of
from facewright.vision.pose import azure_angles, head_rotations

CAMERA = Camera((0.0, -0.02, 0.95), 20.0)


@pytest.fixture(scope="module")
def person() -> Person:
    return sample_person({"sex": "female", "age": 30, "hair_style": "bald"}, 11)


def figure_of(person: Person, view: View) -> Figure:
    return pose(body_of(person, 0.2), {}, head_rotation(view))


def truth_for(person: Person, view: View) -> Truth:
    angles = (view.pitch, view.roll, view.yaw)
    return truth_of(
        person, angles, ("neutral", {}, (0.0, 0.0)), figure_of(person, view), CAMERA, 256
    )


def test_a_point_straight_ahead_is_the_middle() -> None:
    np.testing.assert_allclose(CAMERA.project(np.array([[0, -0.02, 0.3]]), 256)[0, :2], 127.5)


def test_right_and_up_in_space_are_right_and_up_in_the_picture() -> None:
    x, y, _ = CAMERA.project(np.array([[0.01, 0.0, 0.0]]), 256)[0]
    assert x > 127.5
    assert y < 127.5


def test_nearer_points_have_smaller_z() -> None:
    near, far = CAMERA.project(np.array([[0, 0, 0.1], [0, 0, -0.1]]), 256)[:, 2]
    assert near < far


@pytest.mark.slow
def test_mesh_is_the_projected_skin(person: Person) -> None:
    view = View(yaw=20, pitch=-5, roll=3)
    figure = figure_of(person, view)
    mesh = truth_for(person, view).mesh
    assert mesh.shape == (478, 3)
    points = landmarks.mesh_points(figure.vertices, figure.skin)
    np.testing.assert_allclose(mesh, CAMERA.project(points, 256))
    skin = figure.skin
    gap = np.linalg.norm(points[:468, None] - skin[None], axis=2).min(axis=1)
    assert gap.max() < 0.006  # on the skin, within half an edge


@pytest.mark.parametrize("yaw", [-40.0, 0.0, 40.0])
@pytest.mark.parametrize("pitch", [-15.0, 10.0])
def test_pose_has_this_projects_signs(person: Person, yaw: float, pitch: float) -> None:
    truth = truth_for(person, View(yaw=yaw, pitch=pitch, roll=4))
    estimated = azure_angles(head_rotations(truth.mesh[None]))[0]
    np.testing.assert_allclose(estimated, (pitch, 4, yaw), atol=6)


def test_subjects_right_eye_is_at_the_pictures_left(person: Person) -> None:
    truth = truth_for(person, View())
    assert truth.landmarks68[36, 0] < truth.landmarks68[45, 0]
    assert truth.mesh[468, 0] < truth.mesh[473, 0]
    right_iris = truth.mesh[468, :2]
    lids = truth.landmarks68[36:42]
    assert (lids.min(axis=0) < right_iris).all()
    assert (right_iris < lids.max(axis=0)).all()


def test_a_frontal_head_hides_nothing_and_a_turned_one_its_far_cheek(person: Person) -> None:
    assert truth_for(person, View()).hidden.mean() < 0.08
    turned = truth_for(person, View(yaw=60)).hidden
    assert turned[454]
    assert not turned[234]


def test_camera_label_holds_the_ordered_rotation(person: Person) -> None:
    truth = truth_for(person, View(yaw=25, pitch=8, roll=-3))
    label = CameraLabel.parse(truth.camera)
    angles = azure_of_head(head_of_camera(label.rotation)[None])[0]
    np.testing.assert_allclose(angles, (8, -3, 25), atol=1e-3)
    assert label.radius == pytest.approx(2.7, abs=1e-3)


def test_is_json(person: Person) -> None:
    truth = truth_for(person, View(yaw=5))
    assert json.loads(json.dumps(truth.to_json()))["head_pose"]["yaw"] == 5


def test_eyes_follow_the_head(person: Person) -> None:
    rest, turned = (figure_of(person, View(yaw=yaw)) for yaw in (0, 30))
    middle = shape.eye_middle(turned.vertices)
    assert middle[0] > shape.eye_middle(rest.vertices)[0] + 0.02
