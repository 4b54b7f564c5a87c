"""Blur, exposure and noise follow known damage, keep Azure's cuts and spare dark skin."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facewright.annotators.photometry import PHOTOMETRY, levels, measure_light
from facewright.annotators.pixels import luma
from facewright.vision.faces import FaceBatch, find_faces
from facewright.vision.runtime import Runtime
from facewright.vision.warp import Pyramid
from helpers.drawn_faces import batch, draw

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def portrait(samples: Path) -> FaceBatch:
    photo = np.asarray(Image.open(samples / "astronaut.png").convert("RGB"))
    return find_faces([photo], Runtime())


def changed(faces: FaceBatch, change: Callable[[Any], Any]) -> FaceBatch:
    photo = change(faces.photos[0])
    pyramid = Pyramid(photo, 0, 0, photo.shape[1], photo.shape[0])
    return FaceBatch(
        [photo],
        faces.photo,
        faces.boxes,
        faces.points,
        faces.scores,
        faces.meshes,
        faces.presence,
        [pyramid] * len(faces),
    )


def values(faces: FaceBatch, field: str) -> float:
    return float(PHOTOMETRY.annotate(faces, {}, Runtime())[f"{field}.value"][0])


def ladder(
    faces: FaceBatch, field: str, change: Callable[[float], Callable[[Any], Any]], *steps: float
) -> list[float]:
    return [values(changed(faces, change(step)), field) for step in steps]


def gaussian(sigma: float) -> Callable[[Any], Any]:
    return lambda p: cv2.GaussianBlur(p, (0, 0), sigma)


def motion(length: float) -> Callable[[Any], Any]:
    kernel = np.full((1, int(length)), 1 / length, np.float32)
    return lambda p: cv2.filter2D(p, -1, kernel)


def light(stops: float) -> Callable[[Any], Any]:
    return lambda p: np.rint(
        255 * np.clip((p / 255) ** 2.2 * 2.0**stops, 0, 1) ** (1 / 2.2)
    ).astype(np.uint8)


def grain(sigma: float) -> Callable[[Any], Any]:
    random = np.random.default_rng(0)
    return lambda p: np.clip(p + random.normal(0, sigma, p.shape), 0, 255).astype(np.uint8)


def rising(found: list[float]) -> bool:
    return found == sorted(found) and found[-1] > found[0]


def test_a_good_portrait_has_azures_usual_values(portrait: FaceBatch) -> None:
    columns = PHOTOMETRY.annotate(portrait, {}, Runtime())
    assert columns["blur.level"][0] == "low"
    assert columns["exposure.level"][0] == "goodExposure"
    assert columns["noise.level"][0] == "low"
    assert 0.5 < columns["exposure.value"][0] < 0.72
    assert columns["blur.value"][0] <= 0.1


def test_blur_rises_with_gaussian_and_with_motion_blur(portrait: FaceBatch) -> None:
    side = portrait.squares[0].side / 256
    assert rising(ladder(portrait, "blur", gaussian, *(side * s for s in (1, 2, 3, 4, 6))))
    assert rising(ladder(portrait, "blur", motion, *(max(side * s, 1) for s in (4, 8, 16))))
    assert values(changed(portrait, gaussian(6 * side)), "blur") >= 0.75


def test_exposure_rises_with_light(portrait: FaceBatch) -> None:
    found = ladder(portrait, "exposure", light, -4, -3, -2, -1, 0, 0.5, 1, 2)
    assert rising(found)
    assert found[1] <= 0.25
    assert found[-1] >= 0.75


def test_noise_rises_with_noise(portrait: FaceBatch) -> None:
    found = ladder(portrait, "noise", grain, 1, 5, 10, 20, 40)
    assert rising(found)
    assert found[0] <= 0.2
    assert found[-1] >= 0.7


@given(st.floats(2, 25))
def test_noise_sigma_is_that_of_white_noise(sigma: float) -> None:
    random = np.random.default_rng(0)
    flat = np.clip(random.normal(128, sigma, (256, 256)), 0, 255).astype(np.uint8)
    assert luma.noise_sigma(flat) == pytest.approx(sigma, rel=0.12)


def test_dark_skin_in_good_light_is_not_underexposed() -> None:
    eyes = {"right_eye": (235, 230, 228), "left_eye": (235, 230, 228)}
    shiny = {**eyes, "nose": (170, 150, 140)}  # as all skin does where it faces the light
    faces = batch(draw(skin=(62, 42, 34), paint=shiny), draw(skin=(225, 185, 165), paint=eyes))
    columns = PHOTOMETRY.annotate(faces, {}, Runtime())
    assert columns["exposure.level"].tolist() == ["goodExposure"] * 2


def test_a_dark_shot_of_pale_skin_is_underexposed() -> None:
    picture, points = draw(skin=(225, 185, 165))
    columns = PHOTOMETRY.annotate(batch((light(-4)(picture), points)), {}, Runtime())
    assert columns["exposure.level"][0] == "underExposure"


def test_levels_have_azures_cuts() -> None:
    scale = (0.25, 0.75, ("low", "medium", "high"))
    found = levels(np.array([0.0, 0.25, 0.26, 0.74, 0.75, np.nan]), scale)
    assert found.tolist() == ["low", "low", "medium", "medium", "high", None]


@pytest.mark.parametrize("shift", [0, 120, 250])
@pytest.mark.parametrize("side", [16, 60, 256])
def test_small_and_half_hidden_faces_have_values(side: int, shift: int) -> None:
    columns = PHOTOMETRY.annotate(batch(draw(side, shift=shift * side // 256)), {}, Runtime())
    assert np.isfinite(columns["blur.value"]).all()
    assert np.isfinite(columns["exposure.value"]).all()


def test_a_face_too_small_for_noise_says_so() -> None:
    columns = PHOTOMETRY.annotate(batch(draw(8)), {}, Runtime())
    assert np.isnan(columns["noise.value"][0])
    assert columns["noise.level"][0] is None
    assert columns["null_reasons"][0] == {"noise": "face too small"}


def test_no_face_at_all() -> None:
    columns = PHOTOMETRY.annotate(batch(), {}, Runtime())
    assert set(columns) - {"null_reasons"} == set(PHOTOMETRY.card.gives)
    assert {len(column) for column in columns.values()} == {0}


def test_light_of_a_black_picture_is_finite() -> None:
    picture, points = draw()
    black = measure_light(batch((np.zeros_like(picture), points)))
    assert np.isfinite(black.stops).all()
    assert np.isfinite(black.sharpness).all()


def test_no_dark_skin_among_the_portraits_is_underexposed(shared: Path) -> None:
    with (shared / "data/attribute_labels/labels_portraits.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["skin_monk"] in {"8", "9", "10"}][::3]
    folder = shared / "data/portraits"
    photos = [np.asarray(Image.open(folder / row["file"]).convert("RGB")) for row in rows]
    found = PHOTOMETRY.annotate(find_faces(photos, Runtime()), {}, Runtime())
    assert len(found["exposure.level"]) >= len(rows)
    assert "underExposure" not in found["exposure.level"].tolist()
