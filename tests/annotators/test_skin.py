"""Skin tone: golden colours, shadows and shine left out, null where skin is not seen."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facewright.annotators.pixels.colour import ita, lab
from facewright.annotators.pixels.regions import POLYGONS
from facewright.annotators.skin import SKIN, monk_place
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime
from helpers.drawn_faces import batch, draw


def test_lab_of_known_colours() -> None:
    rgb = np.array([[255, 255, 255], [0, 0, 0], [255, 0, 0], [119, 119, 119]], np.uint8)
    wanted = [[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.20], [50.03, 0, 0]]
    np.testing.assert_allclose(lab(rgb), wanted, atol=0.05)


def test_ita_of_light_and_dark_skin() -> None:
    found = ita(np.array([[70.0, 15.0, 20.0], [50.0, 15.0, 20.0], [30.0, 10.0, 20.0]]))
    np.testing.assert_allclose(found, [45, 0, -45])


@given(st.floats(10, 90), st.floats(0, 25), st.floats(5, 35), st.floats(0.5, 20))
def test_darker_cheeks_are_never_lighter_on_the_monk_scale(
    lightness: float, a: float, b: float, darker: float
) -> None:
    light, dark = monk_place(np.array([[lightness, a, b], [lightness - darker, a, b]]))
    assert 1 <= light <= dark <= 10


def tone(*faces: tuple[np.ndarray, np.ndarray]) -> dict[str, list[object]]:
    return SKIN.annotate(batch(*faces), {}, Runtime())


def test_shadow_and_shine_on_the_cheeks_do_not_count() -> None:
    picture, points = draw(texture=0)
    spotted = picture.copy()
    for region, colour in (("right_cheek", 255), ("left_cheek", 20)):
        corners = points[list(POLYGONS[region]), :2]
        x, y = corners.mean(axis=0).astype(int)
        spotted[y - 5 : y + 5, x - 5 : x + 5] = colour
    plain, marked = tone((picture, points), (spotted, points))["skin_tone.ita"]
    assert marked == pytest.approx(plain, abs=1.0)


@pytest.mark.parametrize(
    ("skin", "reason"),
    [
        ((150, 150, 150), "cheeks covered or in coloured light"),
        ((120, 160, 210), "cheeks covered or in coloured light"),
    ],
)
def test_covered_cheeks_give_null(skin: tuple[int, int, int], reason: str) -> None:
    columns = tone(draw(skin=skin))
    assert np.isnan(columns["skin_tone.ita"][0])
    assert columns["skin_tone.monk"] == [None]
    assert np.isnan(columns["confidence.skin_tone"][0])
    assert columns["null_reasons"] == [{"skin_tone": reason}]


def test_grey_pictures_and_faces_outside_give_null() -> None:
    picture, points = draw()
    grey = np.repeat(picture.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    columns = tone((grey, points), draw(shift=400))
    assert columns["null_reasons"][0] == {"skin_tone": "grey picture"}
    assert columns["null_reasons"][1] == {"skin_tone": "cheeks not seen"}


def test_one_cheek_outside_of_the_picture_leaves_the_other() -> None:
    whole, half = tone(draw(texture=0), draw(texture=0, shift=180))["skin_tone.ita"]
    assert half == pytest.approx(whole, abs=1.0)


def test_no_face_at_all() -> None:
    assert {len(column) for column in tone().values()} == {0}


def test_monk_steps_are_near_the_judged_ones(shared: Path) -> None:
    with (shared / "data/attribute_labels/labels_portraits.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["skin_monk"]][::10]
    folder = shared / "data/portraits"
    photos = [np.asarray(Image.open(folder / row["file"]).convert("RGB")) for row in rows]
    faces = find_faces(photos, Runtime())
    steps = SKIN.annotate(faces, {}, Runtime())["skin_tone.monk"]
    errors = [
        abs(step - int(rows[i]["skin_monk"]))
        for step, i in zip(steps, faces.photo, strict=True)
        if step is not None
    ]
    assert np.mean(np.array(errors) <= 2) >= 0.8
