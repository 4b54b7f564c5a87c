"""The installed command on the sample photographs, end to end."""

import csv
import io
import json
import os
import pty
import re
import subprocess

import pytest
from PIL import Image

from helpers.command import COMMAND, called, run


@pytest.fixture(scope="module")
def built(tmp_path_factory, samples):
    out = tmp_path_factory.mktemp("cli") / "faces"
    answer = run("build", samples.parent / "photos.csv", out)
    return out, answer


def test_build_reports_what_it_did(built):
    out, answer = built
    assert re.search(r"5 +photos read", answer.stdout)
    assert re.search(r"7 +faces kept, of 7 found", answer.stdout)
    assert re.search(r"2 +excluded: no_face", answer.stdout)
    assert "faces a second" in answer.stdout
    assert f"facewright summary {out}" in answer.stdout
    assert re.search(r"5/5 photos, 7 faces, [\d.]+ photos/s", answer.stderr)
    assert "\x1b" not in answer.stdout + answer.stderr


@pytest.mark.slow
def test_show_dataset_and_face(built):
    out, _ = built
    assert "ffhq-fast:1024 as png" in run("show", out).stdout
    table = called("show", out, "grace_hopper_01", env={"COLUMNS": "120"}).stdout
    assert "head_pose.yaw" in table
    assert "degrees" in table
    assert "never facts" in table
    record = json.loads(called("show", out, "grace_hopper_01", "--json").stdout)
    assert record["glasses"] == "ReadingGlasses"
    assert any(item["type"] == "headwear" for item in record["accessories"])
    assert len(record["embedding"]) == 1024
    assert json.loads(called("show", out, "--json").stdout)["state"] == "complete"


def test_the_two_portraits_are_described_as_anybody_would(built):
    out, _ = built
    sql = "SELECT face_id, sex, age, emotion.happiness AS h FROM faces WHERE index = 1"
    rows = {
        row["face_id"]: row
        for row in map(
            json.loads, called("query", out, sql, "--format", "json").stdout.splitlines()
        )
    }
    assert rows["astronaut_01"]["sex"] == "female"
    assert 25 <= rows["astronaut_01"]["age"] <= 50
    assert rows["grace_hopper_01"]["age"] > 50
    assert rows["astronaut_01"]["h"] > 0.8
    assert rows["grace_hopper_01"]["h"] < 0.5


@pytest.mark.slow
def test_query_formats(built):
    out, _ = built
    sql = "SELECT photo_id, count(*) AS n FROM faces GROUP BY 1 ORDER BY 2 DESC"
    assert "group" in called("query", out, sql).stdout
    rows = list(csv.DictReader(io.StringIO(called("query", out, sql, "--format", "csv").stdout)))
    assert rows[0] == {"photo_id": "group", "n": "5"}


@pytest.mark.slow
def test_sheet_and_summary(built, tmp_path):
    out, _ = built
    answer = called("sheet", out, "-o", tmp_path / "s.jpg", "--where", "photo_id = 'group'")
    assert "5 of 5 faces" in answer.stdout
    with Image.open(tmp_path / "s.jpg") as picture:
        assert picture.width > 500
    called("summary", out, "-o", tmp_path / "s.html")
    page = (tmp_path / "s.html").read_text()
    assert "no_face" in page
    assert "http://" not in re.sub(r'href="http[^"]*"|xmlns="[^"]*"', "", page)


@pytest.mark.slow
def test_annotate_needs_no_dataset(samples, tmp_path):
    answer = run("annotate", samples / "group.jpg", samples / "coffee.png", tmp_path / "none.jpg")
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [row.get("reason") for row in rows] == [None] * 5 + ["no_face", "missing"]
    assert "mesh" not in rows[0]
    assert len(rows[0]["landmarks"]["jaw"]) == 17
    assert "2 of 3 pictures gave no record" in answer.stderr
    (with_points,) = called("annotate", "--points", samples / "astronaut.png").stdout.splitlines()
    assert len(json.loads(with_points)["mesh"]) == 478


@pytest.mark.slow
def test_models_shows_cards():
    text = called("models", env={"COLUMNS": "160"}).stdout
    assert "faceres" in text
    assert "heads" in text
    cards = [json.loads(line) for line in called("models", "--json").stdout.splitlines()]
    assert all(card["licence_weights"] for card in cards if "origin" in card)
    assert all(card["known_failures"] for card in cards if card["id"] != "face_landmark_tables")
    assert "VGGFace2" in called("models", "faceres").stdout
    assert run("models", "nonsense", code=2).stderr.startswith("facewright: no model")


@pytest.mark.slow
def test_strict_and_wrong_use(tmp_path, samples):
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing")
    (photos / "astronaut.png").write_bytes((samples / "astronaut.png").read_bytes())
    answer = run("build", photos, tmp_path / "out", "--strict", "--crop", "ffhq-fast:64", code=1)
    assert "--strict: photos were excluded" in answer.stderr
    assert "1 faces kept" in re.sub(" +", " ", answer.stdout)
    assert called("build", photos, tmp_path / "o2", "--crop", "x:1", code=2).stderr.count("\n") == 1
    called("build", photos, code=2)
    called("build", tmp_path / "nowhere", tmp_path / "o3", code=3)
    called("show", tmp_path, code=3)


@pytest.mark.slow
def test_json_for_machines(tmp_path, samples):
    answer = run(
        "build", samples.parent / "photos.csv", tmp_path / "o", "--json", "--crop", "ffhq-fast:64"
    )
    report = json.loads(answer.stdout)
    assert report["counts"]["faces_kept"] == 7
    assert report["faces_per_second"] > 0
    steps = [json.loads(line) for line in answer.stderr.splitlines()]
    assert steps[-1]["photos"] == steps[-1]["total"] == 5


@pytest.mark.slow
def test_a_terminal_sees_a_bar(tmp_path, samples):
    """On a pseudo-terminal the progress is drawn over itself."""
    ours, theirs = pty.openpty()
    command = [COMMAND, "build", samples / "..", tmp_path / "o", "--crop", "ffhq-fast:64"]
    process = subprocess.Popen(command, stderr=theirs, stdout=subprocess.DEVNULL)
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        seen += piece
    os.close(ours)
    assert process.wait() == 0
    assert b"\x1b[" in seen
    assert b"photos/s" in seen


def test_help_starts_somewhere():
    assert "Start here" in run("--help").stdout
    assert "facewright build photos/ my-faces" in called("build", "--help").stdout
