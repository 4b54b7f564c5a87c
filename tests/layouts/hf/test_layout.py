import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from facewright.errors import LayoutError
from facewright.layouts.base import layout
from facewright.layouts.hf import layout as hf
from facewright.layouts.hf.card import licence_id
from facewright.layouts.hf.features import yaml_lines
from facewright.layouts.seam.tree import Tree
from helpers.exchange import content, exported, imported, items, pictures, problems, records

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def png(colour=(200, 10, 10), size=(32, 24)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def write(path, columns):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
    return path.parent


def cells(*pictures):
    return pa.array(pictures, IMAGE)


def test_the_datasets_library_opens_it_and_decodes_the_pictures(dataset, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    library = pytest.importorskip("datasets", reason="the datasets library is not installed")
    out = exported(dataset, "hf", tmp_path / "out")
    found = library.load_dataset(str(out), split="train", cache_dir=str(tmp_path / "cache"))
    assert found["face_id"] == dataset.face_ids
    assert found[0]["image"].size == (128, 128)
    record = dataset.record(dataset.face_ids[0])
    assert found[0]["landmarks"]["mouth"][0] == pytest.approx(record["landmarks"]["mouth"][0])
    assert found[0]["hair"]["color"][0]["color"] == record["hair"]["color"][0]["color"]
    assert len(found[0]["embedding"]) == 1024
    assert found.features["image"] == library.Image()
    single = str(out / "data" / "train-00000.parquet")
    plain = library.load_dataset(
        "parquet", data_files=single, split="train", cache_dir=str(tmp_path / "cache2")
    )
    assert plain.features == found.features


def test_the_schema_says_image_as_documented(dataset, tmp_path):
    out = exported(dataset, "hf", tmp_path / "out")
    schema = pq.read_schema(out / "data" / "train-00000.parquet")
    features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    assert schema.field("image").type == IMAGE
    assert features["image"] == {"_type": "Image"}
    assert features["age"] == {"dtype": "float32", "_type": "Value"}
    assert features["head_pose"]["yaw"] == {"dtype": "float32", "_type": "Value"}
    assert features["reasons"]["_type"] == "Sequence"
    assert features["embedding"]["length"] == 1024
    assert features["embedding"]["feature"]["dtype"] == "float16"
    assert set(features) == set(schema.names)


def test_the_card_has_a_header_that_yaml_reads(dataset, tmp_path):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    out = exported(dataset, "hf", tmp_path / "out")
    _, header, text = (out / "README.md").read_text().split("---\n", 2)
    data = yaml.safe_load(header)
    assert data["configs"][0]["data_files"] == [{"split": "train", "path": "data/train-*"}]
    assert data["dataset_info"]["splits"][0]["num_examples"] == len(dataset)
    assert data["license"] == "other"
    assert "synthetic" not in data["tags"]
    assert data["dataset_info"]["features"][0] == {"name": "image", "dtype": "image"}
    assert "Public domain (US Government work)" in text


def test_only_what_was_generated_is_tagged_synthetic():
    from facewright.layouts.hf.card import Written, card

    written = Written(1, 1, 1, pa.schema([]))
    generated = {"origin": {"layout": "generated-photos"}, "licence": None}
    found = {"origin": {"layout": "ffhq"}, "licence": None}
    assert "- synthetic" in card("x", written, [generated])
    assert "- synthetic" not in card("x", written, [generated, found])


@pytest.mark.parametrize(
    ("name", "url", "said"),
    [
        ("CC BY-NC-SA 4.0", None, "cc-by-nc-sa-4.0"),
        ("CC0-1.0", None, "cc0-1.0"),
        (None, "https://creativecommons.org/licenses/by/2.0/", "cc-by-2.0"),
        ("ask me", None, "other"),
        (None, None, "unknown"),
    ],
)
def test_licences_have_the_hubs_names(name, url, said):
    assert licence_id(name, url) == said


def test_yaml_quotes_what_could_be_misread():
    data = {"a": "no", "b": ["1e3", {"c": 'x: "y"'}], "d": {"e": True, "f": 1}}
    assert list(yaml_lines(data)) == [
        'a: "no"',
        "b:",
        '- "1e3"',
        '- c: "x: \\"y\\""',
        "d:",
        "  e: true",
        "  f: 1",
    ]


@pytest.mark.parametrize("bare", [True, False])
def test_everything_comes_back(dataset, tmp_path, bare):
    out = exported(dataset, "hf", tmp_path / "out", bare=bare)
    again = imported(out, "hf", tmp_path / "again")
    assert records(again, "crops") == records(dataset, "crops")
    assert pictures(again) == pictures(dataset)
    order = dataset.select(again.face_ids)
    assert np.array_equal(again.embeddings, order.embeddings)
    assert again.table(["mesh"]).equals(order.table(["mesh"]))
    quads = [d.record("group_02")["crops"][0]["quad"] for d in (again, dataset)]
    assert quads[0] == pytest.approx(quads[1], abs=0.01)
    told = {row["photo_id"]: row for row in again.photos.to_pylist()}
    stated = {row["photo_id"]: row for row in dataset.photos.to_pylist()}
    same = ("width", "height", "sha256", "licence", "author", "source_url")
    assert {n: told["group"][n] for n in same} == {n: stated["group"][n] for n in same}


def test_files_are_closed_by_size_and_equal_datasets_give_equal_bytes(
    dataset, tmp_path, monkeypatch
):
    monkeypatch.setattr(hf, "BYTES", 1)
    monkeypatch.setattr(hf, "ROWS", 2)
    first = exported(dataset, "hf", tmp_path / "a" / "set", bare=True)
    second = exported(dataset, "hf", tmp_path / "b" / "set", bare=True)
    assert content(first) == content(second)
    assert len(list((first / "data").iterdir())) == -(-len(dataset) // 2)
    again = imported(first, "hf", tmp_path / "again")
    assert records(again, "crops") == records(dataset, "crops")


def test_anybodys_parquet_is_read(tmp_path):
    columns = {
        "image": cells({"bytes": png(), "path": "a.png"}, {"bytes": png((1, 2, 3)), "path": None}),
        "age": pa.array([31.0, float("nan")]),
        "label": pa.array([3, 4]),
        "when": pa.array([0, 1], pa.date32()),
        "mask": cells({"bytes": png(), "path": None}, None),
    }
    found = items(write(tmp_path / "set" / "train.parquet", columns), "hf")
    assert [item.photo_id for item in found] == ["a", "train#1"]
    first, second = (item.faces[0] for item in found)
    assert first.columns == {"age": 31.0}
    assert first.extra == {"label": 3, "when": "1970-01-01", "other_pictures": ["mask"]}
    assert second.columns == {}
    again = imported(tmp_path / "set", "hf", tmp_path / "again")
    assert bytes(again.image("a_01")) == png()


def test_lists_of_pictures_are_a_photo_each(tmp_path):
    column = pa.array(
        [[{"bytes": png(), "path": "a.png"}, {"bytes": png((9, 9, 9)), "path": "b.png"}], []],
        pa.list_(IMAGE),
    )
    root = write(tmp_path / "set" / "x.parquet", {"images": column, "sex": ["male", "male"]})
    found = items(root, "hf")
    assert [item.faces[0].name for item in found] == ["x.parquet#0/0", "x.parquet#0/1"]
    assert [item.photo_id for item in found] == ["a", "b"]
    assert all(item.faces[0].columns == {"sex": "male"} for item in found)


def test_plain_bytes_are_pictures_too(tmp_path):
    root = write(tmp_path / "set" / "x.parquet", {"jpg": pa.array([png()], pa.binary())})
    assert imported(root, "hf", tmp_path / "again").face_ids == ["x#0_01"]


def test_a_path_is_looked_up_inside_of_the_layout_only(tmp_path):
    column = cells(
        {"bytes": None, "path": "pictures/a.png"},
        {"bytes": None, "path": "../b.png"},
        {"bytes": None, "path": "c.png"},
    )
    root = write(tmp_path / "set" / "x.parquet", {"image": column})
    (root / "pictures").mkdir()
    (root / "pictures" / "a.png").write_bytes(png())
    (tmp_path / "b.png").write_bytes(png())
    again = imported(root, "hf", tmp_path / "again")
    assert again.face_ids == ["a_01"]
    reasons = {row["reason"] for row in again.photos.to_pylist()}
    assert reasons == {None, "escapes", "missing"}


def test_a_record_of_ours_is_checked(tmp_path):
    columns = {
        "image": cells(*[{"bytes": png(), "path": None}] * 3),
        "face_id": ["p_01", "q_01", "wrong"],
        "photo_id": ["p", "q", "r"],
        "sex": ["female", "unheard of", "male"],
    }
    found = items(write(tmp_path / "set" / "x.parquet", columns), "hf")
    assert [item.photo_id for item in found if not item.problem] == ["p"]
    assert "'sex' cannot be 'unheard of'" in problems(found)["x.parquet#1"][1]
    assert "'face_id'" in problems(found)["x.parquet#2"][1]


def test_files_that_are_no_parquet_or_have_no_pictures_are_errors(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "x.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(LayoutError, match=r"x\.parquet"):
        items(tmp_path / "set", "hf")
    write(tmp_path / "other" / "y.parquet", {"age": [1]})
    with pytest.raises(LayoutError, match=r"y\.parquet.*no column of pictures.*age"):
        items(tmp_path / "other", "hf")


def test_a_dataset_of_ours_is_not_taken_for_it(dataset, tmp_path):
    assert not layout("hf").recognises(Tree(dataset.root))
    out = exported(dataset, "hf", tmp_path / "out")
    assert layout("hf").recognises(Tree(out))
