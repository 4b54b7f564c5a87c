import numpy as np
import pytest
from PIL import Image

from facewright.annotators.geometry import GEOMETRY, LANDMARK_GROUPS
from facewright.annotators.pixels.eyelids import STATES, lid_probabilities
from facewright.annotators.pixels.gaze import gaze_angles, gaze_features
from facewright.record import BLENDSHAPE_NAMES, Landmarks68, Record
from facewright.schema import to_table
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    return Runtime()


@pytest.fixture(scope="module")
def astronaut(samples) -> np.ndarray:
    return np.asarray(Image.open(samples / "astronaut.png").convert("RGB"))


def describe(photos, runtime):
    return GEOMETRY.annotate(find_faces(photos, runtime), {}, runtime)


def test_groups_hold_the_68_points_in_order():
    rows = np.concatenate([np.arange(68)[where] for where in LANDMARK_GROUPS.values()])
    assert rows.tolist() == list(range(68))
    assert list(LANDMARK_GROUPS) == list(Landmarks68.model_fields)


def test_the_astronaut_and_her_mirror_image(runtime, astronaut):
    found = describe([astronaut, np.ascontiguousarray(astronaut[:, ::-1])], runtime)
    assert set(found) == set(GEOMETRY.card.gives)
    assert (found["mesh_presence"] > 0.99).all()
    assert found["eye_state.left"].tolist() == ["open", "open"]
    for name in ("head_pose.yaw", "head_pose.roll"):
        assert found[name][0] == pytest.approx(-found[name][1], abs=2)
    assert found["gaze.pitch"][0] == pytest.approx(found["gaze.pitch"][1], abs=4)
    right, left = found["landmarks.right_eye"], found["landmarks.left_eye"]
    assert (right[..., 0].mean(axis=1) < left[..., 0].mean(axis=1)).all()


def test_the_columns_fit_the_record(runtime, astronaut):
    found = describe([astronaut], runtime)
    columns = {name: value for name, value in found.items() if not name.startswith("_")}
    table = to_table(Record, columns, 1).to_pylist()[0]
    assert len(table["mesh"]) == 478
    assert len(table["landmarks"]["jaw"]) == 17
    assert table["blendshapes"]["eyeBlinkLeft"] < 0.5


def test_no_faces(runtime):
    found = describe([np.zeros((64, 64, 3), np.uint8)], runtime)
    assert {len(values) for values in found.values()} == {0}


def shapes(**weights: float) -> np.ndarray:
    row = np.zeros((1, len(BLENDSHAPE_NAMES)), np.float32)
    for name, weight in weights.items():
        row[0, BLENDSHAPE_NAMES.index(name)] = weight
    return row


def test_gaze_signs_are_those_of_head_pose():
    """Up is positive; the picture's right, which is the subject's left, is positive."""
    rest = gaze_angles(gaze_features(shapes()))[0]
    up = gaze_angles(gaze_features(shapes(eyeLookUpLeft=0.8, eyeLookUpRight=0.8)))[0]
    left = gaze_angles(gaze_features(shapes(eyeLookOutLeft=0.8, eyeLookInRight=0.8)))[0]
    right = gaze_angles(gaze_features(shapes(eyeLookInLeft=0.8, eyeLookOutRight=0.8)))[0]
    assert up[0] - rest[0] > 10
    assert left[1] - rest[1] == pytest.approx(rest[1] - right[1], abs=1e-6)
    assert left[1] > right[1]


def test_lids_from_open_to_closed():
    blink_squint_opening = np.array([[0.05, 0.1, 0.35], [0.25, 0.8, 0.16], [0.6, 0.4, 0.08]])
    shares = lid_probabilities(blink_squint_opening)
    assert [STATES[k] for k in shares.argmax(axis=1)] == list(STATES)
    assert shares.sum(axis=1) == pytest.approx(1)
