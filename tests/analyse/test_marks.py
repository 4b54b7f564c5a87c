from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.analyse.marks import (
    DOT,
    KEPT,
    box_points,
    crop_map,
    draw_box,
    draw_dots,
    landmark_points,
    mapped,
    scale_map,
)

finite = st.floats(-500, 500)


@given(finite, finite, st.floats(5, 300), st.floats(0, 6.28), st.integers(16, 512))
def test_corners_of_the_quad_are_corners_of_the_crop(
    x: float, y: float, half: float, angle: float, side: int
) -> None:
    turn = half * np.array([np.cos(angle), np.sin(angle)])
    right, down = turn, np.array([-turn[1], turn[0]])
    centre = np.array([x, y])
    quad = [centre - right - down, centre - right + down, centre + right + down]
    quad.append(centre + right - down)
    affine = crop_map(np.concatenate(quad).tolist(), side)
    end = side - 0.5
    expected = [[-0.5, -0.5], [-0.5, end], [end, end], [end, -0.5]]
    assert np.allclose(mapped(np.array(quad), affine), expected, atol=1e-6)
    middle = mapped(centre[None], affine)
    assert np.allclose(middle, (side - 1) / 2, atol=1e-6)


def test_corners_on_a_line_are_refused() -> None:
    with pytest.raises(ValueError, match="on a line"):
        crop_map([0, 0, 1, 1, 2, 2, 3, 3], 64)


def test_scale_map_keeps_the_aspect_and_centres() -> None:
    affine = scale_map(200, 100, 50)
    corners = mapped(np.array([[-0.5, -0.5], [199.5, 99.5]]), affine)
    assert np.allclose(corners, [[-0.5, 12.0], [49.5, 37.0]])


def test_a_dot_is_bright_inside_dark_around_and_centred_between_pixels() -> None:
    picture = np.full((21, 21, 3), 128, np.uint8)
    draw_dots(picture, np.array([[10.0, 10.0]]), radius=2.0)
    assert tuple(picture[10, 10]) == DOT
    assert picture[10, 13].max() < 100
    assert (picture[10, 17] == 128).all()
    shifted = np.full((21, 21, 3), 128, np.uint8)
    draw_dots(shifted, np.array([[10.5, 10.0]]), radius=2.0)
    assert np.array_equal(shifted[10, 5:11], shifted[10, 11:17][::-1])


def test_dots_outside_of_the_picture_or_unknown_do_no_harm() -> None:
    picture = np.full((8, 8, 3), 9, np.uint8)
    draw_dots(picture, np.array([[-50.0, 3.0], [np.nan, np.nan], [1e12, 0.0]]), radius=1.0)
    assert (picture == 9).all()


def test_box_line_lies_on_its_edges() -> None:
    picture = np.zeros((60, 60, 3), np.uint8)
    corners = np.array([[10.0, 20.0], [10.0, 50.0], [40.0, 50.0], [40.0, 20.0]])
    draw_box(picture, corners, KEPT)
    assert np.allclose(picture[35, 10], KEPT, atol=25)
    assert np.allclose(picture[20, 25], KEPT, atol=25)
    assert picture[35, 25].max() == 0


def test_unknown_landmarks_are_no_points() -> None:
    assert landmark_points(None).shape == (0, 2)
    assert landmark_points({"jaw": None, "nose": [[1, 2]]}).tolist() == [[1, 2]]


def test_box_points_are_outer_corners() -> None:
    box = box_points({"left": 3, "top": 4, "width": 2, "height": 5})
    assert box.tolist() == [[2.5, 3.5], [2.5, 8.5], [4.5, 8.5], [4.5, 3.5]]
