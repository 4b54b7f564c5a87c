"""From a user's CSV to an annotator that a recipe names."""

import csv

import numpy as np
import pytest

from facewright import Dataset, Recipe, build
from facewright.annotators.learn.linear import load_heads, save_heads
from facewright.engine.labels import fit, read_labels
from facewright.errors import UsageError


def write(path, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_reads_places_labels_and_persons(tmp_path):
    rows = [
        ["path", "hat", "person"],
        ["a.jpg", "yes", "x"],
        ["b.jpg", "no", ""],
        ["c.jpg", "", ""],
    ]
    labels = read_labels(write(tmp_path / "l.csv", rows))
    assert labels.name == "hat"
    assert labels.rows == ("a.jpg", "b.jpg")
    assert labels.classes == ("no", "yes")
    assert labels.persons == ("x", "")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["file", "hat"], ["a", "yes"]], "needs a column `path` or `face_id`"),
        ([["path", "hat", "scarf"], ["a", "1", "1"]], "name the label column with --label"),
        ([["path", "hat"], ["a", "yes"], ["b", "yes"]], "fewer than two different labels"),
        ([["path"], ["a"]], "name the label column"),
    ],
)
def test_a_list_that_cannot_be_used_is_said(tmp_path, rows, says):
    with pytest.raises(UsageError, match=says) as caught:
        read_labels(write(tmp_path / "l.csv", rows))
    assert "l.csv" in str(caught.value)


def test_names_and_places_are_checked(tmp_path):
    path = write(tmp_path / "l.csv", [["face_id", "sex"], ["a_01", "x"], ["b_01", "y"]])
    with pytest.raises(UsageError, match="is a field of every record already"):
        fit(path)
    with pytest.raises(UsageError, match="need --dataset"):
        fit(path, name="mine")
    with pytest.raises(UsageError, match="cannot read the labels"):
        fit(tmp_path / "none.csv")


@pytest.mark.slow
def test_labels_become_a_column_of_a_new_dataset(tmp_path, shared, samples):
    """Apparent sex again, learnt from 40 portraits, by picture and by face id."""
    pytest.importorskip("sklearn", reason="the extra `heads` is not installed")
    portraits = sorted((shared / "data" / "portraits").glob("*.jpg"))[::3]
    rows = [["path", "look"], *([str(p), p.name.split("_")[0]] for p in portraits)]
    rows.append([str(samples / "coffee.png"), "male"])
    report = fit(write(tmp_path / "l.csv", rows))
    assert [why for _, why in report.skipped] == ["no face was found"]
    assert report.fitted.head.report["accuracy"] > 0.85
    assert set(report.fitted.head.report["by"]) == {"sex", "apparent_ethnicity"}
    save_heads(tmp_path / "look.npz", [report.fitted.head])
    assert load_heads(tmp_path / "look.npz")[0].sha256 == report.fitted.head.sha256

    (tmp_path / "r.toml").write_text(
        'annotators = ["embedding"]\nheads = ["look.npz"]\ncrops = ["ffhq-fast:32"]\n'
    )
    folder = tmp_path / "photos"
    folder.mkdir()
    for path in portraits:
        (folder / path.name).symlink_to(path)
    build(folder, tmp_path / "ds", Recipe.load(tmp_path / "r.toml"))
    dataset = Dataset.open(tmp_path / "ds")
    answer = dataset.query(
        "SELECT p.key, look FROM faces JOIN photos p USING (photo_id)"
    ).to_pylist()
    right = [row["key"].startswith(row["look"]["label"]) for row in answer]
    assert np.mean(right) > 0.9
    assert any(use.id == "look" for use in dataset.manifest.annotators)
    assert len(dataset.where("look.confidence > 0.5")) > 0

    by_id = [["face_id", "look"]]
    by_id += [[f"{r['photo_id']}_01", r["key"].split("_")[0]] for r in dataset.photos.to_pylist()]
    again = fit(write(tmp_path / "ids.csv", by_id), name="again", dataset=tmp_path / "ds")
    assert again.fitted.head.features == ("tight",)
    with pytest.raises(UsageError, match="no face"):
        fit(
            write(tmp_path / "bad.csv", [*by_id, ["nobody", "male"]]),
            name="b",
            dataset=tmp_path / "ds",
        )
