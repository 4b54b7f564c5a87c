"""Eye colour from drawn irises, and null with a reason where none can be given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from facewright.annotators.eyes import EYES, irises
from facewright.vision.runtime import Runtime
from helpers.drawn_faces import batch, draw, inputs


def colour(*faces: Any, **changes: Any) -> dict[str, Any]:
    return EYES.annotate(batch(*faces), inputs(len(faces), **changes), Runtime())


@pytest.mark.parametrize(
    ("iris", "names"),
    [
        ((48, 30, 22), {"brown"}),
        ((96, 62, 36), {"brown", "hazel"}),
        ((95, 130, 175), {"blue", "gray"}),
        ((110, 120, 70), {"green", "hazel"}),
    ],
)
def test_drawn_irises(iris: tuple[int, int, int], names: set[str]) -> None:
    columns = colour(draw(512, iris=iris, texture=1))
    assert columns["eye_color"][0] in names
    assert 0.2 < columns["confidence.eye_color"][0] <= 1
    assert columns["null_reasons"] == [{}]


def reason(columns: dict[str, Any]) -> str:
    assert columns["eye_color"].tolist() == [None]
    assert np.isnan(columns["confidence.eye_color"][0])
    found: str = columns["null_reasons"][0]["eye_color"]
    return found


def test_null_for_small_irises() -> None:
    assert reason(colour(draw(100))) == "iris too small"


def test_null_for_closed_eyes() -> None:
    shut = np.array([0.9])
    changes = {"blendshapes.eyeBlinkLeft": shut, "blendshapes.eyeBlinkRight": shut}
    assert reason(colour(draw(512), **changes)) == "eyes closed"


@pytest.mark.parametrize("kind", ["Sunglasses", "SwimmingGoggles"])
def test_null_behind_dark_glasses(kind: str) -> None:
    assert reason(colour(draw(512), glasses=[kind])) == "dark glasses"


def test_null_in_grey_pictures() -> None:
    picture, points = draw(512)
    grey = np.repeat(picture.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    assert reason(colour((grey, points))) == "grey picture"


def test_one_closed_eye_leaves_the_other() -> None:
    face = draw(512, iris=(48, 30, 22))
    columns = colour(face, **{"blendshapes.eyeBlinkLeft": np.array([0.9])})
    assert columns["eye_color"][0] == "brown"


def test_radius_is_in_photograph_pixels() -> None:
    np.testing.assert_allclose(irises(batch(draw(400))).radius, 12.0, atol=0.1)


def test_reflections_do_not_count() -> None:
    picture, points = draw(512, iris=(48, 30, 22), texture=0)
    for centre in (468, 473):
        x, y = points[centre, :2].astype(int)
        picture[y - 4 : y + 1, x + 5 : x + 9] = 255
    found = irises(batch((picture, points)))
    assert np.nanmax(found.colours[..., 0]) < 95


@pytest.mark.parametrize("shift", [0, 16, 40])
def test_tiny_faces_at_the_edge_give_null(shift: int) -> None:
    assert reason(colour(draw(16, shift=shift))) == "iris too small"


def test_no_face_at_all() -> None:
    assert {len(column) for column in colour().values()} == {0}
