import numpy as np
import pytest

from facewright.engine.import_annotate import Filler, Unseen
from facewright.limits import Limits

OF_THE_PHOTO = ("camera", "head_pose.roll", "landmarks.jaw", "quality.face_size")
OF_ANY_CROP = ("camera_density", "head_pose.yaw", "smile")


@pytest.fixture(scope="module")
def rows(samples):
    """What is filled of one picture, seen as the photo itself and as a crop of another."""
    data = (samples / "astronaut.png").read_bytes()
    faces = [Unseen({}, data, whole=whole) for whole in (True, False)]
    Filler().fill(faces, Limits())
    return [face.row for face in faces]


def test_a_photo_gives_everything(rows):
    photo, _ = rows
    assert all(photo[name] is not None for name in (*OF_THE_PHOTO, *OF_ANY_CROP))
    assert len(photo["camera"]) == 25


def test_a_crop_gives_no_value_that_means_the_photos_pixels_or_upright(rows):
    photo, crop = rows
    assert not set(OF_THE_PHOTO) & set(crop)
    assert [crop[name] for name in OF_ANY_CROP] == [photo[name] for name in OF_ANY_CROP]


def test_what_a_layout_states_stays(samples):
    stated = {"camera": np.eye(5).ravel().tolist(), "age": 99}
    face = Unseen(dict(stated), (samples / "astronaut.png").read_bytes())
    Filler().fill([face], Limits())
    assert {name: face.row[name] for name in stated} == stated
    assert face.row["sex"] == "female"
