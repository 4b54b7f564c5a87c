import io
import json

import numpy as np
import pytest
from PIL import Image

from facewright.errors import LayoutError, UsageError
from facewright.layouts.base import layout
from facewright.layouts.coco.points import KEYPOINTS, SKELETON
from facewright.layouts.common.crop_pixels import Frame
from facewright.layouts.common.faces_written import Picture
from facewright.layouts.common.points import landmarks_of
from facewright.layouts.seam.tree import Tree
from helpers.exchange import content, exported, imported, items, pictures, problems, records


def png(size=(64, 48)):
    file = io.BytesIO()
    Image.new("RGB", size, (200, 10, 10)).save(file, "PNG")
    return file.getvalue()


def write(root, data, *files, name="annotations/instances_val.json"):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(png())
    return root


def entry(number=1, image=1, box=(1, 2, 10, 12), **more):
    return {"id": number, "image_id": image, "category_id": 7, "bbox": list(box), **more}


def coco(*annotations, images=None, **more):
    return {
        "info": {},
        "licenses": [{"id": 3, "name": "CC BY 2.0", "url": "https://x.org"}],
        "images": images or [{"id": 1, "file_name": "a.png", "license": 3, "coco_url": "u"}],
        "annotations": list(annotations),
        "categories": [{"id": 7, "name": "face"}, {"id": 8, "name": "dog"}],
        **more,
    }


POINTS = [value for n in range(68) for value in (n / 2, n / 4, 2)]


def test_the_file_is_what_coco_publishes(dataset, tmp_path):
    out = exported(dataset, "coco", tmp_path / "out")
    data = json.loads((out / "annotations.json").read_text())
    assert set(data) == {"info", "licenses", "images", "annotations", "categories"}
    (category,) = data["categories"]
    assert (category["name"], len(category["keypoints"])) == ("face", 68)
    assert category["keypoints"][36] == "right_eye_1"
    ids = [each["id"] for each in data["images"]]
    assert ids == [each["image_id"] for each in data["annotations"]] == list(range(1, 8))
    for image, one in zip(data["images"], data["annotations"], strict=True):
        assert (out / image["file_name"]).exists()
        assert (image["width"], image["height"]) == (128, 128)
        x, y, width, height = one["bbox"]
        assert min(x, y, 128 - x - width, 128 - y - height) >= 0
        assert one["area"] == pytest.approx(width * height, abs=0.01)
        assert len(one["keypoints"]) == 3 * 68
        assert one["num_keypoints"] == sum(v > 0 for v in one["keypoints"][2::3]) > 40
        assert data["licenses"][image["license"] - 1]["name"].startswith("Public domain")


def test_points_lie_on_the_crop_where_the_quad_puts_them(dataset, tmp_path):
    out = exported(dataset, "coco", tmp_path / "out")
    data = json.loads((out / "annotations.json").read_text())
    record = dataset.record("astronaut_01")
    top_left, bottom_left, _, top_right = np.array(record["crops"][0]["quad"]).reshape(4, 2)
    number = dataset.face_ids.index("astronaut_01")
    found = np.array(data["annotations"][number]["keypoints"]).reshape(68, 3)[:, :2]
    unit = (found + 0.5) / 128
    back = top_left + unit[:, :1] * (top_right - top_left) + unit[:, 1:] * (bottom_left - top_left)
    assert np.abs(back - landmarks_of(record)).max() < 0.05
    left, right = found[36:42].mean(axis=0), found[42:48].mean(axis=0)
    assert left[0] < right[0]
    assert abs(left[1] - right[1]) < 4


def test_a_picture_of_half_the_size_has_half_the_coordinates(dataset, tmp_path):
    whole = exported(dataset, "coco", tmp_path / "whole")
    half = exported(dataset, "coco", tmp_path / "half", size=64)
    one, other = (
        np.array(json.loads((out / "annotations.json").read_text())["annotations"][0]["keypoints"])
        for out in (whole, half)
    )
    one, other = one.reshape(68, 3)[:, :2], other.reshape(68, 3)[:, :2]
    assert np.abs((one + 0.5) / 2 - 0.5 - other).max() < 0.01


def test_a_picture_without_a_place_in_its_photo_has_no_frame():
    frame = Frame.of({"quad": None}, {"width": 100, "height": 50}, Picture(b"", "png", 64, 64))
    assert frame is None
    same = Frame.of({"quad": None}, {"width": 128, "height": 64}, Picture(b"", "png", 64, 32))
    assert same.box({"left": 10, "top": 20, "width": 8, "height": 6}) == [5, 10, 4, 3]
    assert Frame([0] * 8, 64, 64).points([[1, 1]]) is None
    assert same.box({"left": 500, "top": 20, "width": 8, "height": 6}) is None


def test_what_cannot_be_mapped_has_no_keypoints_and_is_named(dataset, tmp_path):
    out = exported(dataset.select(["astronaut_01"]), "imagefolder", tmp_path / "out", bare=True)
    (out / "metadata.jsonl").unlink()
    sidecar = out / "images" / "astronaut_01.json"
    record = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**record, "crop": {}, "photo": {**record["photo"], "width": 9}}))
    lost = imported(out, "imagefolder", tmp_path / "lost")
    data = json.loads((exported(lost, "coco", tmp_path / "coco") / "annotations.json").read_text())
    assert data["info"]["unmapped"] == ["images/astronaut_01.png"]
    (found,) = data["annotations"]
    assert found["bbox"] == [0, 0, 128, 128]
    assert "keypoints" not in found
    assert found["num_keypoints"] == 0


def test_faces_without_pictures_cannot_be_written(tmp_path):
    source = write(tmp_path / "set", coco(entry(keypoints=POINTS)), "a.png")
    known = imported(source, "coco", tmp_path / "known")
    with pytest.raises(UsageError, match="no crop"):
        exported(known, "coco", tmp_path / "out")


def test_the_sidecar_gives_back_whole_records(dataset, tmp_path):
    out = exported(dataset, "coco", tmp_path / "out")
    again = imported(out, "coco", tmp_path / "again")
    assert records(again, "crops") == records(dataset, "crops")
    assert pictures(again) == pictures(dataset)
    assert (
        content(exported(again, "coco", tmp_path / "b" / "out"))["annotations.json"].replace(
            b"again", b"faces"
        )
        == (out / "annotations.json").read_bytes()
    )


def test_without_a_sidecar_a_crop_stands_for_its_photo(dataset, tmp_path):
    out = exported(dataset, "coco", tmp_path / "out", bare=True)
    again = imported(out, "coco", tmp_path / "again")
    assert len(again) == len(dataset)
    record, old = again.record("astronaut_01_01"), dataset.record("astronaut_01")
    assert record["crops"][0]["alignment"] == "ffhq-fast"
    assert record["age"] == old["age"]
    assert record["head_pose"] == old["head_pose"]
    assert 0 <= record["rectangle"]["left"] < 128
    assert again.photos.to_pylist()[0]["width"] == 128
    assert sorted(pictures(again).values()) == sorted(pictures(dataset).values())


def test_photos_with_several_faces_are_read_as_photos(tmp_path):
    data = coco(
        entry(1, box=(1, 2, 10, 12)),
        entry(2, box=(3.5, 4, 30, 20), keypoints=POINTS, attributes={"age": 31, "hat": True}),
        {"id": 3, "image_id": 1, "category_id": 8, "bbox": [0, 0, 1, 1]},
    )
    write(tmp_path / "set", data, "val/a.png")
    (photo,) = items(tmp_path / "set", "coco")
    assert photo.picture.name == "val/a.png"
    assert photo.columns == {
        "licence": "CC BY 2.0",
        "licence_url": "https://x.org",
        "source_url": "u",
    }
    assert photo.extra["annotations"][0]["id"] == 3
    large, small = photo.faces
    assert [len(face.crops) for face in photo.faces] == [0, 0]
    assert large.columns["rectangle.left"] == 4
    assert large.columns["age"] == 31
    assert large.columns["landmarks.mouth"][19] == [33.5, 16.75]
    assert large.extra["bbox"] == [3.5, 4, 30, 20]
    assert large.extra["attributes"] == {"hat": True}
    assert small.name == "val/a.png#1"
    assert "bbox" not in small.extra
    again = imported(tmp_path / "set", "coco", tmp_path / "again")
    assert again.face_ids == ["val-a_01", "val-a_02"]
    assert again.photos.to_pylist()[0]["width"] == 64


def test_faces_of_whole_body_annotations_are_read(tmp_path):
    data = coco(
        {
            "id": 9,
            "image_id": 1,
            "category_id": 1,
            "bbox": [0, 0, 60, 40],
            "face_box": [5, 6, 10, 11],
            "face_valid": True,
            "face_kpts": POINTS,
        },
        categories=[{"id": 1, "name": "person"}, {"id": 2, "name": "cat"}],
    )
    write(tmp_path / "set", data, "a.png", name="annotations/coco_wholebody_val_v1.0.json")
    (photo,) = items(tmp_path / "set", "coco")
    assert photo.faces[0].columns["rectangle.top"] == 6
    assert "landmarks.jaw" in photo.faces[0].columns
    assert photo.faces[0].extra["bbox"] == [0, 0, 60, 40]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (entry(2, box=(1, 2, 3)), "'bbox' must be 4 numbers"),
        (entry(2, box=(1, 2, "3", 4)), "'bbox' must be 4 numbers"),
        (entry(2, box=(1, 2, 0, 4)), "'bbox' has no area"),
        (entry(2, box=(1, 2, float("nan"), 4)), "NaN"),
        (entry(2, keypoints=[1, 2]), "'keypoints' must be numbers"),
        (entry(2, keypoints={"a": 1}), "'keypoints' must be numbers"),
        (entry(2, note=json.loads("[" * 100 + "]" * 100)), "nested too deeply"),
        (entry(2, image=99), "'image_id' names no image"),
        (entry(2, image=[1]), "'image_id' names no image"),
        ([1, 2], "'image_id' names no image"),
    ],
)
def test_a_bad_annotation_is_excluded_alone(tmp_path, bad, said):
    write(tmp_path / "set", coco(entry(1), bad), "a.png")
    found = items(tmp_path / "set", "coco")
    ((key, (reason, detail)),) = problems(found).items()
    assert reason == "bad_entry"
    assert said in detail
    assert key == "annotations/instances_val.json: annotations[1]"
    assert len(imported(tmp_path / "set", "coco", tmp_path / "again")) == 1


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ({"id": 1, "file_name": "b.png"}, "'id' comes twice"),
        ({"id": [2], "file_name": "b.png"}, "'id' must be"),
        ({"id": 2, "file_name": 3}, "'file_name' must be a text"),
        ({"id": 2, "file_name": "../b.png"}, "leads outside"),
        ("b.png", "must be an object"),
    ],
)
def test_a_bad_image_is_excluded_alone(tmp_path, image, said):
    data = coco(entry(1), images=[{"id": 1, "file_name": "a.png"}, image])
    write(tmp_path / "set", data, "a.png")
    found = items(tmp_path / "set", "coco")
    assert said in next(iter(problems(found).values()))[1]
    assert len(imported(tmp_path / "set", "coco", tmp_path / "again")) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("[]", "must hold an object"),
        ("{", "is not JSON"),
        ('{"images": {}}', "'images' .*must be a list"),
        ('{"images": [], "images": []}', "comes twice"),
        (coco(categories=[{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]), "none of faces"),
    ],
)
def test_files_that_are_no_coco_are_errors(tmp_path, data, said):
    write(tmp_path / "set", data, "a.png")
    with pytest.raises(LayoutError, match=said) as error:
        items(tmp_path / "set", "coco")
    assert "instances_val.json" in str(error.value)


def test_a_missing_picture_is_named(tmp_path):
    write(tmp_path / "set", coco(entry(1)), "b.png")
    again = imported(tmp_path / "set", "coco", tmp_path / "again")
    assert [row["reason"] for row in again.photos.to_pylist()] == ["missing"]


def test_it_is_recognised_by_names(dataset, tmp_path):
    assert layout("coco").recognises(Tree(exported(dataset, "coco", tmp_path / "out")))
    assert not layout("coco").recognises(Tree(dataset.root))


def test_the_skeleton_draws_each_point_and_names_are_unique():
    assert len(set(KEYPOINTS)) == 68
    assert {point for pair in SKELETON for point in pair} == set(range(1, 69))
    assert (42, 37) in SKELETON
    assert (17, 18) not in SKELETON
