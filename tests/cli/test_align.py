"""facewright align, end to end on the sample photographs."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facewright.align.ffhq import FFHQ
from helpers import command

GOLDEN = json.loads(
    (Path(__file__).resolve().parents[1] / "align" / "golden.json").read_text(encoding="utf-8")
)["astro"]


@pytest.fixture
def run(tmp_path):
    return partial(command.called, "align", cwd=tmp_path)


@pytest.fixture
def points(tmp_path):
    path = tmp_path / "points.json"
    path.write_text(json.dumps({"face_landmarks": GOLDEN["landmarks"]}))
    return path


def test_given_landmarks_give_the_alignments_pixels(samples, points, tmp_path):
    photo = samples / "astronaut.png"
    words = ("--landmarks", points, "--as", "ffhq:64", "-o", "face.png")
    answer = command.run("align", photo, *words, cwd=tmp_path)
    assert answer.stdout == "face.png: ffhq:64, wholly inside the photo\n"
    pixels = np.array(Image.open(photo).convert("RGB"))
    expected = FFHQ.crop(pixels, np.array(GOLDEN["landmarks"], dtype=np.float64), 64)
    assert np.array_equal(np.array(Image.open(tmp_path / "face.png")), expected.pixels)


def test_without_landmarks_the_largest_face_is_found(run, samples, tmp_path):
    answer = run(samples / "group.jpg", "--as", "ffhq-fast:128")
    assert "5 faces; the largest is taken" in answer.stdout
    with Image.open(tmp_path / "group-ffhq-fast-128.png") as crop:
        assert crop.size == (128, 128)


def test_a_crop_is_not_aligned_twice_unless_asked(run, samples, tmp_path):
    run(samples / "astronaut.png", "--as", "ffhq-fast:256", "-o", "face.jpg")
    again = run("face.jpg", "--as", "ffhq-fast:256", "-o", "twice.png")
    assert (
        again.stdout == "face.jpg: already aligned as ffhq-fast; nothing written (--again does)\n"
    )
    assert not (tmp_path / "twice.png").exists()
    run("face.jpg", "--as", "ffhq-fast:256", "-o", "twice.png", "--again")
    assert (tmp_path / "twice.png").exists()
    run("face.jpg", "--as", "arcface-112", "-o", "other.webp")
    with Image.open(tmp_path / "other.webp") as crop:
        assert crop.size == (112, 112)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--as", "ffhq-u"], 2, "whole ordered list"),
        (["--as", "nosuch"], 2, "known: arcface-112"),
        (["--as", "eg3d:256"], 2, "eg3d:512"),
        (["-o", "face.gif"], 2, "face.gif: the output's name ends in .png"),
        (["--landmarks", "none.json"], 3, "none.json: cannot read the landmarks"),
        (["--landmarks", "five.json"], 2, "five.json: 5 landmarks"),
        (["--landmarks", "far.json"], 3, "astronaut.png: face_outside_photo"),
        (["-o", "nowhere/face.png", "--as", "ffhq-fast:16"], 3, "nowhere/face.png"),
    ],
)
def test_errors_are_one_line(run, samples, tmp_path, words, code, says):
    (tmp_path / "five.json").write_text(json.dumps(GOLDEN["landmarks"][:5]))
    far = (np.array(GOLDEN["landmarks"]) + 9000).tolist()
    (tmp_path / "far.json").write_text(json.dumps(far))
    answer = run(samples / "astronaut.png", *words, code=code)
    assert says in answer.stderr
    assert answer.stderr.startswith("facewright: ")
    assert answer.stderr.count("\n") == 1
    assert not list(tmp_path.glob("*.png"))


def test_pictures_without_a_face_or_that_are_none(run, samples, tmp_path):
    assert "--landmarks" in run(samples / "coffee.png", code=3).stderr
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing")
    assert "broken.jpg: " in run("broken.jpg", code=3).stderr
    assert "none.jpg: missing" in run("none.jpg", code=3).stderr


def test_help_has_examples(run):
    assert "facewright align portrait.jpg" in run("--help").stdout.split("Example")[-1]
