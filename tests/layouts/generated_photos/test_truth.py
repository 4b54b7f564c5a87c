"""Synthetic faces: truth in place of estimates, and said which."""

import json
import shutil
import sys

import pytest

from facewright import Dataset
from facewright.engine.exporting import export_layout
from facewright.engine.generating import generate
from facewright.engine.importing import import_layout
from facewright.generate.spec import Spec
from facewright.layouts.generated_photos.truth import with_truth
from facewright.truth import Truth

PROGRAM = """
import json, sys
from PIL import Image
face = Image.open({photo!r}).convert("RGB").crop((100, 0, 400, 300))
groups = dict(jaw=17, right_eyebrow=5, left_eyebrow=5, nose=9, right_eye=6, left_eye=6, mouth=20)
for line in sys.stdin:
    order = json.loads(line)
    face.resize((order["size"], order["size"])).save(order["output"])
    truth = {{f"landmarks.{{g}}": [[10.0, 20.0]] * n for g, n in groups.items()}}
    truth |= {{"sex": "male", "age": 77.0, "eye_color": "dark-brown", "hair_color": "white"}}
    truth |= {{"beard": "stubble", "emotion": "anger", "strength": 0.75, "bald": False}}
    print(json.dumps({{"key": order["key"], "truth": truth}}), flush=True)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory, samples):
    place = tmp_path_factory.mktemp("made")
    (place / "make.py").write_text(PROGRAM.format(photo=str(samples / "astronaut.png")))
    command = [sys.executable, str(place / "make.py")]
    given = {"generator": "command", "size": 192, "count": 1, "options": {"command": command}}
    generate(Spec.from_dict(given), place / "set", workers=1)
    return place / "set"


def test_truth_is_written_and_named_and_read_again(made, tmp_path):
    export_layout(Dataset.open(made), "generated-photos", tmp_path / "out")
    (path,) = (tmp_path / "out" / "metadata").glob("*.json")
    entry = json.loads(path.read_text())
    said = entry["FaceAttributes"]
    assert (said["gender"], said["age"], said["eye_color"]) == ("male", 77, "brown")
    assert said["hair"]["hairColor"] == [{"color": "gray", "confidence": 1.0}]
    assert said["emotion"]["anger"] == 0.75
    assert said["emotion"]["neutral"] == 0.25
    assert entry["FaceLandmarks"]["nose"] == [[10.0, 20.0]] * 9
    estimates = Dataset.open(made).record(Dataset.open(made).face_ids[0])
    assert said["facialHair"]["beard"] == estimates["facial_hair"]["beard"]
    assert said["headPose"]["yaw"] == estimates["head_pose"]["yaw"]
    assert entry["Truth"] == [
        "FaceLandmarks", "gender", "emotion", "hair.hairColor", "hair.bald", "eye_color", "age",
    ]  # fmt: skip

    shutil.rmtree(tmp_path / "out" / "facewright")  # as anybody else's copy of the layout
    import_layout("generated-photos", tmp_path / "out", tmp_path / "again", workers=1)
    (record,) = Dataset.open(tmp_path / "again")
    assert (record["sex"], record["age"]) == ("male", 77)
    export_layout(Dataset.open(tmp_path / "again"), "generated-photos", tmp_path / "twice")
    assert json.loads((tmp_path / "twice" / "metadata" / path.name).read_text()) == entry


def blank(**known):
    truth = dict.fromkeys(Truth.model_fields)
    return {**truth, **known}


@pytest.mark.parametrize(
    ("known", "column", "value"),
    [
        ({"sex": "neither"}, "sex", "female"),
        ({"hair_length": "bob"}, "hair", None),
        ({"hair_color": "brown", "bald": True}, "hair", {"bald": 1.0, "color": None}),
        ({"eye_color": "grey"}, "eye_color", "gray"),
        ({"beard": "full"}, "facial_hair", {"beard": 1.0, "moustache": None}),
        ({"moustache": False}, "facial_hair", {"moustache": 0.0, "sideburns": None}),
        ({"eye_makeup": True}, "makeup", {"eye": True, "lip": None}),
        ({"ethnicity": {"white": 0.7, "black": 0.3}}, "apparent_ethnicity", "white"),
        ({"ethnicity": {"white": 0.5, "black": 0.5}}, "apparent_ethnicity", None),
        ({"head_pose": {"yaw": 1.0, "pitch": None, "roll": 0.0}}, "head_pose", None),
        ({"emotion": "joy"}, "emotion", None),
    ],
)
def test_what_is_known_and_understood_replaces_the_estimate(known, column, value):
    row = {**dict.fromkeys(("hair", "facial_hair", "makeup", "head_pose", "emotion")),
           "sex": "female", "apparent_ethnicity": None, "eye_color": "blue"}  # fmt: skip
    found, _ = with_truth(row, blank(**known))
    got = found[column]
    if isinstance(value, dict):
        got = {name: got[name] for name in value}
    assert got == value


def test_without_truth_nothing_changes():
    row = {"sex": "male"}
    assert with_truth(row, None) == (row, [])
    assert with_truth(row, blank()) == (row, [])
