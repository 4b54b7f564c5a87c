"""Regions sample the same places of every face, and know what they cannot see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.annotators.pixels.colour import lab
from facewright.annotators.pixels.regions import (
    POLYGONS,
    face_pixels,
    inside_polygon,
    mean_value_coordinates,
    sample_weights,
    signed_area,
)
from helpers.drawn_faces import SKIN, batch, draw


@given(st.integers(3, 12), st.integers(0, 1000))
def test_mean_value_coordinates_give_back_the_points(corners: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    angles = (np.arange(corners) + random.uniform(0, 0.5, corners)) * 2 * np.pi / corners
    polygon = np.stack([np.cos(angles), np.sin(angles)], axis=1) * random.uniform(1, 3)
    points = random.uniform(-0.2, 0.2, (5, 2)) * 0.5
    weights = mean_value_coordinates(polygon, points)
    inside = inside_polygon(points, polygon)
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_allclose((weights @ polygon)[inside], points[inside], atol=1e-9)


def test_every_region_is_covered_by_about_a_hundred_samples_of_its_own_points() -> None:
    weights, rows = sample_weights()
    assert set(rows) == set(POLYGONS)
    for name, polygon in POLYGONS.items():
        part = weights[rows[name]]
        assert 80 < len(part) < 140, name
        assert not np.delete(part, list(polygon), axis=1).any(), name


def test_polygons_mirror_each_other() -> None:
    _, points = draw()
    middle = points[:468, 0].mean()
    for name in ("cheek", "lid", "under_eye", "eye"):
        right = points[list(POLYGONS[f"right_{name}"]), :2].mean(axis=0)
        left = points[list(POLYGONS[f"left_{name}"]), :2].mean(axis=0)
        assert right[0] < middle < left[0]
        assert abs(right[0] + left[0] - 2 * middle) < 4
        assert abs(right[1] - left[1]) < 4


def test_colours_are_those_of_the_region() -> None:
    face = draw(paint={"right_lid": (40, 60, 160)}, texture=0)
    pixels = face_pixels(batch(face))
    for region, colour in (("left_cheek", SKIN), ("chin", SKIN), ("right_lid", (40, 60, 160))):
        wanted = lab(np.array(colour, np.uint8))
        found = np.median(pixels.colours(region)[0], axis=0)
        np.testing.assert_allclose(found, wanted, atol=1.5, err_msg=region)


def test_samples_outside_of_the_photograph_are_nan() -> None:
    pixels = face_pixels(batch(draw(shift=180)))
    assert np.isnan(pixels.colours("right_cheek")).all()
    assert not np.isnan(pixels.colours("left_cheek")).any()


def test_a_cheek_that_is_turned_away_is_not_seen() -> None:
    picture, points = draw()
    squeezed = points.copy()
    middle = points[1, 0]
    squeezed[:, 0] = np.where(points[:, 0] < middle, 2 * middle - points[:, 0], points[:, 0])
    pixels = face_pixels(batch((picture, points), (picture, squeezed)))
    assert pixels.seen["right_cheek"][0] > 0.8
    assert pixels.seen["right_cheek"][1] < 0


def test_grey_pictures_are_known() -> None:
    picture, points = draw()
    grey = np.repeat(picture.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    assert face_pixels(batch((picture, points), (grey, points))).grey.tolist() == [False, True]


def test_one_batch_is_gathered_once() -> None:
    faces = batch(draw())
    assert face_pixels(faces) is face_pixels(faces)


@pytest.mark.parametrize("side", [16, 40])
def test_tiny_faces_have_pixels(side: int) -> None:
    assert np.isfinite(face_pixels(batch(draw(side))).lab).all()


def test_no_face_at_all() -> None:
    pixels = face_pixels(batch())
    assert pixels.colours("nose").shape[0] == 0
    assert len(pixels.grey) == 0


def test_signed_area_is_that_of_the_shoelace() -> None:
    square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 3.0], [0.0, 3.0]])
    assert signed_area(square) == 6
    assert signed_area(square[::-1]) == -6
