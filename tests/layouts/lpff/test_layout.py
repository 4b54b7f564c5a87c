import copy
import json
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright import Dataset, Recipe, build
from facewright.align.realign import REALIGN2400
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout
from facewright.errors import LayoutError, UsageError
from facewright.layouts.lpff.layout import LPFF
from facewright.layouts.lpff.read import crop_quads
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

OWNER = "100004356@N06_21795165006"
IDS = [f"{OWNER}_01", "30863942@N00_2165775309_12", f"{OWNER}_03"]
# The published label of the first of these faces.
CAMERA = [
    *(0.8436030745506287, -0.05643552541732788, 0.5339932441711426, -1.3756788969039917),
    *(0.1792474240064621, -0.907820999622345, -0.3791190981864929, 0.9812977910041809),
    *(0.5061661005020142, 0.41554296016693115, -0.7557247281074524, 2.105839967727661),
    *(0.0, 0.0, 0.0, 1.0, 4.2647, 0.0, 0.5, 0.0, 4.2647, 0.5, 0.0, 0.0, 1.0),
]


def info(face_id: str) -> dict:
    """An entry of info.json as the published description has it."""
    raw = face_id.rsplit("_", 1)[0]
    owner, photo = raw.split("_")
    return {
        "raw_image_name": raw,
        "image_info": {
            "photo_id": photo,
            "user_id": owner,
            "photo_url": f"https://www.flickr.com/photos/{owner}/{photo}/",
            "server": "5727",
            "secret": "809c964c3a",
            "originalsecret": "4840597377",
            "originalformat": "jpg",
            "low_resolution_download_url": f"https://live.staticflickr.com/{photo}_z_d.jpg",
            "high_resolution_download_url": f"https://live.staticflickr.com/{photo}_o_d.jpg",
            "license": {
                "name": "Attribution License",
                "url": "https://creativecommons.org/licenses/by/2.0/",
            },
            "username": "cbcmemberphotos2477",
        },
    }


def published() -> dict:
    """Three faces of two photos; small pictures stand for the published sizes."""
    files: dict = {
        "info.json": {face_id: info(face_id) for face_id in IDS},
        "camera_parameters.json": dict.fromkeys(IDS, CAMERA),
        "raw_lm.json": {
            face_id: [[round(x), round(y)] for x, y in face_points(300 + 40 * n, 210, 60)]
            for n, face_id in enumerate(IDS)
        },
        "realign2400_lm.json": {
            face_id: face_points(1200.2045419386684, 1046.78209501742, 333) for face_id in IDS
        },
        f"raw/{OWNER}.jpg": png(800),
        "raw/30863942@N00_2165775309.png": png(700),
    }
    for n, face_id in enumerate(IDS):
        files[f"crop/eg3d/{face_id}.png"] = png(512, (n, 0, 0))
        files[f"crop/stylegan/{face_id}.png"] = png(1024, (n, 1, 0))
        files[f"realign2400/{face_id}.png"] = png(2400, (n, 1, 1))
    return files


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return write_tree(tmp_path_factory.mktemp("lpff") / "in", published())


def read(root):
    found = Tree(root)
    assert LPFF.recognises(found)
    return list(LPFF.read(found))


def test_reads_the_published_structure(tree):
    files = published()
    two, one = read(tree)
    assert (two.photo_id, two.key) == (OWNER, f"raw/{OWNER}.jpg")
    assert [face.face_id for face in two.faces] == [IDS[0], IDS[2]]
    assert two.columns == {
        "author": "cbcmemberphotos2477",
        "licence": "Attribution License",
        "licence_url": "https://creativecommons.org/licenses/by/2.0/",
        "source_url": "https://www.flickr.com/photos/100004356@N06/21795165006/",
    }
    assert two.picture is not None
    face = two.faces[1]
    crops = {crop.alignment: content(crop) for crop in face.crops}
    assert crops == {
        "lpff-stylegan": files[f"crop/stylegan/{IDS[2]}.png"],
        "eg3d": files[f"crop/eg3d/{IDS[2]}.png"],
        "realign2400": files[f"realign2400/{IDS[2]}.png"],
    }
    assert landmarks(face) == files["raw_lm.json"][IDS[2]]
    assert face.extra == {
        name: files[name][IDS[2]]
        for name in ("info.json", "camera_parameters.json", "raw_lm.json", "realign2400_lm.json")
    }
    assert only_face(one).face_id == IDS[1]


def test_the_places_of_the_crops_follow_from_the_points():
    """A face whose points on the realigned picture are its own: its crop is where FFHQ's is."""
    points = np.array(face_points(300, 210, 60))
    square = REALIGN2400.quad(points)
    axes = np.stack([square[3] - square[0], square[1] - square[0]], axis=1)
    seen = np.linalg.solve(axes, (points - square[0]).T).T * 2400 - 0.5
    quads = crop_quads(points, seen)
    centre = square.mean(axis=0)
    expected = centre + (square - centre) / 1.8  # FFHQ's square is the 1.8th part
    assert np.allclose(np.reshape(quads["crop/stylegan"], (4, 2)), expected, atol=1e-6)
    assert np.allclose(np.reshape(quads["realign2400"], (4, 2)), square)
    low, high = np.reshape(quads["crop/eg3d"], (4, 2))[[0, 2]]
    assert (low < points[36]).all()
    assert (high > points[54]).all()


def test_reads_unsplash_and_pexels(tmp_path):
    urls = {
        "guess-attic-girl-woman-pretty_01": "https://images.pexels.com/photos/34525/guess.jpg",
        "a-man_02": "https://images.unsplash.com/photo-1?x=[",
        "someone_01": "https://notpexels.com/x.jpg",
    }
    files = {"info.json": urls, "camera_parameters.json": dict.fromkeys(urls, CAMERA)}
    items = read(write_tree(tmp_path, files))
    assert [item.photo_id for item in items] == [
        "guess-attic-girl-woman-pretty",
        "a-man",
        "someone",
    ]
    assert [item.columns["licence"] for item in items] == ["Pexels License", None, None]
    assert items[0].columns["source_url"] == urls["guess-attic-girl-woman-pretty_01"]
    assert items[0].faces[0].extra == {
        "info.json": urls["guess-attic-girl-woman-pretty_01"],
        "camera_parameters.json": CAMERA,
    }


def test_reads_whatever_part_is_there(tmp_path):
    files = published()
    only = {name: data for name, data in files.items() if name.startswith("crop/eg3d")}
    items = read(write_tree(tmp_path / "crops", only))
    assert [face.face_id for item in items for face in item.faces] == [IDS[0], IDS[2], IDS[1]]
    assert items[0].faces[0].crops[0].quad is None
    points = {"raw_lm.json": files["raw_lm.json"]}
    items = read(write_tree(tmp_path / "points", points))
    assert [len(item.faces) for item in items] == [2, 1]
    assert all(item.problem is None for item in items)
    some = {name: data for name, data in files.items() if "2165775309" not in name}
    there, gone = read(write_tree(tmp_path / "some", some))
    assert there.problem is None
    assert gone.problem == ("missing", f"there is no picture of {IDS[1]}")
    extra = {**only, "raw/nobody.png": png(30)}
    assert read(write_tree(tmp_path / "extra", extra))[-1].faces == ()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("camera_parameters.json", CAMERA[:24], "must be a list of 25, not 24 items"),
        ("camera_parameters.json", [*CAMERA[:24], "1"], "must hold numbers, not text"),
        ("camera_parameters.json", [*CAMERA[:24], float("nan")], "NaN is no JSON number"),
        ("camera_parameters.json", {"a": 1}, "must be a list of 25, not an object"),
        ("raw_lm.json", [[1, 2]] * 67, "must be a list of 68, not 67 items"),
        ("realign2400_lm.json", None, "must be a list of 68, not null"),
        ("info.json", 7, "must be an object, not a number"),
        ("info.json", {"image_info": []}, "image_info must be an object, not a list"),
        ("info.json", {"image_info": {"license": "BY"}}, "license must be an object, not text"),
        ("info.json", {"image_info": {"username": 3}}, "username must be text"),
    ],
)
def test_a_broken_entry_is_excluded_by_name_and_the_others_stay(tmp_path, name, value, said):
    files = {k: copy.deepcopy(v) for k, v in published().items() if k.endswith(".json")}
    files[name][IDS[2]] = value
    bad, *good = read(write_tree(tmp_path, files))
    assert bad.photo_id == IDS[2]
    assert bad.problem is not None
    assert bad.problem[0] == "bad_entry"
    assert bad.problem[1].startswith(f"{name}: '{IDS[2]}'")
    assert said in bad.problem[1]
    assert [[face.face_id for face in item.faces] for item in good] == [[IDS[0]], [IDS[1]]]


def test_ids_of_another_form_and_keys_that_come_twice_are_excluded(tmp_path):
    text = f'{{"../x": {CAMERA}, "a_01": {CAMERA}, "a_01": {CAMERA}, "b_01": {CAMERA}}}'
    items = read(write_tree(tmp_path, {"camera_parameters.json": text}))
    assert [(item.photo_id, bool(item.problem)) for item in items] == [
        ("../x", True),
        ("a_01", True),
        ("b", False),
    ]


@pytest.mark.parametrize("text", ["[]", '{"a_01": [1,}', "{} {}", ""])
def test_a_json_that_is_none_is_one_clear_error(tmp_path, text):
    write_tree(tmp_path, {"raw_lm.json": text})
    with pytest.raises(LayoutError, match=r"raw_lm\.json"):
        list(LPFF.read(Tree(tmp_path)))


def test_what_was_imported_is_written_back_word_for_word(tree, tmp_path):
    import_layout("lpff", tree, tmp_path / "ds", workers=1)
    imported = Dataset.open(tmp_path / "ds")
    assert imported.face_ids == [IDS[0], IDS[2], IDS[1]]
    report = export_layout(imported, "lpff", tmp_path / "out")
    assert report.left_out == ()
    written, expected = files_of(tmp_path / "out"), published()
    assert set(written) == set(expected)
    for name, data in expected.items():
        assert (json.loads(written[name]) if name.endswith(".json") else written[name]) == data
    repeated = Export(imported.select([IDS[2], IDS[0], IDS[2]]))
    names = LPFF.write(repeated, FolderSink(tmp_path / "repeated"))
    assert names == [IDS[2], IDS[0], f"{OWNER}_04"]
    cameras = json.loads((tmp_path / "repeated/camera_parameters.json").read_text())
    assert cameras == dict.fromkeys(names, CAMERA)


@pytest.fixture(scope="module")
def built(tmp_path_factory, samples) -> Dataset:
    root = tmp_path_factory.mktemp("lpff")
    (root / "photos").mkdir()
    shutil.copy(samples / "astronaut.png", root / "photos")
    recipe = Recipe(crops=("lpff-stylegan:1024", "eg3d:512"), annotators=("geometry",))
    build(root / "photos", root / "ds", recipe, workers=1)
    return Dataset.open(root / "ds")


def test_a_built_dataset_comes_back_the_same_and_what_it_lacks_is_named(built, tmp_path):
    report = export_layout(built, "lpff", tmp_path / "out")
    assert dict(report.left_out) == {
        "camera_parameters.json": "1 of 1 faces lack it",
        "realign2400": "1 of 1 faces lack it",
        "realign2400_lm.json": "1 of 1 faces lack it",
    }
    (face_id,) = built.face_ids
    photo_id = face_id.rsplit("_", 1)[0]
    assert set(files_of(tmp_path / "out")) == {
        f"crop/eg3d/{face_id}.png",
        f"crop/stylegan/{face_id}.png",
        f"raw/{photo_id}.png",
        "raw_lm.json",
        "info.json",
    }
    import_layout("lpff", tmp_path / "out", tmp_path / "back", workers=1)
    back = Dataset.open(tmp_path / "back")
    drop = ["crops", "origin", "null_reasons"]
    assert back.table().drop_columns(drop).equals(built.table().drop_columns(drop))
    for crop in ("lpff-stylegan:1024", "eg3d:512"):
        assert bytes(back.image(face_id, crop)) == bytes(built.image(face_id, crop))
    export_layout(built, "lpff", tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(tmp_path / "out")


def test_the_layout_by_itself_holds_points(built, tmp_path):
    export_layout(built, "lpff", tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "facewright")
    (item,) = read(tmp_path / "out")
    record = built.record(built.face_ids[0])
    assert only_face(item).columns["landmarks.nose"] == record["landmarks"]["nose"]


def test_a_dataset_without_its_crops_and_a_size_are_refused(dataset, built, tmp_path):
    with pytest.raises(UsageError, match="lpff-stylegan:1024"):
        export_layout(dataset, "lpff", tmp_path / "out")
    with pytest.raises(UsageError, match="fixed sizes"):
        export_layout(built, "lpff", tmp_path / "out", ExportOptions(size=256))
    assert not (tmp_path / "out").exists()


json_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["a_01", "a_02", "b", "c_1", "_01"]), json_data))
def test_any_info_is_read_or_named(tmp_path_factory, value):
    root = write_tree(tmp_path_factory.mktemp("any"), {"info.json": value})
    items = list(LPFF.read(Tree(root)))
    named = [item.photo_id for item in items if item.problem]
    faces = [face.face_id for item in items for face in item.faces]
    assert sorted([*named, *faces]) == sorted(value)
