"""Overall quality: monotone in each of its parts, lowered by each kind of damage."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.annotators.photometry import PHOTOMETRY
from facewright.annotators.quality import QUALITY, overall, turned
from facewright.vision.pose import azure_angles
from facewright.vision.runtime import Runtime
from helpers.drawn_faces import batch, draw, inputs

GOOD = {
    "blur": 0.0,
    "exposure": 0.62,
    "noise": 0.0,
    "face_size": 300.0,
    "presence": 15.0,
    "turn": 0.0,
    "blink": 0.05,
    "detection": 0.93,
}
WORSE = {  # part: from no penalty on, to the worst
    "blur": (0.0, 1.0),
    "noise": (0.0, 1.0),
    "face_size": (400.0, 8.0),
    "presence": (16.0, -5.0),
    "turn": (0.0, 100.0),
    "blink": (0.0, 1.0),
    "detection": (1.0, 0.5),
}


def score(**parts: float) -> float:
    arrays = {name: np.array([value]) for name, value in {**GOOD, **parts}.items()}
    return float(overall(**arrays)[0])


def test_a_good_face_has_full_quality() -> None:
    assert score() == pytest.approx(1.0)


@pytest.mark.parametrize("part", WORSE)
@given(st.floats(0, 1), st.floats(0, 1))
def test_monotone_in_each_part(part: str, p: float, q: float) -> None:
    best, worst = WORSE[part]
    better, worse = (best + (worst - best) * share for share in (min(p, q), max(p, q)))
    assert 0 <= score(**{part: worse}) <= score(**{part: better}) <= 1
    assert score(**{part: worst}) < 0.9


@given(st.floats(0, 0.38), st.floats(0, 0.38))
def test_light_off_normal_lowers_it_on_both_sides(p: float, q: float) -> None:
    near, far = sorted((p, q))
    for side in (-1.6, 1.0):
        assert score(exposure=0.62 + side * far) <= score(exposure=0.62 + side * near)


def test_unknown_noise_is_no_penalty() -> None:
    assert score(noise=float("nan")) == score()


def quality(*faces: Any, **changes: Any) -> dict[str, Any]:
    found = batch(*faces)
    known = {**inputs(len(found)), **PHOTOMETRY.annotate(found, {}, Runtime()), **changes}
    return QUALITY.annotate(found, known, Runtime())


def test_damage_lowers_it() -> None:
    picture, points = draw(256, texture=10)
    random = np.random.default_rng(0)
    damaged = {
        "blurred": cv2.GaussianBlur(picture, (0, 0), 5),
        "dark": (picture * 0.2).astype(np.uint8),
        "noisy": np.clip(picture + random.normal(0, 40, picture.shape), 0, 255).astype(np.uint8),
    }
    faces = [(picture, points), *((p, points) for p in damaged.values()), draw(40, texture=10)]
    plain, *others = quality(*faces)["quality.overall"]
    for name, value in zip([*damaged, "small"], others, strict=True):
        assert value < plain - 0.1, name


def test_closed_eyes_lower_it() -> None:
    shut = np.ones(1)
    changes = {"blendshapes.eyeBlinkLeft": shut, "blendshapes.eyeBlinkRight": shut}
    open_, closed = (quality(draw(), **c)["quality.overall"][0] for c in ({}, changes))
    assert closed < open_


def test_sharpness_and_size() -> None:
    picture, points = draw(256, texture=10)
    blurred = cv2.GaussianBlur(picture, (0, 0), 3)
    columns = quality((picture, points), (blurred, points))
    assert columns["quality.sharpness"][0] > columns["quality.sharpness"][1]
    np.testing.assert_allclose(columns["quality.face_size"], 256, rtol=1e-6)


@given(st.floats(-80, 80), st.floats(-60, 60))
def test_turn_is_the_angle_to_the_camera(yaw: float, pitch: float) -> None:
    y, p = np.radians(yaw), np.radians(pitch)
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    rotation = (about_y @ about_x)[None]
    np.testing.assert_allclose(azure_angles(rotation)[0, 2], yaw, atol=1e-6)
    wanted = np.degrees(np.arccos(rotation[0, 2, 2]))
    np.testing.assert_allclose(turned(rotation)[0], wanted, atol=1e-4)


def test_no_face_at_all() -> None:
    assert {len(column) for column in quality().values()} == {0}
