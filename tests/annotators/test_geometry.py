import numpy as np
import pytest

from facewright.annotators.geometry import GEOMETRY, LANDMARK_GROUPS
from facewright.record import Landmarks68, Record
from facewright.schema import to_table
from facewright.vision.faces import find_faces


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
    for name in ("head_pose.yaw", "head_pose.roll"):
        assert found[name][0] == pytest.approx(-found[name][1], abs=2)
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
