"""facewright cameras on the sample photographs."""

import csv
import json

import numpy as np
import pytest

from facewright.camera.deep3d import labels_of_deep3d
from facewright.camera.label import CameraLabel
from facewright.store.dataset import Dataset
from helpers.command import called


@pytest.fixture(scope="module")
def built(tmp_path_factory, samples):
    out = tmp_path_factory.mktemp("cameras") / "faces"
    called("build", samples.parent / "photos.csv", out, "--crop", "ffhq-fast:256", "--crop", "eg3d")
    return out


def test_lpffs_file(built, tmp_path):
    out = tmp_path / "camera_parameters.json"
    assert "7 labels of 7 faces" in called("cameras", built, "-o", out).stdout
    labels = json.loads(out.read_text())
    assert list(labels) == Dataset.open(built).face_ids
    for face, values in labels.items():
        assert CameraLabel.parse(values, face).radius == pytest.approx(2.7)


def test_stylegans_file_with_mirrors(built, tmp_path):
    out = tmp_path / "dataset.json"
    called("cameras", built, "-o", out, "--mirror")
    labels = json.loads(out.read_text())["labels"]
    assert len(labels) == 14
    assert labels[0][0].endswith("_01.png")
    assert labels[1][0] == labels[0][0].replace(".png", "_mirror.png")
    assert CameraLabel.parse(labels[1][1]) == CameraLabel.parse(labels[0][1]).mirrored()


def test_the_csv_agrees_with_the_head_pose(built, tmp_path):
    out = tmp_path / "cameras.csv"
    called("cameras", built, "-o", out)
    rows = list(csv.DictReader(out.read_text().splitlines()))
    for row, record in zip(rows, Dataset.open(built), strict=True):
        for name in ("pitch", "roll", "yaw"):
            assert float(row[name]) == pytest.approx(record["head_pose"][name], abs=0.1)
        assert float(row["theta"]) - 90 == pytest.approx(record["head_pose"]["yaw"], abs=4)


def test_the_records_keep_the_same_cameras_to_a_pixel_of_the_crop(built, tmp_path):
    called("cameras", built, "-o", tmp_path / "cameras.csv")
    rows = list(csv.DictReader((tmp_path / "cameras.csv").read_text().splitlines()))
    for row, record in zip(rows, Dataset.open(built), strict=True):
        label = [float(value) for value in list(row.values())[1:26]]
        assert record["camera"] == pytest.approx(label, abs=2e-3)
        assert record["camera_density"] == pytest.approx(float(row["density"]), abs=0.05)


def test_rare_views_are_found_by_plain_sql(built):
    dataset = Dataset.open(built)
    least = min(dataset, key=lambda record: record["camera_density"])
    rare = dataset.where(f"camera_density < {least['camera_density'] + 1e-3}")
    assert rare.face_ids == [least["face_id"]]
    assert "25 values" in called("query", built, "FROM faces LIMIT 1").stdout  # not 25 floats


def test_a_crop_without_roll_has_a_camera_without_roll(built, tmp_path):
    out = tmp_path / "cameras.csv"
    called("cameras", built, "-o", out, "--crop", "ffhq-fast:256")
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert all(abs(float(row["roll"])) < 2 for row in rows)
    assert all(float(row["intrinsics_00"]) < 4.2 for row in rows)


def test_ones_own_coefficients(built, tmp_path):
    ids = Dataset.open(built).face_ids
    angle, trans = np.full((3, 3), 0.1), np.full((3, 3), 0.02)
    np.savez(tmp_path / "deep3d.npz", ids=ids[:3], angle=angle, trans=trans)
    out = tmp_path / "camera_parameters.json"
    answer = called(
        *("cameras", built, "-o", out, "--coefficients", tmp_path / "deep3d.npz", "--mode", "cor")
    )
    labels = json.loads(out.read_text())
    assert list(labels) == ids[:3]
    assert labels[ids[0]] == labels_of_deep3d(angle, trans, "cor")[0].tolist()
    assert "4 faces left out: no coefficients" in answer.stderr


def test_wrong_use(built, tmp_path):
    words = ("cameras", built, "-o", tmp_path / "c.csv")
    assert "name camera_parameters.json" in called("cameras", built, "-o", "c.txt", code=2).stderr
    assert "no crop ffhq:1024 (7)" in called(*words, "--crop", "ffhq:1024", code=2).stderr
    (tmp_path / "c.json").write_text('{"somebody": [0, 0, 0, 0, 0, 0]}')
    answer = called(*words, "--coefficients", tmp_path / "c.json", code=2)
    assert "no coefficients (7)" in answer.stderr
    assert not (tmp_path / "c.csv").exists()
