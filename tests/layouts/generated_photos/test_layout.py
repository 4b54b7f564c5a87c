import copy
import json
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright import Dataset
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout
from facewright.layouts.generated_photos.layout import GENERATED_PHOTOS
from facewright.layouts.seam.export import Export, ExportOptions
from facewright.layouts.seam.sink import FolderSink
from facewright.layouts.seam.tree import Tree
from helpers.layout_trees import (
    content,
    face_points,
    files_of,
    landmarks,
    only_face,
    png,
    write_tree,
)

POINTS = face_points(128, 110, 60)
GROUPS = {
    "mouth": POINTS[48:68],
    "right_eyebrow": POINTS[17:22],
    "left_eyebrow": POINTS[22:27],
    "right_eye": POINTS[36:42],
    "left_eye": POINTS[42:48],
    "nose": POINTS[27:36],
    "jaw": POINTS[0:17],
}
EMOTION = {
    "anger": 0.0,
    "contempt": 0.0,
    "disgust": 0.0,
    "fear": 0.0,
    "happiness": 0.9,
    "neutral": 0.1,
    "sadness": 0.0,
    "surprise": 0.0,
}
ENTRY = {
    "FaceLandmarks": GROUPS,
    "FaceAttributes": {
        "headPose": {"pitch": -1.2, "roll": 0.0, "yaw": 12.5},
        "gender": "female",
        "makeup": {"eyeMakeup": True, "lipMakeup": False},
        "emotion": EMOTION,
        "facialHair": {"moustache": 0.0, "beard": 0.1, "sideburns": 0.1},
        "hair": {
            "hairColor": [
                {"color": "brown", "confidence": 0.98},
                {"color": "black", "confidence": 0.4},
            ],
            "hairLength": "long",
            "bald": 0.02,
        },
        "occlusion": {"foreheadOccluded": False, "eyeOccluded": False, "mouthOccluded": True},
        "ethnicity": "latino",
        "eye_color": "grey",
        "smile": 0.9,
        "age": 23,
    },
}
KNOWN = {
    "head_pose.pitch": -1.2,
    "head_pose.roll": 0.0,
    "head_pose.yaw": 12.5,
    "sex": "female",
    "makeup.eye": True,
    "makeup.lip": False,
    **{f"emotion.{name}": value for name, value in EMOTION.items()},
    "facial_hair.moustache": 0.0,
    "facial_hair.beard": 0.1,
    "facial_hair.sideburns": 0.1,
    "hair.color": ENTRY["FaceAttributes"]["hair"]["hairColor"],  # type: ignore[index]
    "hair.length": "long",
    "hair.bald": 0.02,
    "occlusion.forehead": False,
    "occlusion.eye": False,
    "occlusion.mouth": True,
    "eye_color": "gray",
    "smile": 0.9,
    "age": 23.0,
}


def attributes(face):
    return {k: v for k, v in face.columns.items() if not k.startswith("landmarks.")}


def read(root):
    return list(GENERATED_PHOTOS.read(Tree(root)))


def respelt(data):
    """The same data with other spellings of the keys, and numbers as text."""
    if isinstance(data, dict):
        return {_spelling(key): respelt(value) for key, value in data.items()}
    if isinstance(data, list):
        return [respelt(item) for item in data]
    return str(data) if isinstance(data, int | float) else data


def _spelling(key):
    if key in {"color", "confidence"} or key in EMOTION:
        return key
    words = key.split("_")
    return words[0][0].lower() + words[0][1:] + "".join(word.title() for word in words[1:])


@pytest.mark.parametrize("entry", [ENTRY, respelt(ENTRY)], ids=["published", "other spellings"])
@pytest.mark.parametrize("folders", [("", ""), ("images/", "metadata/"), ("a/b/", "json/")])
def test_reads_pictures_with_their_json(tmp_path, entry, folders):
    assert entry is ENTRY or "faceLandmarks" in entry
    images, texts = folders
    files = {f"{images}0001.jpg": png(256), f"{texts}0001.json": entry}
    (item,) = read(write_tree(tmp_path, files))
    face = only_face(item)
    assert (item.photo_id, item.key, face.name) == ("0001", *[f"{images}0001.jpg"] * 2)
    assert landmarks(face) == [[round(x, 2), round(y, 2)] for x, y in POINTS]
    assert attributes(face) == KNOWN
    assert content(face.crops[0]) == png(256)
    assert item.picture is None
    assert face.extra == entry  # "latino" as well
    assert item.columns["author"] == "Generated Photos"
    assert item.columns["licence_url"] == "https://generated.photos/datasets"
    assert "research" in item.columns["licence"]
    assert GENERATED_PHOTOS.recognises(Tree(tmp_path)) == (images == "images/")


def test_what_is_not_understood_is_not_guessed(tmp_path):
    attrs = {
        "gender": 0.7,
        "age": "young-adult",
        "ethnicity": {"white": 0.5},
        "smile": True,
        "headPose": "front-facing",
        "hair": {"hairColor": "brown", "hairLength": 3, "bald": "2"},
        "makeup": {"eyeMakeup": "maybe", "lipMakeup": 0.5},
        "emotion": "joy",
        "eye_color": "Blue",
        "something": {"new": 1},
    }
    write_tree(tmp_path, {"a.png": png(), "a.json": {"FaceAttributes": attrs}})
    face = only_face(read(tmp_path)[0])
    assert face.columns == {"eye_color": "blue"}
    assert face.extra == {"FaceAttributes": attrs}


def test_reads_whatever_part_is_there(tmp_path):
    files = {"a.png": png(), "b.json": ENTRY, "LICENSE.txt": "terms", "croissant.json": {}}
    picture, entry = read(write_tree(tmp_path, files))
    assert (picture.photo_id, only_face(picture).columns, len(only_face(picture).crops)) == (
        "a",
        {},
        1,
    )
    assert (entry.photo_id, attributes(only_face(entry)), only_face(entry).crops) == (
        "b",
        KNOWN,
        [],
    )


def test_namesakes_are_kept_apart(tmp_path):
    files = {"x/a.png": png(), "y/a.png": png(33), "x/a.json": ENTRY, "z/a.json": ENTRY}
    first, second, loose = read(write_tree(tmp_path, files))
    assert [item.photo_id for item in (first, second, loose)] == ["a", "a#2", "a#3"]
    assert [bool(only_face(item).columns) for item in (first, second, loose)] == [True, False, True]
    write_tree(tmp_path / "two", {"a.png": png(), "a.json": ENTRY, "more/a.json": ENTRY})
    good, bad = read(tmp_path / "two")
    assert good.problem is None
    assert bad.problem == ("bad_entry", "more/a.json: another file describes a.png")


def changed(change):
    entry = copy.deepcopy(ENTRY)
    change(entry)
    return entry


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"FaceAttributes": {"smile": NaN}}', "NaN is no JSON number"),
        ('{"FaceAttributes": {"age": 1, "age": 2}}', "the key 'age' comes twice"),
        (b"\xff", "is not UTF-8"),
        ([ENTRY], "must hold an object"),
        ({"a": 1}, "neither FaceLandmarks nor FaceAttributes"),
        ({"FaceAttributes": []}, "FaceAttributes must be an object"),
        ({"FaceLandmarks": POINTS}, "FaceLandmarks must be an object of seven groups"),
        ({"FaceLandmarks": {}, "faceLandmarks": {}}, "FaceLandmarks twice, once spelt"),
        (changed(lambda e: e["FaceLandmarks"].pop("jaw")), "FaceLandmarks.jaw is missing"),
        (changed(lambda e: e["FaceLandmarks"].update(jaw=[])), "jaw must be a list of 17, not 0"),
        (
            changed(lambda e: e["FaceLandmarks"].update(nose=[[1, "x"]] * 9)),
            "nose must hold numbers, not null",
        ),
        (changed(lambda e: e["FaceLandmarks"].update(nose="x")), "nose must be a list of 9"),
    ],
)
def test_a_broken_file_is_excluded_by_name_and_the_others_stay(tmp_path, entry, said):
    files = {"a.png": png(), "a.json": entry, "b.png": png(), "b.json": ENTRY}
    bad, good = read(write_tree(tmp_path, files))
    assert bad.problem is not None
    assert bad.problem[0] == "bad_entry"
    assert bad.problem[1].startswith("a.json")
    assert said in bad.problem[1]
    assert good.problem is None


def test_points_may_be_objects_and_text(tmp_path):
    groups = {name: [{"X": x, "y": str(y)} for x, y in points] for name, points in GROUPS.items()}
    write_tree(tmp_path, {"a.json": {"FaceLandmarks": groups}})
    face = only_face(read(tmp_path)[0])
    assert landmarks(face) == [[round(x, 2), round(y, 2)] for x, y in POINTS]


def test_what_was_imported_is_written_back_in_published_spelling(tmp_path):
    other = {"faceLandmarks": GROUPS, "face_attributes": {"Age": "23", "more": [1.10]}, "id": 7}
    files = {"a.png": png(256), "a.json": ENTRY, "b.png": png(256, (1, 2, 3)), "b.json": other}
    write_tree(tmp_path / "in", files)
    import_layout("generated-photos", tmp_path / "in", tmp_path / "ds", workers=1)
    imported = Dataset.open(tmp_path / "ds")
    export_layout(imported, "generated-photos", tmp_path / "out")
    written = files_of(tmp_path / "out")
    assert {name for name in written if "/" in name} == {
        "images/a.png",
        "images/b.png",
        "metadata/a.json",
        "metadata/b.json",
    }
    assert written["images/b.png"] == files["b.png"]
    assert json.loads(written["metadata/a.json"]) == ENTRY
    assert json.loads(written["metadata/b.json"]) == {
        "FaceLandmarks": GROUPS,
        "FaceAttributes": {"age": "23", "more": [1.1]},
        "id": 7,
    }
    options = ExportOptions(size=64)
    repeated = Export(imported.select([imported.face_ids[1], imported.face_ids[1]]), options)
    names = GENERATED_PHOTOS.write(repeated, FolderSink(tmp_path / "small"))
    assert names == ["images/b.png", "images/b~2.png"]
    small = json.loads((tmp_path / "small/metadata/b~2.json").read_text())
    expected = (np.array(GROUPS["mouth"]) + 0.5) / 4 - 0.5
    assert np.allclose(small["FaceLandmarks"]["mouth"], expected, atol=0.011)
    assert small["id"] == 7


def test_a_built_dataset_comes_back_the_same(dataset, tmp_path):
    report = export_layout(dataset, "generated-photos", tmp_path / "out")
    assert report.left_out == ()
    import_layout("generated-photos", tmp_path / "out", tmp_path / "back", workers=1)
    back = Dataset.open(tmp_path / "back")
    by_id = back.select(dataset.face_ids)
    drop = ["crops", "origin", "null_reasons"]
    assert by_id.table().drop_columns(drop).equals(dataset.table().drop_columns(drop))
    for face_id in dataset.face_ids:
        assert bytes(back.image(face_id)) == bytes(dataset.image(face_id))
    export_layout(dataset, "generated-photos", tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(tmp_path / "out")


def test_the_layout_by_itself_has_the_published_names(dataset, tmp_path):
    export_layout(dataset, "generated-photos", tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "facewright")
    face_id = dataset.face_ids[0]
    entry = json.loads((tmp_path / f"out/metadata/{face_id}.json").read_text())
    assert list(entry) == ["FaceLandmarks", "FaceAttributes"]
    assert list(entry["FaceLandmarks"]) == list(GROUPS)
    attrs = entry["FaceAttributes"]
    published = ENTRY["FaceAttributes"]
    assert list(attrs) == list(published)
    for key, value in published.items():
        if isinstance(value, dict):
            assert list(attrs[key]) == list(value)
    record = dataset.record(face_id)
    assert (attrs["gender"], attrs["age"]) == (record["sex"], record["age"])
    assert attrs["ethnicity"] == record["apparent_ethnicity"]
    points = np.concatenate([entry["FaceLandmarks"][name] for name in GROUPS])
    assert ((points > 0) & (points < 128)).all()
    assert GENERATED_PHOTOS.recognises(Tree(tmp_path / "out"))
    items = {item.photo_id: item for item in read(tmp_path / "out")}
    face = only_face(items[face_id])
    assert face.columns["smile"] == record["smile"]
    assert face.columns["head_pose.yaw"] == record["head_pose"]["yaw"]


json_data = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(ENTRY["FaceAttributes"])), json_data))
def test_any_attributes_are_read_and_kept(tmp_path_factory, value):
    root = write_tree(tmp_path_factory.mktemp("any"), {"a.json": {"FaceAttributes": value}})
    (item,) = read(root)
    assert only_face(item).extra == {"FaceAttributes": value}
