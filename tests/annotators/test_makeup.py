"""Makeup: head and pixels pull the same way, grey pictures leave the head to decide."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.annotators.learn.pixel_parameters import parameters
from facewright.annotators.makeup import MAKEUP, lid_darkness, lip_redness, makeup_probability
from facewright.annotators.pixels.regions import face_pixels
from facewright.vision.runtime import Runtime
from helpers.drawn_faces import batch, draw, inputs

RED = {"upper_lip": (190, 20, 50), "lower_lip": (190, 20, 50)}
DARK = {"right_lid": (35, 25, 30), "left_lid": (35, 25, 30)}


def makeup(*faces: Any, **changes: Any) -> dict[str, Any]:
    return MAKEUP.annotate(batch(*faces), inputs(len(faces), **changes), Runtime())


def test_painted_lips_and_lids_are_redder_and_darker() -> None:
    pixels = face_pixels(batch(draw(), draw(paint=RED), draw(paint=DARK)))
    redness, darkness = lip_redness(pixels), lid_darkness(pixels)
    assert redness[1] > redness[0] + 20
    assert darkness[2] < darkness[0] - 20


def test_pixels_decide_where_the_head_is_in_doubt() -> None:
    doubt = {"_heads.lipstick": np.full(2, 0.5), "_heads.eye_makeup": np.full(2, 0.6)}
    columns = makeup(draw(), draw(paint={**RED, **DARK}), **doubt)
    assert columns["makeup.lip"].tolist() == [False, True]
    assert columns["makeup.eye"].tolist() == [False, True]


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-20, 60), st.floats(-20, 60))
def test_probability_rises_with_head_and_with_redness(
    p: float, q: float, r: float, s: float
) -> None:
    model = parameters().lip_makeup
    low, high = (
        makeup_probability(model, np.array([head]), np.array([red]), 11.0)[0]
        for head, red in ((min(p, q), min(r, s)), (max(p, q), max(r, s)))
    )
    assert 0 <= low <= high <= 1


def test_grey_pictures_leave_the_lips_to_the_head() -> None:
    picture, points = draw(paint=RED)
    grey = np.repeat(picture.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    heads = {"_heads.lipstick": np.array([0.02, 0.98])}
    columns = makeup((grey, points), (grey, points), **heads)
    assert columns["makeup.lip"].tolist() == [False, True]


def test_confidence_is_that_of_the_verdict() -> None:
    columns = makeup(draw(), draw(paint=RED))
    for name in ("lip", "eye"):
        assert (columns[f"confidence.{name}_makeup"] >= 0.5).all()


def test_an_unknown_head_gives_null() -> None:
    columns = makeup(draw(), **{"_heads.lipstick": np.array([np.nan])})
    assert columns["makeup.lip"].tolist() == [None]
    assert np.isnan(columns["confidence.lip_makeup"][0])


@pytest.mark.parametrize("shift", [0, 8, 40])
def test_tiny_faces_at_the_edge(shift: int) -> None:
    assert makeup(draw(16, shift=shift))["makeup.lip"].tolist() == [False]


def test_no_face_at_all() -> None:
    assert {len(column) for column in makeup().values()} == {0}
