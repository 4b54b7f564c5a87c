import io
import json

import pytest
from PIL import Image

from facewright.errors import LayoutError
from facewright.layouts.base import layout
from facewright.layouts.seam.tree import Tree
from helpers.exchange import content, exported, imported, items, pictures, problems, records

NOT_IN_JSON = ("mesh", "embedding", "null_reasons", "crops")


def png(colour=(200, 10, 10)):
    file = io.BytesIO()
    Image.new("RGB", (32, 24), colour).save(file, "PNG")
    return file.getvalue()


def put(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def test_a_sidecar_and_a_line_are_written_for_each_picture(dataset, tmp_path):
    out = exported(dataset, "imagefolder", tmp_path / "out")
    lines = [json.loads(line) for line in (out / "metadata.jsonl").read_text().splitlines()]
    assert [line["file_name"] for line in lines] == [f"images/{i}.png" for i in dataset.face_ids]
    assert [line["age"] for line in lines] == [record["age"] for record in dataset]
    sidecar = json.loads((out / "images" / f"{dataset.face_ids[0]}.json").read_text())
    assert sidecar["landmarks"] == dataset.record(dataset.face_ids[0])["landmarks"]
    assert sidecar["photo"]["licence"]
    assert "landmarks" not in lines[0]


def test_the_datasets_library_opens_it(dataset, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    library = pytest.importorskip("datasets", reason="the datasets library is not installed")
    out = exported(dataset, "imagefolder", tmp_path / "out")
    found = library.load_dataset(
        "imagefolder", data_dir=str(out), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert sorted(found["face_id"]) == sorted(dataset.face_ids)
    assert found[0]["image"].size == (128, 128)
    assert found[0]["age"] == dataset.record(found[0]["face_id"])["age"]


def test_everything_comes_back(dataset, tmp_path):
    out = exported(dataset, "imagefolder", tmp_path / "out")
    again = imported(out, "imagefolder", tmp_path / "again")
    assert records(again, "crops") == records(dataset, "crops")
    bare = exported(dataset, "imagefolder", tmp_path / "bare", bare=True)
    alone = imported(bare, "imagefolder", tmp_path / "alone")
    assert records(alone, *NOT_IN_JSON) == records(dataset, *NOT_IN_JSON)
    assert pictures(again) == pictures(alone) == pictures(dataset)


def test_equal_datasets_give_equal_bytes_and_an_order_of_choice_is_kept(dataset, tmp_path):
    chosen = dataset.select(["group_02", "astronaut_01", "group_02"])
    first = exported(chosen, "imagefolder", tmp_path / "first", bare=True)
    second = exported(chosen, "imagefolder", tmp_path / "second", bare=True)
    assert content(first) == content(second)
    group, astronaut = items(first, "imagefolder")
    assert [face.name for face in group.faces] == ["images/group_02.png", "images/group_02~2.png"]
    assert astronaut.photo_id == "astronaut"


def test_hugging_faces_own_folders_are_read(tmp_path):
    put(
        tmp_path / "set",
        {
            "train/metadata.csv": "file_name,caption,age\n1.png,hello,\nsub/2.png,there,x\n",
            "train/1.png": png(),
            "train/sub/2.png": png((1, 2, 3)),
            "test/metadata.jsonl": '{"file_name": "3.png", "age": 31, "title": "T"}\n',
            "test/3.png": png((4, 5, 6)),
            "test/4.png": png((7, 8, 9)),
        },
    )
    found = {item.photo_id: item for item in items(tmp_path / "set", "imagefolder")}
    assert set(found) == {"test-3", "test-4", "train-1", "train-sub-2"}
    assert found["test-3"].faces[0].columns == {"age": 31}
    assert found["test-3"].columns == {"title": "T"}
    assert found["train-1"].faces[0].extra == {"caption": "hello"}
    assert "'age' cannot be 'x'" in found["train-sub-2"].columns["notes"][0]
    assert found["test-4"].faces[0].columns == {}
    assert len(imported(tmp_path / "set", "imagefolder", tmp_path / "again")) == 4


def test_a_sidecar_counts_more_than_a_line(tmp_path):
    root = put(
        tmp_path / "set",
        {
            "metadata.jsonl": '{"file_name": "1.png", "age": 1, "x": 2}\n',
            "1.png": png(),
            "1.json": '{"age": 3}',
        },
    )
    (photo,) = items(root, "imagefolder")
    assert photo.faces[0].columns == {"age": 3}
    assert photo.faces[0].extra == {"x": 2}


@pytest.mark.parametrize(
    ("line", "reason", "said"),
    [
        ("[1]", "bad_entry", "must hold an object"),
        ('{"age": 1}', "bad_entry", "'file_name' must name a picture"),
        ('{"file_name": ["1.png"]}', "bad_entry", "'file_name' must name a picture"),
        ('{"file_name": "1.png"}', "bad_entry", "comes twice"),
        ('{"file_name": "2.png", "age": NaN}', "bad_entry", "NaN"),
        ('{"file_name": "../2.png"}', "escapes", "leads outside"),
    ],
)
def test_a_bad_line_is_excluded_alone(tmp_path, line, reason, said):
    text = '{"file_name": "1.png"}\n' + line + "\n"
    root = put(tmp_path / "set", {"metadata.jsonl": text, "1.png": png()})
    found = problems(items(root, "imagefolder"))
    assert found["metadata.jsonl:2"][0] == reason
    assert said in found["metadata.jsonl:2"][1]
    assert imported(root, "imagefolder", tmp_path / "again").face_ids == ["1_01"]


def test_a_bad_sidecar_and_a_missing_picture_are_named(tmp_path):
    root = put(
        tmp_path / "set",
        {
            "metadata.jsonl": '{"file_name": "gone.png"}\n{"file_name": "2.png"}\n',
            "1.png": png(),
            "1.json": '{"age": Infinity}',
            "2.png": png((1, 2, 3)),
        },
    )
    again = imported(root, "imagefolder", tmp_path / "again")
    told = {row["key"]: (row["reason"], row["detail"]) for row in again.photos.to_pylist()}
    assert told["gone.png"][0] == "missing"
    assert told["1.png"][0] == "bad_entry"
    assert "1.json" in told["1.png"][1]
    assert again.face_ids == ["2_01"]


def test_a_table_without_file_names_is_an_error(tmp_path):
    root = put(tmp_path / "set", {"metadata.csv": "path,age\n1.png,3\n", "1.png": png()})
    with pytest.raises(LayoutError, match=r"metadata\.csv.*no column 'file_name'"):
        items(root, "imagefolder")


def test_it_is_recognised_by_names(dataset, tmp_path):
    assert layout("imagefolder").recognises(Tree(exported(dataset, "imagefolder", tmp_path / "o")))
    assert not layout("imagefolder").recognises(Tree(dataset.root))
    plain = put(tmp_path / "plain", {"1.png": png()})
    assert not layout("imagefolder").recognises(Tree(plain))
