import copy
import io
import json
import shutil
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facewright import Dataset
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout
from facewright.errors import LayoutError, UsageError
from facewright.layouts.ffhq.layout import FFHQ
from facewright.layouts.seam.export import Export, ExportOptions
from facewright.layouts.seam.sink import FolderSink
from facewright.layouts.seam.tree import Tree
from helpers.layout_trees import (
    content,
    face_points,
    files_of,
    landmarks,
    md5,
    only_face,
    pixel_md5,
    png,
    write_tree,
)

METADATA = {
    "photo_url": "https://www.flickr.com/photos/frumkin/1133484654/",
    "photo_title": "DSCF0899.JPG",
    "author": "Jeremy Frumkin",
    "country": "",
    "license": "Attribution-NonCommercial License",
    "license_url": "https://creativecommons.org/licenses/by-nc/2.0/",
    "date_uploaded": "2007-08-16",
    "date_crawled": "2018-10-10",
}


def part(path: str, data: bytes) -> dict:
    size = list(Image.open(io.BytesIO(data)).size)
    return {
        "file_url": "https://drive.google.com/uc?id=1xYlZIFM",
        "file_path": path,
        "file_size": len(data),
        "file_md5": md5(data),
        "pixel_size": size,
        "pixel_md5": pixel_md5(data),
    }


def entry(number: int, image: bytes, thumbnail: bytes, wild: bytes) -> dict:
    """An entry as the published description has it."""
    path = f"{number - number % 1000:05d}/{number:05d}.png"
    return {
        "category": "training" if number < 60000 else "validation",
        "metadata": dict(METADATA),
        "image": {
            **part(f"images1024x1024/{path}", image),
            "face_landmarks": face_points(512.25, 480.0000001, 250),
        },
        "thumbnail": part(f"thumbnails128x128/{path}", thumbnail),
        "in_the_wild": {
            **part(f"in-the-wild-images/{path}", wild),
            "face_rect": [60, 41, 143, 118],
            "face_landmarks": face_points(101.5, 80.123456789, 40),
            "face_quad": [[20.5, 5.0], [21, 170], [186, 169.5], [185.5, 4.5]],
        },
    }


PICTURES = {
    number: (png(1024, colour), png(128, colour), png(240, colour, 200))
    for number, colour in ((69999, (10, 90, 200)), (3, (120, 40, 60)))
}
ENTRIES = {str(number): entry(number, *pictures) for number, pictures in PICTURES.items()}


def published(**left_out: bool) -> dict:
    """Files of a set of two faces, of which parts can be left out."""
    files: dict = {"ffhq-dataset-v2.json": copy.deepcopy(ENTRIES), "LICENSE.txt": "terms"}
    for number, pictures in PICTURES.items():
        parts = ("image", "thumbnail", "in_the_wild")
        for name, data in zip(parts, pictures, strict=True):
            if not left_out.get(name):
                files[ENTRIES[str(number)][name]["file_path"]] = data
    if left_out.get("json"):
        del files["ffhq-dataset-v2.json"]
    return files


def read(root):
    tree = Tree(root)
    assert FFHQ.recognises(tree)
    return list(FFHQ.read(tree))


def test_reads_the_published_structure(tmp_path):
    first, second = read(write_tree(tmp_path, published()))
    assert (first.photo_id, second.photo_id) == ("69999", "00003")  # the JSON's order
    assert first.columns == {
        "author": "Jeremy Frumkin",
        "licence": "Attribution-NonCommercial License",
        "licence_url": "https://creativecommons.org/licenses/by-nc/2.0/",
        "source_url": METADATA["photo_url"],
        "title": "DSCF0899.JPG",
        "retrieved": "2018-10-10",
        "width": 240,
        "height": 200,
    }
    face = only_face(first)
    wild = ENTRIES["69999"]["in_the_wild"]
    assert np.allclose(landmarks(face), wild["face_landmarks"], atol=0.005)
    box = [face.columns[f"rectangle.{name}"] for name in ("left", "top", "width", "height")]
    assert box == [60, 41, 83, 77]
    assert [content(crop) for crop in face.crops] == list(PICTURES[69999][:2])
    assert [crop.alignment for crop in face.crops] == ["ffhq", "ffhq"]
    assert face.crops[0].quad == [20.5, 5, 21, 170, 186, 169.5, 185.5, 4.5]
    assert face.crops[0].picture.md5 == md5(PICTURES[69999][0])
    assert first.picture is not None
    assert first.picture.md5 == md5(PICTURES[69999][2])
    assert first.key == "in-the-wild-images/69000/69999.png"
    assert face.extra == ENTRIES["69999"]


def test_pictures_alone_flat_or_in_folders_are_read(tmp_path):
    flat = {"images1024x1024/00007.png": png(64), "images1024x1024/LICENSE.txt": "terms"}
    (item,) = read(write_tree(tmp_path / "flat", flat))
    assert (item.photo_id, item.key) == ("00007", "images1024x1024/00007.png")
    assert only_face(item).columns == {}
    assert item.picture is None
    folders = published(json=True, thumbnail=True, in_the_wild=True)
    assert [item.photo_id for item in read(write_tree(tmp_path / "v2", folders))] == [
        "00003",
        "69999",
    ]
    bare = write_tree(tmp_path / "images1024x1024", {"00000/00001.png": png(64)})
    assert [item.photo_id for item in FFHQ.read(Tree(bare))] == ["00001"]


def test_the_json_alone_describes_faces_without_pictures(tmp_path):
    files = published(image=True, thumbnail=True, in_the_wild=True)
    first, _ = read(write_tree(tmp_path, files))
    face = only_face(first)
    assert face.crops == []
    assert first.picture is None
    assert first.key == "69999"
    assert first.columns["width"] == 240
    assert face.extra == ENTRIES["69999"]


def test_thumbnails_alone_are_the_crops(tmp_path):
    first, _ = read(write_tree(tmp_path, published(image=True, in_the_wild=True)))
    assert [content(crop) for crop in only_face(first).crops] == [PICTURES[69999][1]]


def test_points_of_the_crop_count_where_the_photo_is_not_described(tmp_path):
    files = published(in_the_wild=True)
    for described in files["ffhq-dataset-v2.json"].values():
        del described["in_the_wild"]
    first, _ = read(write_tree(tmp_path, files))
    face = only_face(first)
    assert np.allclose(landmarks(face), ENTRIES["3"]["image"]["face_landmarks"], atol=0.005)
    assert face.crops[0].quad is None
    assert "width" not in first.columns
    assert first.key == "images1024x1024/69000/69999.png"


def test_version_1_paths_meet_folders_and_the_other_way_round(tmp_path):
    files = published(json=True, thumbnail=True, in_the_wild=True)
    old = copy.deepcopy(ENTRIES)
    for number, described in old.items():
        described["image"]["file_path"] = f"images1024x1024/{int(number):05d}.png"
    items = read(write_tree(tmp_path, {**files, "ffhq-dataset-v1.json": old}))
    assert [content(only_face(item).crops[0]) for item in items] == [
        pictures[0] for pictures in PICTURES.values()
    ]
    assert only_face(items[0]).crops[0].picture.md5 == md5(PICTURES[69999][0])


def test_pictures_that_the_json_does_not_name_come_last(tmp_path):
    files = {**published(), "images1024x1024/00000/00001.png": png(64)}
    assert [item.photo_id for item in read(write_tree(tmp_path, files))] == [
        "69999",
        "00003",
        "00001",
    ]


def test_an_entry_whose_files_are_gone_says_so(tmp_path):
    files = published()
    for name in [name for name in files if name.endswith("69999.png")]:
        del files[name]
    gone, there = read(write_tree(tmp_path, files))
    assert gone.problem is not None
    assert gone.problem[0] == "missing"
    assert "'69999'" in gone.problem[1]
    assert there.problem is None


def broken(change) -> dict:
    files = published()
    change(files["ffhq-dataset-v2.json"]["69999"])
    return files


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda e: e.update(in_the_wild=[1, 2]), "in_the_wild must be an object, not a list"),
        (lambda e: e["image"].update(file_path="../../etc/passwd.png"), "image.file_path leads"),
        (lambda e: e["image"].update(file_path="/etc/passwd.png"), "image.file_path leads"),
        (lambda e: e["image"].update(file_md5="no"), "image.file_md5 must be 32 hex digits"),
        (lambda e: e["image"].update(file_md5=7), "image.file_md5 must be text, not a number"),
        (lambda e: e["metadata"].update(author=["x"]), "metadata.author must be text"),
        (
            lambda e: e["in_the_wild"].update(face_landmarks=[[1, 2]] * 67),
            "in_the_wild.face_landmarks must be a list of 68, not 67 items",
        ),
        (
            lambda e: e["in_the_wild"]["face_landmarks"].__setitem__(9, [1, "x"]),
            "in_the_wild.face_landmarks must hold numbers, not text",
        ),
        (
            lambda e: e["in_the_wild"]["face_landmarks"].__setitem__(9, [1, 1e300]),
            "which no picture reaches",
        ),
        (lambda e: e["in_the_wild"].update(face_quad={"a": 1}), "face_quad must be a list of 4"),
        (lambda e: e["in_the_wild"].update(face_rect=None, face_quad=[[1]] * 4), "face_quad"),
        (lambda e: e["metadata"].update(author=float("nan")), "NaN is no JSON number"),
    ],
)
def test_a_broken_entry_is_excluded_by_name_and_the_others_stay(tmp_path, change, said):
    bad, good = read(write_tree(tmp_path, broken(change)))
    assert bad.problem is not None
    reason, detail = bad.problem
    assert reason == "bad_entry"
    assert detail.startswith("ffhq-dataset-v2.json: '69999'")
    assert said in detail
    assert good.problem is None


@pytest.mark.parametrize("value", [None, [], "text", 3])
def test_an_entry_that_is_no_object_is_excluded(tmp_path, value):
    files = published(json=True)
    (item, _, _) = read(write_tree(tmp_path, {**files, "ffhq-dataset-v2.json": {"12": value}}))
    assert item.problem is not None
    assert "'12' must be an object" in item.problem[1]


def test_keys_that_are_no_numbers_or_come_twice(tmp_path):
    one = json.dumps(ENTRIES["3"])
    text = f'{{"3": {one}, "x/../y": {one}, "003": {one}, "1": {{"a": 1, "a": 2}}, "2": 1e999}}'
    files = {**published(json=True), "ffhq-dataset-v2.json": text}
    items = read(write_tree(tmp_path, files))
    assert [item.photo_id for item in items] == ["00003", "x/../y", "00003", "00001", "00002",
                                                 "69999"]  # fmt: skip
    problems = [item.problem and item.problem[1].split(": ", 1)[1] for item in items]
    assert problems[1] == "'x/../y' is no picture's number"
    assert problems[3] == "'1': the key 'a' comes twice"
    assert problems[4] == "'2': 1e999 is no number that can be kept"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "must hold an object"),
        ("{", "not JSON"),
        ('{"0": {}', "not JSON"),
        ('{"0": {}} x', "something follows"),
        ('{"0" {}}', "':' must stand"),
        ("{0: {}}", "a key in quotes"),
        ('{"0": ' + "[" * 100_000, "not JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        ("", "must hold an object"),
    ],
)
def test_a_json_that_is_none_is_one_clear_error(tmp_path, text, said):
    write_tree(tmp_path, {"ffhq-dataset-v2.json": text})
    with pytest.raises(LayoutError, match=r"ffhq-dataset-v2\.json") as caught:
        list(FFHQ.read(Tree(tmp_path)))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_archive_is_read_in_place_and_names_stay_inside(tmp_path):
    place = tmp_path / "ffhq.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for name, data in published(json=True, in_the_wild=True).items():
            archive.writestr(f"ffhq-dataset/{name}", data)
        archive.writestr("../images1024x1024/00000/00005.png", png(64))
    items = read(place)
    assert [item.photo_id for item in items][:2] == ["00003", "00005"]
    import_layout("ffhq", place, tmp_path / "ds", workers=1)
    rows = Dataset.open(tmp_path / "ds").photos.arrow.to_pylist()
    assert {row["photo_id"]: row["reason"] for row in rows}["00005"] == "escapes"


@pytest.fixture(scope="module")
def imported(tmp_path_factory) -> Dataset:
    root = tmp_path_factory.mktemp("ffhq")
    write_tree(root / "published", published())
    import_layout("ffhq", root / "published", root / "ds", workers=1)
    return Dataset.open(root / "ds")


def test_what_was_imported_is_written_back_word_for_word(imported, tmp_path):
    report = export_layout(imported, "ffhq", tmp_path / "out")
    assert report.left_out == ()
    written = files_of(tmp_path / "out")
    text = json.dumps(ENTRIES)  # the order of all keys as well
    assert written["ffhq-dataset-v2.json"].decode() == text
    for name, data in published(json=True).items():
        if name.endswith(".png"):
            assert written[name] == data
    assert {name for name in written if name.endswith("LICENSE.txt")} == {
        "LICENSE.txt",
        "images1024x1024/LICENSE.txt",
        "thumbnails128x128/LICENSE.txt",
        "in-the-wild-images/LICENSE.txt",
    }
    terms = written["LICENSE.txt"].decode()
    assert "BY-NC-SA 4.0" in terms
    assert "1812.04948" in terms
    assert "2  Attribution-NonCommercial License" in terms


def test_checksums_are_checked(tmp_path):
    files = published()
    files["images1024x1024/69000/69999.png"] = png(1024, (1, 2, 3))
    write_tree(tmp_path / "in", files)
    import_layout("ffhq", tmp_path / "in", tmp_path / "ds", workers=1)
    photos = Dataset.open(tmp_path / "ds").photos.arrow.to_pylist()
    assert {row["photo_id"]: row["reason"] for row in photos} == {
        "69999": "checksum",
        "00003": None,
    }


def test_a_resized_export_describes_its_own_pictures(imported, tmp_path):
    export_layout(imported, "ffhq", tmp_path / "out", ExportOptions(size=256))
    written = files_of(tmp_path / "out")
    found = json.loads(written["ffhq-dataset-v2.json"])["3"]
    picture = written["images256x256/00000/00003.png"]
    image = found["image"]
    assert list(image) == list(ENTRIES["3"]["image"])
    assert (image["file_size"], image["file_md5"]) == (len(picture), md5(picture))
    assert (image["pixel_size"], image["pixel_md5"]) == ([256, 256], pixel_md5(picture))
    assert found["in_the_wild"] == ENTRIES["3"]["in_the_wild"]
    assert found["thumbnail"] == ENTRIES["3"]["thumbnail"]
    # the photo's points, seen through the quad
    wild = ENTRIES["3"]["in_the_wild"]
    corner, down, _, across = np.array(wild["face_quad"])
    axes = np.stack([across - corner, down - corner], axis=1)
    expected = np.linalg.solve(axes, (np.array(wild["face_landmarks"]) - corner).T).T * 256 - 0.5
    assert np.allclose(image["face_landmarks"], expected, atol=0.05)


def test_numbers_are_the_faces_own_or_their_places(imported, tmp_path):
    first, second = imported.face_ids
    export = Export(imported.select([second]))
    assert FFHQ.write(export, FolderSink(tmp_path / "one")) == ["00003"]
    export = Export(imported.select([second, first, second]))
    assert FFHQ.write(export, FolderSink(tmp_path / "three")) == ["00000", "00001", "00002"]
    entries = json.loads((tmp_path / "three/ffhq-dataset-v2.json").read_text())
    assert list(entries) == ["0", "1", "2"]
    path = "images1024x1024/00000/00001.png"
    assert entries["1"]["image"] == {**ENTRIES["69999"]["image"], "file_path": path}
    assert (tmp_path / "three" / path).read_bytes() == PICTURES[69999][0]


def test_thumbnails_alone_stay_thumbnails(tmp_path):
    write_tree(tmp_path / "in", published(image=True, in_the_wild=True))
    import_layout("ffhq", tmp_path / "in", tmp_path / "ds", workers=1)
    export_layout(Dataset.open(tmp_path / "ds"), "ffhq", tmp_path / "out")
    written = files_of(tmp_path / "out")
    assert json.loads(written["ffhq-dataset-v2.json"]) == ENTRIES
    assert written["thumbnails128x128/69000/69999.png"] == PICTURES[69999][1]
    assert not any(name.startswith("images") for name in written)


def test_photos_that_are_described_but_not_there_stay_described(tmp_path):
    write_tree(tmp_path / "in", published(in_the_wild=True))
    import_layout("ffhq", tmp_path / "in", tmp_path / "ds", workers=1)
    report = export_layout(Dataset.open(tmp_path / "ds"), "ffhq", tmp_path / "out")
    written = files_of(tmp_path / "out")
    assert json.loads(written["ffhq-dataset-v2.json"]) == ENTRIES
    assert not any(name.startswith("in-the-wild-images") for name in written)
    assert report.left_out == (
        ("in-the-wild-images", "2 photos: the photo is not in the dataset's source"),
    )


def same_but_for_places(left: Dataset, right: Dataset) -> None:
    drop = ["crops", "origin", "null_reasons"]
    assert left.table().drop_columns(drop).equals(right.table().drop_columns(drop))
    for face_id in left.face_ids:
        assert bytes(left.image(face_id)) == bytes(right.image(face_id))


def test_a_built_dataset_comes_back_the_same(dataset, tmp_path):
    report = export_layout(dataset, "ffhq", tmp_path / "out")
    assert report.faces == len(dataset)
    import_layout("ffhq", tmp_path / "out", tmp_path / "back", workers=1)
    back = Dataset.open(tmp_path / "back")
    same_but_for_places(dataset, back)
    assert [crop["alignment"] for crop in next(iter(back))["crops"]] == ["ffhq-fast"]
    export_layout(dataset, "ffhq", tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(tmp_path / "out")


def test_the_layout_by_itself_holds_places_points_and_provenance(dataset, tmp_path):
    export_layout(dataset, "ffhq", tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "facewright")
    items = read(tmp_path / "out")
    photos = {row["photo_id"]: row for row in dataset.photos.arrow.to_pylist()}
    for item, row in zip(items, Export(dataset).rows(), strict=True):
        record = dataset.record(row["face_id"])
        face = only_face(item)
        photo = photos[row["photo_id"]]
        for name in ("author", "licence", "licence_url", "source_url", "width", "height"):
            assert item.columns[name] == photo[name]
        assert face.columns["landmarks.mouth"] == record["landmarks"]["mouth"]
        assert face.columns["rectangle.left"] == row["rectangle"]["left"]
        assert face.crops[0].quad == pytest.approx(row["crops"][0]["quad"], abs=1e-3)
        assert content(face.crops[0]) == bytes(dataset.image(row["face_id"]))
        assert item.picture is not None


def test_photos_that_are_gone_are_left_out_and_named(dataset, tmp_path):
    moved = tmp_path / "elsewhere" / "ds"  # its source is found relative to it
    shutil.copytree(dataset.root, moved)
    report = export_layout(Dataset.open(moved), "ffhq", tmp_path / "out")
    assert report.faces == len(dataset)
    ((what, why),) = report.left_out
    assert what == "in-the-wild-images"
    assert f"{len(dataset)} photos" in why
    described = json.loads((tmp_path / "out/ffhq-dataset-v2.json").read_text())["0"]
    assert described["in_the_wild"]["file_md5"] is None
    assert len(described["in_the_wild"]["face_landmarks"]) == 68
    assert only_face(read(tmp_path / "out")[0]).crops[0].quad is not None


def test_pictures_of_different_sizes_need_a_choice(tmp_path):
    files = {f"images1024x1024/0000{n}.png": png(64 + n) for n in range(2)}
    write_tree(tmp_path / "in", files)
    import_layout("ffhq", tmp_path / "in", tmp_path / "ds", workers=1)
    mixed = Dataset.open(tmp_path / "ds")
    with pytest.raises(UsageError, match="64 and of 65 pixels"):
        export_layout(mixed, "ffhq", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    report = export_layout(mixed, "ffhq", tmp_path / "out", ExportOptions(size=32))
    assert report.faces == 2
    assert dict(report.left_out) == {
        "in-the-wild-images": "2 photos: the crop's place in its photo is not known"
    }


numbers = st.floats(allow_nan=False, allow_infinity=False, width=64) | st.integers()
json_data = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*ENTRIES["3"], "more"]), json_data))
def test_any_json_is_an_item_or_a_named_problem(tmp_path_factory, value):
    root = tmp_path_factory.mktemp("any")
    write_tree(root, {"ffhq-dataset-v2.json": json.dumps({"5": value})})
    (item,) = FFHQ.read(Tree(root))
    assert item.photo_id == "00005"
    if item.problem:
        assert item.problem[1].startswith("ffhq-dataset-v2.json: '5'")
    else:
        assert only_face(item).extra == value
