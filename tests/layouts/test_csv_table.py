import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facewright.errors import LayoutError
from facewright.layouts.base import layout
from facewright.layouts.common.record_values import fits, flattened, leaf_kind, leaf_names, nested
from facewright.layouts.seam.tree import Tree
from facewright.record import Photo, Record
from helpers.exchange import content, exported, imported, items, pictures, problems, records

NOT_IN_TABLE = ("mesh", "embedding", "null_reasons", "crops")
HEADER = "file,face_id,photo_id,age,head_pose.yaw,accessories,makeup.eye,note\r\n"


def png(colour=(200, 10, 10)):
    file = io.BytesIO()
    Image.new("RGB", (32, 24), colour).save(file, "PNG")
    return file.getvalue()


def write(root, text, *names):
    (root / "images").mkdir(parents=True)
    (root / "records.csv").write_text(text, newline="")
    for name in names:
        (root / "images" / name).write_bytes(png())
    return root


def test_one_row_a_face_by_dotted_names(dataset, tmp_path):
    out = exported(dataset, "csv", tmp_path / "out")
    with (out / "records.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["face_id"] for row in rows] == dataset.face_ids
    assert set(leaf_names()) - {"mesh", "embedding"} <= set(rows[0])
    for row, record in zip(rows, dataset, strict=True):
        assert (out / row["file"]).exists()
        assert row["head_pose.yaw"] == str(record["head_pose"]["yaw"])
        assert row["eye_color"] == (record["eye_color"] or "")
        assert json.loads(row["accessories"]) == record["accessories"]
        assert row["photo.licence"]


def test_everything_comes_back(dataset, tmp_path):
    out = exported(dataset, "csv", tmp_path / "out")
    again = imported(out, "csv", tmp_path / "again")
    assert records(again, "crops") == records(dataset, "crops")
    bare = exported(dataset, "csv", tmp_path / "bare", bare=True)
    alone = imported(bare, "csv", tmp_path / "alone")
    assert records(alone, *NOT_IN_TABLE) == records(dataset, *NOT_IN_TABLE)
    assert pictures(again) == pictures(alone) == pictures(dataset)
    quads = [each.record("group_02")["crops"][0]["quad"] for each in (alone, dataset)]
    assert quads[0] == quads[1]
    assert content(exported(dataset, "csv", tmp_path / "second")) == content(out)


def test_faces_without_pictures_are_written_too(dataset, tmp_path):
    bare = exported(dataset, "csv", tmp_path / "out", bare=True)
    text = (bare / "records.csv").read_text()
    rows = list(csv.reader(io.StringIO(text)))
    for row in rows[1:]:
        row[0] = ""
    with (bare / "records.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    alone = imported(bare, "csv", tmp_path / "alone")
    assert [record["crops"] for record in alone] == [[]] * len(dataset)
    again = exported(alone, "csv", tmp_path / "again")
    assert not (again / "images").exists()
    assert len(imported(again, "csv", tmp_path / "third")) == len(dataset)


def test_cells_have_the_types_of_the_definition(tmp_path):
    text = HEADER + 'images/a.png,p_01,p,31,-2.5,"[]",TRUE,"free, text"\r\n'
    (photo,) = items(write(tmp_path / "set", text, "a.png"), "csv")
    face = photo.faces[0]
    assert (photo.photo_id, face.face_id) == ("p", "p_01")
    assert face.columns == {
        "age": 31,
        "head_pose.yaw": -2.5,
        "accessories": [],
        "makeup.eye": True,
    }
    assert face.extra == {"note": "free, text"}


def test_anybodys_table_is_read(tmp_path):
    text = "filename,age,license,emotion\na.png,25-30,CC0-1.0,happy\nb.png,31,,\n"
    root = write(tmp_path / "set", text, "a.png", "b.png")
    (root / "records.csv").rename(root / "faces.csv")
    first, second = items(root, "csv")
    assert first.photo_id == "a"
    assert first.columns["licence"] == "CC0-1.0"
    assert len(first.columns["notes"]) == 2
    assert first.faces[0].extra == {"age": "25-30", "emotion": "happy"}
    assert second.faces[0].columns == {"age": 31}
    assert len(imported(root, "csv", tmp_path / "again")) == 2


@pytest.mark.parametrize(
    ("row", "reason", "said"),
    [
        ("b.png,q_01,q,old,,,,", "bad_entry", "'age' cannot be 'old'"),
        ("b.png,q_01,q,NaN,,,,", "bad_entry", "'age' cannot be 'NaN'"),
        ("b.png,q_01,q,1e999,,,,", "bad_entry", "'age' cannot be inf"),
        ("b.png,q_01,q,,,{},,", "bad_entry", "'accessories' cannot be {}"),
        ("b.png,q_01,q,,,,maybe,", "bad_entry", "'makeup.eye' cannot be 'maybe'"),
        ("b.png,q_01,r,,,,,", "bad_entry", "'face_id'"),
        ("b.png,q_01,q", "bad_entry", "3 cells for 8 columns"),
        ("images/a.png,q_01,q,,,,,", "bad_entry", "comes twice"),
        ("../b.png,q_01,q,,,,,", "escapes", "../b.png"),
        ("c.png,q_01,q,,,,,", "missing", "c.png"),
    ],
)
def test_a_bad_row_is_excluded_alone(tmp_path, row, reason, said):
    text = f"{HEADER}images/a.png,p_01,p,31,,,,\r\n{row}\r\n"
    root = write(tmp_path / "set", text, "a.png", "b.png")
    if reason != "missing":
        found = problems(items(root, "csv"))
        assert found["records.csv:3"][0] == reason
        assert said in found["records.csv:3"][1]
    again = imported(root, "csv", tmp_path / "again")
    assert again.face_ids == ["p_01"]
    assert reason in {each["reason"] for each in again.photos.to_pylist()}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("file,age,age\n", "'age' twice"),
        ('file,age\n"a.png,1\n', r"records\.csv.*line 2"),
    ],
)
def test_a_broken_table_is_an_error(tmp_path, text, said):
    with pytest.raises(LayoutError, match=said):
        items(write(tmp_path / "set", text), "csv")


def test_no_table_is_an_error(tmp_path):
    (tmp_path / "a.txt").write_text("")
    with pytest.raises(LayoutError, match=r"no records\.csv"):
        items(tmp_path, "csv")
    assert not layout("csv").recognises(Tree(tmp_path))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(leaf_names()), st.integers(), max_size=12))
def test_nesting_and_flattening_are_inverse(flat):
    assert dict(flattened(nested(flat))) == flat


@given(st.sampled_from(leaf_names()), json_values)
def test_what_fits_a_field_goes_into_its_column(leaf, value):
    from facewright.schema import to_table

    if fits(leaf, value):
        to_table(Record, {leaf: [value]}, 1)


def test_kinds_of_fields():
    kinds = {name: leaf_kind(name) for name in ("age", "sex", "makeup.eye", "hair.color", "mesh")}
    assert kinds == {
        "age": "float",
        "sex": "text",
        "makeup.eye": "bool",
        "hair.color": "list",
        "mesh": "list",
    }
    assert leaf_kind("width", Photo) == "int"
    assert leaf_kind("null_reasons") == "list"


@pytest.mark.parametrize(
    ("leaf", "value", "fit"),
    [
        ("age", 2**24, True),
        ("age", 2**24 + 1, False),
        ("age", True, False),
        ("rectangle.left", 2**31, False),
        ("rectangle.left", 1.0, False),
        ("rectangle.left", None, True),
        ("embedding", [0.5] * 1024, True),
        ("embedding", [1e30] * 1024, False),
        ("embedding", [0.5] * 512, False),
        ("landmarks.jaw", [[1, 2.5]] * 17, True),
        ("landmarks.jaw", [[1, 2.5]] * 16 + [[1]], False),
        ("hair.color", [{"color": "brown", "confidence": 0.5}], True),
        ("hair.color", [{"color": "pink", "confidence": 0.5}], False),
        ("null_reasons", {"age": "covered"}, True),
        ("null_reasons", {"age": 3}, False),
    ],
)
def test_only_what_a_column_can_hold_fits(leaf, value, fit):
    assert fits(leaf, value) is fit
