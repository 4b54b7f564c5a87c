import math

import cv2
import numpy as np
import pytest
from PIL import Image

from facewright.vision.faces import View, find_faces
from facewright.vision.pose import azure_angles


def read(path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def test_finds_the_faces_of_several_photos_largest_first(samples, runtime):
    names = ["group.jpg", "coffee.png", "astronaut.png", "rocket.jpg", "grace_hopper.jpg"]
    faces = find_faces([read(samples / name) for name in names], runtime)
    assert np.bincount(faces.photo, minlength=5).tolist() == [5, 0, 1, 0, 1]
    areas = faces.boxes[faces.photo == 0, 2] * faces.boxes[faces.photo == 0, 3]
    assert (np.diff(areas) <= 0).all()
    assert (faces.presence > 5).all()
    assert faces.landmarks68.shape == (7, 68, 2)


def test_a_face_that_fills_the_picture_and_one_far_away_are_found(runtime, astronaut):
    close = astronaut[30:170, 150:290]
    far = np.full((2600, 2600, 3), 120, np.uint8)
    far[1200:1328, 1200:1328] = cv2.resize(astronaut, (128, 128), interpolation=cv2.INTER_AREA)
    faces = find_faces([np.ascontiguousarray(close), far], runtime)
    assert faces.photo.tolist() == [0, 1]


def test_landmarks_follow_the_photo(runtime, astronaut):
    """Shifting, mirroring and enlarging the photo does the same to the points."""
    shifted = np.zeros((600, 640, 3), np.uint8)
    shifted[50:562, 100:612] = astronaut
    double = cv2.resize(astronaut, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    mirrored = np.ascontiguousarray(astronaut[:, ::-1])
    plain, moved, large, flipped = find_faces(
        [astronaut, shifted, double, mirrored], runtime
    ).landmarks68
    eye = np.linalg.norm(plain[36] - plain[45])
    assert np.abs(moved - plain - (100, 50)).max() < 0.03 * eye
    assert np.abs((large + 0.5) / 2 - 0.5 - plain).max() < 0.03 * eye
    corners = flipped[[45, 36, 30]] * (-1, 1) + (511, 0)
    assert np.abs(corners - plain[[36, 45, 30]]).max() < 0.04 * eye


@pytest.mark.parametrize("degrees", [-30, -10, 10, 30])
def test_roll_is_positive_clockwise(runtime, astronaut, degrees):
    def roll(photo):
        return azure_angles(find_faces([photo], runtime).rotations)[0, 1]

    turned = Image.fromarray(astronaut).rotate(-degrees, Image.Resampling.BICUBIC)  # clockwise
    assert roll(np.asarray(turned)) - roll(astronaut) == pytest.approx(degrees, abs=3)


def test_angles_of_known_rotations():
    def turn(axis, degrees):
        a, out = math.radians(degrees), np.eye(3)
        i, j = [k for k in range(3) if k != axis]
        sign = -1 if axis == 1 else 1
        out[i, i] = out[j, j] = math.cos(a)
        out[i, j], out[j, i] = -sign * math.sin(a), sign * math.sin(a)
        return out

    rotation = turn(2, -12.0) @ turn(1, 25.0) @ turn(0, -8.0)
    assert azure_angles(rotation[None])[0] == pytest.approx([8.0, 12.0, 25.0])


def test_views_show_meshes_where_they_say(runtime, astronaut):
    faces = find_faces([astronaut], runtime)
    view = View(1.25, 256)
    points = faces.view_meshes(view)[0]
    assert faces.view(view).shape == (1, 256, 256, 3)
    assert abs(points[33, 1] - points[263, 1]) < 0.5  # eyes are level
    assert 0 < points[:468].min() < points[:468].max() < 255
    x, y = np.round(points[[13, 14]].mean(axis=0)).astype(int)  # between the lips
    patch = faces.view(view)[0, y - 3 : y + 4, x - 3 : x + 4]
    where = np.round(faces.meshes[0, [13, 14], :2].mean(axis=0)).astype(int)
    source = astronaut[where[1] - 1 : where[1] + 2, where[0] - 1 : where[0] + 2]
    assert np.abs(patch.mean(axis=(0, 1)) - source.mean(axis=(0, 1))).max() < 25


def test_views_cut_together_are_those_cut_alone(runtime, astronaut, samples):
    photos = [astronaut, read(samples / "group.jpg")]
    together, alone = (find_faces(photos, runtime) for _ in range(2))
    views = [View(2.4, 64), View(1.0, 256), View(1.4, 224, 0.35)]
    together.cut(views)
    for view in views:
        assert (together.view(view) == alone.view(view)).all()


def test_batching_changes_nothing(runtime, astronaut, samples):
    group = read(samples / "group.jpg")
    alone = find_faces([group], runtime)
    together = find_faces([astronaut, group, astronaut], runtime)
    assert np.abs(together.meshes[together.photo == 1] - alone.meshes).max() < 0.01
    parts = list(together.split(3))
    assert [len(part) for part in parts] == [3, 3, 1]
    assert (np.concatenate([part.meshes for part in parts]) == together.meshes).all()


@pytest.mark.parametrize("shape", [(16, 16), (20, 20000), (1, 1), (700, 3)])
def test_odd_shapes_are_no_trouble(runtime, shape):
    assert len(find_faces([np.zeros((*shape, 3), np.uint8)], runtime)) == 0


def test_no_photos_no_faces(runtime):
    faces = find_faces([], runtime)
    assert len(faces) == 0
    assert faces.landmarks68.shape == (0, 68, 2)
    assert faces.view(View(1.1, 224)).shape == (0, 224, 224, 3)
