"""Dark covers over both eyes are seen; shadow, closed eyes, dark skin and grey are none."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from facewright.annotators.pixels.covered import dark_lenses, eyes_covered
from facewright.annotators.pixels.regions import POLYGONS, face_pixels
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime
from helpers.drawn_faces import SKIN, batch, draw

BLACK = (12, 12, 14)
AROUND = tuple(f"{side}_{part}" for side in ("right", "left") for part in ("lid", "under_eye"))
EYES = ("right_eye", "left_eye")
DARK_SKIN = (80, 54, 42)


def judged(*faces: Any) -> tuple[list[bool], list[bool]]:
    """Which faces have covered eyes, and which dark lenses."""
    pixels = face_pixels(batch(*faces))
    return (eyes_covered(pixels) > 0.5).tolist(), (dark_lenses(pixels) > 0.5).tolist()


def lenses(face: Any, *sides: str) -> Any:
    """The face with black lenses before some eyes, their lids and the skin below."""
    picture, points = face
    for side in sides:
        around = points[list(POLYGONS[f"{side}_lid"] + POLYGONS[f"{side}_under_eye"]), :2]
        cv2.fillPoly(picture, [cv2.convexHull(np.rint(around).astype(np.int32))], BLACK)
    return picture, points


@pytest.mark.parametrize("skin", [SKIN, (240, 205, 190), (110, 76, 60)])
def test_lenses_reach_beyond_the_eyes(skin: tuple[int, int, int]) -> None:
    assert judged(lenses(draw(skin=skin), "right", "left")) == ([True], [True])


def test_covered_eyes_alone_are_no_lenses() -> None:
    paint = dict.fromkeys(EYES, BLACK)
    face = draw(paint=paint, iris=BLACK, texture=2.0)
    assert judged(face)[1] == [False]


def test_one_covered_eye_is_not_both() -> None:
    assert judged(lenses(draw(), "right")) == ([False], [False])


@pytest.mark.parametrize("skin", [SKIN, DARK_SKIN, (60, 40, 32)])
def test_open_and_closed_eyes_are_free(skin: tuple[int, int, int]) -> None:
    shut = draw(skin=skin, paint=dict.fromkeys(EYES, skin), iris=skin)
    assert judged(draw(skin=skin), shut) == ([False] * 2, [False] * 2)


def test_sockets_in_hard_shadow_are_free() -> None:
    shade = tuple(int(0.3 * v) for v in SKIN)
    shut = dict.fromkeys((*AROUND, *EYES), shade)
    wide = {**shut, **dict.fromkeys(EYES, (68, 66, 64))}
    assert judged(draw(paint=wide, iris=(14, 10, 8)))[0] == [False]


def test_a_picture_too_dark_to_tell_is_free() -> None:
    picture, points = draw()
    assert judged(((picture * 0.1).astype(np.uint8), points)) == ([False], [False])


def test_no_face_at_all() -> None:
    assert judged() == ([], [])


def test_a_face_outside_of_the_picture_is_free() -> None:
    assert judged(draw(shift=500)) == ([False], [False])


@pytest.mark.parametrize("gain", [1.0, 0.4])
def test_samples_are_free_in_colour_and_grey(samples: Any, gain: float) -> None:
    runtime = Runtime()
    for name in ("astronaut.png", "grace_hopper.jpg", "group.jpg"):
        photo = np.asarray(Image.open(samples / name).convert("RGB"))
        grey = np.repeat(photo.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
        faces = find_faces([photo, grey], runtime)
        darker = [(p * gain).astype(np.uint8) for p in (photo, grey)]
        for i in range(len(faces)):
            pair = (darker[faces.photo[i]], faces.meshes[i])
            assert judged(pair) == ([False], [False])
