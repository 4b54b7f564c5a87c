import json
import pickle
import shutil

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from PIL import Image

from facewright import Dataset, Recipe, build
from facewright.errors import DatasetError, UsageError


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, samples) -> Dataset:
    root = tmp_path_factory.mktemp("store") / "ds"
    recipe = Recipe.from_dict(
        {
            "annotators": ["geometry"],
            "crops": ["ffhq-fast:64", "eg3d:512"],
            "chunk": 2,
            "rules": {"min_face_size": 70},
        }
    )
    build(samples.parent / "photos.csv", root, recipe, workers=1)
    return Dataset.open(root)


def test_dropped_faces_stay_but_are_not_shown(dataset):
    everything = Dataset.open(dataset.root, dropped=True)
    assert len(everything) > len(dataset)
    dropped = [face for face in everything if not face["kept"]]
    assert {tuple(face["reasons"]) for face in dropped} == {("min_face_size",)}
    assert all(face["crops"] == [] for face in dropped)
    assert dataset.manifest.counts.faces_dropped == {"min_face_size": len(dropped)}


def test_where_keeps_order_and_nests(dataset):
    tilted = dataset.where("abs(head_pose.roll) > 5")
    assert 0 < len(tilted) < len(dataset)
    assert tilted.face_ids == [i for i in dataset.face_ids if i in set(tilted.face_ids)]
    assert len(tilted.where("head_pose.roll > 0")) + len(tilted.where("head_pose.roll < 0")) == len(
        tilted
    )
    assert len(dataset.where("false")) == 0
    assert list(dataset.where("false")) == []


def test_select_takes_order_and_repeats(dataset):
    last, first = dataset.face_ids[-1], dataset.face_ids[0]
    chosen = dataset.select([last, first, last])
    assert chosen.face_ids == [last, first, last]
    assert [face["face_id"] for face in chosen] == [last, first, last]
    with pytest.raises(UsageError, match="nobody"):
        dataset.select(["nobody"])


def test_bad_conditions_and_names_are_one_clear_line(dataset):
    for call in (
        lambda: dataset.where("agee < 3"),
        lambda: dataset.where("age < "),
        lambda: dataset.query("DELETE FROM faces"),
        lambda: dataset.table(["nothing"]),
        lambda: dataset.image("nobody"),
        lambda: dataset.image(dataset.face_ids[0], crop="ffhq"),
    ):
        with pytest.raises(UsageError) as caught:
            call()
        assert "\n" not in str(caught.value)


def test_image_is_bytes_and_pixels(dataset, tmp_path):
    image = dataset.image(dataset.face_ids[0], crop="eg3d")
    assert bytes(image).startswith(b"\x89PNG")
    assert image.data.readonly
    assert len(image) == len(bytes(image))
    image.save(tmp_path / "face.png")
    assert (tmp_path / "face.png").read_bytes() == image.data
    assert pickle.loads(pickle.dumps(image)) == image == bytes(image)
    assert len({image, dataset.image(dataset.face_ids[0], crop="eg3d")}) == 1
    assert image.numpy().dtype == np.uint8
    assert image.pil().size == (512, 512)
    assert dataset.image(dataset.face_ids[0]).numpy().shape == (64, 64, 3)


def test_tables_speak_arrow_polars_and_pandas(dataset):
    faces = dataset.faces
    assert pa.table(faces).num_rows == len(dataset)
    assert pl.DataFrame(faces).height == len(dataset)
    assert faces.to_polars()["face_id"].to_list() == dataset.face_ids
    assert list(faces.to_pandas()["face_id"]) == dataset.face_ids
    assert "mesh" not in faces.column_names
    assert dataset.table(["mesh"]).num_rows == len(dataset)


def test_record_is_whole_and_rounded(dataset):
    record = dataset.record(dataset.face_ids[0])
    assert len(record["mesh"]) == 478
    assert len(record["landmarks"]["mouth"]) == 20
    yaw = record["head_pose"]["yaw"]
    assert yaw == round(yaw, 1)
    assert json.loads(json.dumps(record)) == record


def test_query_sees_dropped_faces_and_photos(dataset):
    (answer,) = dataset.query(
        "SELECT count(*) AS n, count(*) FILTER (kept) AS k FROM faces"
    ).to_pylist()
    assert answer["n"] > answer["k"] == len(dataset)
    (answer,) = dataset.query("SELECT count(*) AS n FROM photos").to_pylist()
    assert answer["n"] == 5


def test_columns_of_one_name_are_kept_apart(dataset):
    sql = "SELECT face_id, head_pose.yaw, mesh_presence AS yaw FROM faces LIMIT 1"
    (row,) = dataset.query(sql).to_pylist()
    assert set(row) == {"face_id", "yaw", "yaw_1"}
    assert row["yaw_1"] > 0.9


def test_a_condition_may_end_in_a_comment(dataset):
    assert len(dataset.where("true -- all")) == len(dataset)


def test_a_damaged_part_is_named(dataset, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(dataset.root, copy)
    part = min((copy / "faces").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:200])
    with pytest.raises(DatasetError, match=part.name):
        len(Dataset.open(copy).faces)


def test_travels_between_processes(dataset):
    part = dataset.where("head_pose.roll > 0")
    again = pickle.loads(pickle.dumps(part))
    assert again.face_ids == part.face_ids
    assert again.image(again.face_ids[0]) == part.image(part.face_ids[0])


def test_what_is_no_dataset_is_said(tmp_path):
    with pytest.raises(DatasetError, match="is not a dataset"):
        Dataset.open(tmp_path)
    (tmp_path / "dataset.json").write_text("{}")
    with pytest.raises(DatasetError, match="is broken"):
        Dataset.open(tmp_path)


def test_a_shard_that_was_cut_is_said(dataset, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(dataset.root, copy)
    shard = min((copy / "crops" / "ffhq-fast-64").glob("*.tar"))
    shard.write_bytes(shard.read_bytes()[:600])
    opened = Dataset.open(copy)
    with pytest.raises(DatasetError, match="shorter than the table says"):
        opened.image(opened.face_ids[0])


def test_torch_dataset_in_workers(dataset):
    torch = pytest.importorskip("torch", reason="the extra `torch` is not installed")
    from torch.utils.data import DataLoader

    faces = dataset.to_torch("ffhq-fast", labels=["head_pose.yaw", "face_id"])
    pictures, labels = next(iter(DataLoader(faces, batch_size=len(faces), num_workers=2)))
    assert pictures.shape == (len(dataset), 3, 64, 64)
    assert pictures.dtype == torch.uint8
    assert list(labels["face_id"]) == dataset.face_ids
    assert labels["head_pose.yaw"].dtype == torch.float64
    nulls = dataset.to_torch(labels=["skin_tone.monk", "hair.bangs", "sex"])
    _, labels = next(iter(DataLoader(nulls, batch_size=2)))
    assert torch.isnan(labels["skin_tone.monk"]).all()
    assert labels["sex"] == ["", ""]
    with pytest.raises(UsageError, match=r"head_pose\.nope"):
        dataset.to_torch(labels=["head_pose.nope"])
    plain = dataset.to_torch(transform=lambda pixels: Image.fromarray(pixels).size)
    assert plain[0] == (64, 64)
