"""facewright lpff on the sample photographs."""

import json
import re

import pytest

from helpers.command import called, run


@pytest.fixture(scope="module")
def made(tmp_path_factory, samples):
    out = tmp_path_factory.mktemp("lpff") / "out"
    return out, run("lpff", samples.parent / "photos.csv", out, "--all")


def test_the_summary_tells_what_became_of_all(made):
    out, answer = made
    words = " ".join(answer.stdout.split())
    assert "5 photos 2 used: a face of it is kept 2 no_face:" in words
    assert "7 faces found 5 crop_too_small: fewer pixels" in words
    assert "2 kept: " in words
    assert str(out / "lpff-report.json") in answer.stdout
    assert re.search(r"5/5 photos, 7 faces", answer.stderr)


def test_json_is_one_line_and_a_second_run_tells_the_same(made, samples):
    out, _ = made
    answer = called("lpff", samples.parent / "photos.csv", out, "--all", "--json")
    said = json.loads(answer.stdout)
    assert said["faces"] == {"crop_too_small": 5, "kept": 2}
    assert said["kept"] == 2
    assert json.loads(answer.stderr.splitlines()[-1])["photos"] == 5


def test_authors_and_licences_come_along(made):
    info = json.loads((made[0] / "info.json").read_text())
    assert list(info) == ["grace_hopper_01", "group_01"]
    for entry in info.values():
        assert entry["image_info"]["license"]["name"]


@pytest.mark.slow
def test_import_and_sheet(made, tmp_path):
    called("import", "lpff", made[0], tmp_path / "dataset")
    answer = called("sheet", tmp_path / "dataset", "-o", tmp_path / "sheet.jpg")
    assert "2" in answer.stdout
    assert (tmp_path / "sheet.jpg").stat().st_size > 10_000


def test_wrong_use(made, samples, tmp_path):
    words = ("lpff", samples, tmp_path / "out")
    assert "opposite" in called(*words, "--all", "--density", "0.3", code=2).stderr
    assert "keeps no face" in called(*words, "--density", "0", code=2).stderr
    assert "in another way" in called("lpff", samples, made[0], code=2).stderr
    assert not (tmp_path / "out").exists()
