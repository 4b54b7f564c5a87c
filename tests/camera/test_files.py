"""The files that hold labels."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from facewright.camera.deep3d import labels_of_deep3d
from facewright.camera.files import COLUMNS, Labelled, encode, kind_of, with_mirrors
from facewright.camera.label import mirrored
from facewright.errors import UsageError

LABELS = labels_of_deep3d([(0.1, 0.5, 0.0), (0.0, 0.0, 0.0)], np.zeros((2, 3)))
TWO = Labelled(["a_01", 'b"_01'], ["00000/a.b.png", "b.png"], LABELS)


def test_lpff_and_stylegan_round_trip():
    assert json.loads(encode(TWO, "camera_parameters")) == dict(
        zip(TWO.ids, LABELS.tolist(), strict=True)
    )
    pairs = [list(pair) for pair in zip(TWO.names, LABELS.tolist(), strict=True)]
    assert json.loads(encode(TWO, "dataset")) == {"labels": pairs}


def test_csv_tells_the_angles():
    rows = list(csv.DictReader(io.StringIO(encode(TWO, "csv").decode())))
    assert tuple(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == list(TWO.ids)
    assert [float(rows[0][name]) for name in COLUMNS[1:26]] == LABELS[0].tolist()
    assert float(rows[0]["yaw"]) == pytest.approx(np.degrees(0.5), abs=1e-4)
    assert float(rows[0]["pitch"]) == pytest.approx(-np.degrees(0.1), abs=1e-4)
    assert float(rows[1]["theta"]) == pytest.approx(90)
    assert float(rows[1]["density"]) > 4


def test_mirrors_follow_their_pictures():
    both = with_mirrors(TWO)
    assert list(both.ids) == ["a_01", "a_01_mirror", 'b"_01', 'b"_01_mirror']
    assert both.names[:2] == ["00000/a.b.png", "00000/a_mirror.b.png"]
    np.testing.assert_array_equal(both.labels[::2], LABELS)
    np.testing.assert_array_equal(both.labels[1::2], mirrored(LABELS))


def test_no_faces_make_empty_files():
    none = Labelled([], [], np.zeros((0, 25)))
    assert json.loads(encode(none, "camera_parameters")) == {}
    assert json.loads(encode(none, "dataset")) == {"labels": []}
    assert encode(none, "csv").decode().strip() == ",".join(COLUMNS)


def test_the_name_says_which_file():
    assert kind_of(Path("a/dataset.json")) == "dataset"
    assert kind_of(Path("mine.json")) == "camera_parameters"
    assert kind_of(Path("x.csv")) == "csv"
    with pytest.raises(UsageError, match=r"camera_parameters[.]json"):
        kind_of(Path("labels.txt"))
