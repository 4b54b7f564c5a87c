import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facewright.errors import LayoutError
from facewright.layouts.base import layout
from facewright.layouts.celeba.attributes import ATTRIBUTES, attributes_of
from facewright.layouts.celeba.layout import split_of
from facewright.layouts.seam.tree import Tree
from helpers.exchange import content, exported, imported, items, pictures, problems, records

# The heads and first lines as published.
NAMES = " ".join(ATTRIBUTES) + " "
FIRST = (
    "000001.jpg -1  1  1 -1 -1 -1 -1 -1 -1 -1 -1  1 -1 -1 -1 -1 -1 -1  1  1 -1  1 -1 -1  1 -1 -1"
    "  1 -1 -1 -1  1  1 -1  1 -1  1 -1 -1  1"
)
SECOND = (
    "000002.jpg -1 -1 -1  1 -1 -1 -1  1 -1 -1 -1  1 -1 -1 -1 -1 -1 -1 -1  1 -1  1 -1 -1  1 -1 -1"
    " -1 -1 -1 -1  1 -1 -1 -1 -1 -1 -1 -1  1"
)
POINT_NAMES = (
    "lefteye_x lefteye_y righteye_x righteye_y nose_x nose_y leftmouth_x leftmouth_y"
    " rightmouth_x rightmouth_y"
)
LISTS = {
    "list_attr_celeba.txt": f"2\n{NAMES}\n{FIRST}\n{SECOND}\n",
    "list_landmarks_align_celeba.txt": f"2\n{POINT_NAMES}\n"
    "000001.jpg 69  109  106  113   77  142   73  152  108  154\n"
    "000002.jpg 69  110  107  112   81  135   70  151  108  153\n",
    "identity_CelebA.txt": "000001.jpg 2880\n000002.jpg 2937\n",
    "list_eval_partition.txt": "000001.jpg 0\n000002.jpg 2\n",
}


def jpeg(colour):
    file = io.BytesIO()
    Image.new("RGB", (178, 218), colour).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "CelebA"
    (root / "img_align_celeba").mkdir(parents=True)
    for number, colour in enumerate([(200, 20, 20), (20, 200, 20)], start=1):
        (root / "img_align_celeba" / f"{number:06d}.jpg").write_bytes(jpeg(colour))
    for name, text in LISTS.items():
        (root / name).write_text(text)
    return root


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_all_four_lists_are_read(folder):
    first, second = items(folder, "celeba")
    face = first.faces[0]
    assert (first.photo_id, face.name) == ("000001", "img_align_celeba/000001.jpg")
    assert face.columns == {
        "sex": "female",
        "hair.bangs": False,
        "makeup.lip": True,
        "glasses": "NoGlasses",
    }
    assert face.extra["attributes"]["Arched_Eyebrows"] == 1
    assert face.extra["attributes"]["Young"] == 1
    assert len(face.extra["attributes"]) == 40
    assert face.extra["landmarks"] == [69, 109, 106, 113, 77, 142, 73, 152, 108, 154]
    assert (face.extra["identity"], face.extra["partition"]) == (2880, "train")
    assert second.faces[0].extra["partition"] == "test"


def test_celeba_read_and_written_again_is_the_same_byte_for_byte(folder, tmp_path):
    dataset = imported(folder, "celeba", tmp_path / "dataset")
    out = exported(dataset, "celeba", tmp_path / "out")
    again = content(out)
    unknown = again.pop("list_unknown_celeba.txt").decode().splitlines()
    for name, data in content(folder).items():
        assert again[name] == data, name
    assert {value for line in unknown[2:] for value in line.split()[1:]} == {"-1"}


def test_points_of_celeba_follow_another_size(folder, tmp_path):
    dataset = imported(folder, "celeba", tmp_path / "dataset")
    out = exported(dataset, "celeba", tmp_path / "out", size=109)
    line = (out / "list_landmarks_align_celeba.txt").read_text().splitlines()[2]
    assert line == "000001.jpg 34   54   53   56   38   71   36   76   54   77"


def test_kaggles_tables_and_folders_are_read(folder):
    for name, text in LISTS.items():
        (folder / name).unlink()
        lines = [",".join(line.split()) for line in text.splitlines()]
        if name.startswith("list_eval"):
            lines = ["image_id,partition", *lines]
        elif name.startswith("list_"):
            lines = ["image_id," + lines[1], *lines[2:]]
        else:
            continue
        (folder / name.replace(".txt", ".csv")).write_text("\n".join(lines) + "\n")
    inner = folder / "img_align_celeba" / "img_align_celeba"
    inner.mkdir()
    for path in list((folder / "img_align_celeba").glob("*.jpg")):
        path.rename(inner / path.name)
    first, _ = items(folder, "celeba")
    assert first.key == "img_align_celeba/img_align_celeba/000001.jpg"
    assert first.faces[0].columns["sex"] == "female"
    assert first.faces[0].extra["landmarks"][:2] == [69, 109]
    assert "identity" not in first.faces[0].extra


def test_the_lists_have_the_published_form(dataset, tmp_path):
    out = exported(dataset, "celeba", tmp_path / "out")
    attributes = (out / "list_attr_celeba.txt").read_text().split("\n")
    assert attributes[:2] == [str(len(dataset)), NAMES]
    assert len(attributes[2]) == len("000001.png") + 40 * 3
    assert set(attributes[2].split()[1:]) <= {"1", "-1"}
    points = (out / "list_landmarks_align_celeba.txt").read_text().split("\n")
    assert points[1] == POINT_NAMES
    left_x, left_y, right_x, right_y, _, nose_y, *_ = map(int, points[2].split()[1:])
    assert left_x < right_x < 128
    assert abs(left_y - right_y) < 5 < nose_y - left_y
    assert (out / "identity_CelebA.txt").read_text().splitlines()[:2] == [
        "000001.png 1",
        "000002.png 2",
    ]


def test_what_a_record_does_not_tell_is_marked(dataset, tmp_path):
    out = exported(dataset, "celeba", tmp_path / "out")
    names = NAMES.split()
    lines = {
        name: (out / name).read_text().splitlines()[2].split()[1:]
        for name in ("list_attr_celeba.txt", "list_unknown_celeba.txt")
    }
    told = attributes_of(dataset.record(dataset.face_ids[0]))
    for name, sign, unknown in zip(names, *lines.values(), strict=True):
        assert unknown == ("1" if told[name] is None else "-1"), name
        assert sign == ("1" if told[name] else "-1"), name
    assert told["Attractive"] is None
    assert told["Male"] is not None
    (first, *_) = items(out, "celeba")
    assert "Attractive" not in first.faces[0].extra["attributes"]


def test_the_sidecar_gives_back_whole_records(dataset, tmp_path):
    out = exported(dataset, "celeba", tmp_path / "out")
    again = imported(out, "celeba", tmp_path / "again")
    assert records(again, "crops") == records(dataset, "crops")
    assert pictures(again) == pictures(dataset)


def test_without_a_sidecar_the_pictures_and_the_sex_come_back(dataset, tmp_path):
    out = exported(dataset, "celeba", tmp_path / "out", bare=True)
    again = imported(out, "celeba", tmp_path / "again")
    assert list(pictures(again).values()) == list(pictures(dataset).values())
    assert [record["sex"] for record in again] == [record["sex"] for record in dataset]


@pytest.mark.parametrize(
    ("record", "name", "value"),
    [
        ({"sex": "male"}, "Male", True),
        ({"sex": None}, "Male", None),
        ({"age": 39}, "Young", True),
        ({"age": 40}, "Young", False),
        ({"smile": 0.5}, "Smiling", True),
        ({"glasses": "Sunglasses"}, "Eyeglasses", True),
        ({"accessories": []}, "Wearing_Hat", False),
        ({"accessories": None}, "Wearing_Hat", None),
        ({"hair": {"color": [{"color": "gray", "confidence": 0.9}]}}, "Gray_Hair", True),
        ({"hair": {"color": None, "bald": 0.9}}, "Black_Hair", False),
        ({"hair": {"color": None, "bald": 0.1}}, "Black_Hair", None),
        ({"facial_hair": {"beard": 0.1}}, "No_Beard", True),
        ({"facial_hair": {"beard": 0.2}}, "No_Beard", False),
        (
            {"facial_hair": {"beard": 0.3, "moustache": 0.1, "sideburns": 0.0}},
            "5_o_Clock_Shadow",
            True,
        ),
        ({"makeup": {"eye": None, "lip": False}}, "Heavy_Makeup", False),
        ({"makeup": {"eye": None, "lip": True}}, "Heavy_Makeup", None),
        ({}, "Attractive", None),
    ],
)
def test_attributes_follow_from_records_as_documented(record, name, value):
    assert attributes_of(record)[name] is value


@given(st.text(min_size=1))
def test_splits_depend_on_the_face_alone(face_id):
    assert split_of(face_id) == split_of(face_id)
    assert split_of(face_id) in {0, 1, 2}


def test_splits_are_about_eighty_ten_ten():
    found = [split_of(f"photo{n}_01") for n in range(4000)]
    shares = [found.count(split) / len(found) for split in range(3)]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.03)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("list_attr_celeba.txt", "000002.jpg -1 -1", "000002.jpg -1  2", "'Arched_Eyebrows'"),
        ("list_attr_celeba.txt", "000002.jpg -1 -1", "000002.jpg -1", "39 values for 40 columns"),
        ("list_attr_celeba.txt", "000002.jpg -1", "000002.jpg nan", "'nan' is no number"),
        ("list_attr_celeba.txt", SECOND, f"{SECOND}\n{SECOND}", "comes twice"),
        ("list_landmarks_align_celeba.txt", "000002.jpg 69", "000002.jpg x", "'x' is no number"),
        ("list_eval_partition.txt", "000002.jpg 2", "000002.jpg 7", "must be 0, 1 or 2"),
        ("identity_CelebA.txt", "000002.jpg 2937", "000002.jpg", "0 values for 1 columns"),
    ],
)
def test_a_bad_line_excludes_its_picture_alone(folder, tmp_path, name, old, new, said):
    change(folder, name, old, new)
    found = problems(items(folder, "celeba"))
    assert list(found) == ["img_align_celeba/000002.jpg"]
    reason, detail = found["img_align_celeba/000002.jpg"]
    assert reason == "bad_entry"
    assert said in detail
    assert imported(folder, "celeba", tmp_path / "again").face_ids == ["000001_01"]


def test_pictures_that_are_missing_or_lead_outside_are_named(folder, tmp_path):
    (folder / "img_align_celeba" / "000001.jpg").unlink()
    change(folder, "list_attr_celeba.txt", "000002.jpg", "../2.jpg")
    again = imported(folder, "celeba", tmp_path / "again")
    reasons = {row["key"]: row["reason"] for row in again.photos.to_pylist()}
    assert reasons["img_align_celeba/000001.jpg"] == "missing"
    assert reasons["img_align_celeba/../2.jpg"] == "escapes"
    assert again.face_ids == ["000002_01"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "start with a count"),
        ("x\nMale\n", "start with a count"),
        ("1\nMale Handsome\n000001.jpg 1 1\n", "Handsome"),
    ],
)
def test_a_list_with_another_head_is_an_error(folder, text, said):
    (folder / "list_attr_celeba.txt").write_text(text)
    with pytest.raises(LayoutError, match=said) as error:
        items(folder, "celeba")
    assert "list_attr_celeba.txt" in str(error.value)


def test_it_is_recognised_by_its_list(folder, dataset):
    assert layout("celeba").recognises(Tree(folder))
    assert not layout("celeba").recognises(Tree(dataset.root))
