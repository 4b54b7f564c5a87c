"""Occlusion: painted covers are seen; beards, shadow, shine and grey pictures are not covers."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from facewright.annotators.occlusion import OCCLUSION
from facewright.annotators.pixels.regions import FACE_OVAL
from facewright.vision.runtime import Runtime
from helpers.drawn_faces import SKIN, batch, draw, inputs

MASK = (*FACE_OVAL[11:26], 116, 6, 345)
FRINGE = {"forehead": (40, 28, 22), "forehead_top": (40, 28, 22)}
BEARD = {"moustache": (60, 42, 34), "chin": (55, 40, 33)}
PATCH = (70, 105, 107, 9, 6, 122, 47, 101, 117, 116)


def wearing(corners: tuple[int, ...], colour: tuple[int, int, int]) -> Any:
    picture, points = draw()
    cv2.fillPoly(picture, [np.rint(points[list(corners), :2]).astype(np.int32)], colour)
    return picture, points


def covered(face: Any, **changes: Any) -> set[str]:
    columns = OCCLUSION.annotate(batch(face), inputs(1, **changes), Runtime())
    names = ("forehead", "eye", "mouth")
    assert all(columns[f"confidence.{n}_occluded"][0] >= 0.5 for n in names)
    return {name for name in names if columns[f"occlusion.{name}"][0]}


def test_a_plain_face_is_free() -> None:
    assert covered(draw()) == set()


@pytest.mark.parametrize("skin", [(60, 40, 32), (120, 80, 60), (240, 205, 190)])
def test_no_skin_is_a_cover(skin: tuple[int, int, int]) -> None:
    assert covered(draw(skin=skin)) == set()


def test_a_fringe_covers_the_forehead() -> None:
    assert covered(draw(paint=FRINGE)) == {"forehead"}


def test_headwear_that_leaves_the_forehead_free_is_no_cover() -> None:
    assert covered(draw(), **{"_heads.headwear": np.array([0.99])}) == set()


@pytest.mark.parametrize("colour", [(240, 240, 240), (120, 170, 215), (20, 20, 22)])
def test_masks_cover_the_mouth_and_nothing_else(colour: tuple[int, int, int]) -> None:
    assert covered(wearing(MASK, colour)) == {"mouth"}


def test_a_beard_is_no_cover() -> None:
    assert covered(draw(paint=BEARD)) == set()


def test_an_eye_patch_covers_an_eye() -> None:
    assert covered(wearing(PATCH, (20, 20, 20))) == {"eye"}


def test_dark_glasses_cover_the_eyes() -> None:
    assert covered(draw(), glasses=["Sunglasses"]) == {"eye"}
    assert covered(draw(), glasses=["ReadingGlasses"]) == set()


def test_light_from_one_side_is_no_cover() -> None:
    picture, points = draw()
    shade = np.linspace(0.35, 1.1, picture.shape[1])[None, :, None]
    assert covered((np.clip(picture * shade, 0, 255).astype(np.uint8), points)) == set()


def test_shine_on_dark_skin_is_no_cover() -> None:
    shine = {"forehead": (150, 125, 115), "nose": (130, 105, 95)}
    assert covered(draw(skin=(80, 54, 42), paint=shine)) == set()


def test_a_grey_picture_is_no_cover() -> None:
    picture, points = draw(skin=SKIN)
    grey = np.repeat(picture.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    assert covered((grey, points)) == set()


def test_a_face_outside_of_the_picture_is_unknown() -> None:
    columns = OCCLUSION.annotate(batch(draw(shift=500)), inputs(1), Runtime())
    assert columns["occlusion.mouth"].tolist() == [None]
    assert columns["null_reasons"] == [{"occlusion": "face outside of the picture"}]


@pytest.mark.parametrize("side", [16, 40])
def test_tiny_faces(side: int) -> None:
    assert covered(draw(side)) == set()


def test_no_face_at_all() -> None:
    columns = OCCLUSION.annotate(batch(), inputs(0), Runtime())
    assert {len(column) for column in columns.values()} == {0}
