import dataclasses

import numpy as np
import pytest

from facewright.annotators.camera import CAMERA
from facewright.annotators.geometry import GEOMETRY
from facewright.camera.angles import theta_phi
from facewright.camera.label import RADIUS, CameraLabel, mirrored, positions_of, rotations_of
from facewright.camera.reference import ffhq_density
from facewright.record import Record
from facewright.schema import to_table
from facewright.vision.faces import find_faces


@pytest.fixture(scope="module")
def faces(astronaut, runtime):
    """The astronaut and her mirror image."""
    return find_faces([astronaut, np.ascontiguousarray(astronaut[:, ::-1])], runtime)


@pytest.fixture(scope="module")
def found(faces, runtime):
    return CAMERA.annotate(faces, {}, runtime)


def described(faces, meshes, runtime):
    """The same faces with other meshes."""
    return CAMERA.annotate(dataclasses.replace(faces, meshes=meshes), {}, runtime)


def turned(meshes, degrees):
    """Meshes turned clockwise in the picture."""
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    return meshes @ np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])


def angle_between(one, other):
    cosine = (np.trace(rotations_of(one).T @ rotations_of(other)) - 1) / 2
    return np.degrees(np.arccos(min(cosine, 1)))


def test_it_gives_what_its_card_says(found):
    assert set(found) - {"null_reasons"} == set(CAMERA.card.gives)
    assert found["null_reasons"] == [{}, {}]
    assert any("Deep3DFaceRecon" in failure for failure in CAMERA.card.known_failures)
    assert {figure.script for figure in CAMERA.card.measured} == {"tools/measure_cameras.py"}


def test_the_camera_stands_where_the_head_turns_to(found, faces, runtime):
    pose = GEOMETRY.annotate(faces, {}, runtime)
    theta, phi = np.degrees(theta_phi(positions_of(found["camera"]))).T - 90
    assert theta == pytest.approx(pose["head_pose.yaw"], abs=4)
    assert phi == pytest.approx(pose["head_pose.pitch"], abs=4)
    for label in found["camera"]:
        assert CameraLabel.parse(label).radius == pytest.approx(RADIUS)


def test_the_mirror_image_has_the_mirrored_label(found):
    label, mirror = found["camera"][0], mirrored(found["camera"][1])
    assert angle_between(label, mirror) < 3
    assert np.linalg.norm(positions_of(label) - positions_of(mirror)) < 0.15


def test_a_turn_within_the_picture_is_roll_and_leaves_the_place(found, faces, runtime):
    other = described(faces, turned(faces.meshes, 20), runtime)
    places = [positions_of(columns["camera"]) for columns in (found, other)]
    assert np.linalg.norm(places[0] - places[1], axis=1).max() < 0.02
    assert angle_between(found["camera"][0], other["camera"][0]) == pytest.approx(20, abs=1)
    assert other["camera_density"] == pytest.approx(found["camera_density"], abs=0.1)


def test_density_is_that_of_ffhq(found):
    angles = theta_phi(positions_of(found["camera"]))
    assert found["camera_density"] == pytest.approx(ffhq_density()(angles))
    assert (found["camera_density"] > 0.4).all()  # a portrait to the front is nothing rare


def test_faces_without_a_mesh_or_a_crop_are_null_and_say_why(found, faces, runtime):
    meshes = faces.meshes[[0, 0, 0]].copy()
    meshes[0] = np.nan
    meshes[1] *= 1e-6
    three = faces.take([0, 0, 0])
    columns = described(three, meshes, runtime)
    rows = to_table(Record, columns, 3).to_pylist(maps_as_pydicts="strict")
    assert rows[0]["camera"] is rows[0]["camera_density"] is rows[1]["camera"] is None
    assert rows[0]["null_reasons"] == {"camera": "no mesh", "camera_density": "no mesh"}
    assert "no extent" in rows[1]["null_reasons"]["camera"]
    assert rows[2]["null_reasons"] == {}
    assert columns["camera"][2] == pytest.approx(found["camera"][0])


def test_no_faces(runtime):
    columns = CAMERA.annotate(find_faces([], runtime), {}, runtime)
    assert columns["camera"].shape == (0, 25)
    assert columns["camera_density"].shape == (0,)
