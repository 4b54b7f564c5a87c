import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.align.ffhq import FFHQ
from facewright.layouts.common.points import (
    GROUPS,
    into_crop,
    landmark_columns,
    landmarks_of,
    out_of_crop,
)
from facewright.record import Landmarks68
from helpers.layout_trees import face_points

coordinate = st.floats(-2000, 2000)


def test_groups_are_the_records():
    assert tuple(GROUPS) == tuple(Landmarks68.model_fields)
    assert [start for start, _ in GROUPS.values()] == [0, *(end for _, end in GROUPS.values())][:-1]


def test_columns_and_rows_hold_the_same_points():
    points = np.round(np.random.default_rng(1).uniform(0, 500, (68, 2)), 2)
    columns = landmark_columns(points)
    row = {"landmarks": {name.split(".")[1]: values for name, values in columns.items()}}
    found = landmarks_of(row)
    assert found is not None
    assert np.array_equal(found, points)
    assert landmarks_of({"landmarks": None}) is None
    assert landmarks_of({"landmarks": {**row["landmarks"], "jaw": None}}) is None


@given(
    st.tuples(coordinate, coordinate),
    st.floats(0, 6.3),
    st.floats(5, 1000),
    st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=5),
    st.integers(16, 4096),
)
def test_into_a_crop_and_out_is_the_identity(corner, angle, side, points, size):
    across = np.array([np.cos(angle), np.sin(angle)]) * side
    down = np.array([-across[1], across[0]])
    start = np.array(corner)
    quad = np.concatenate([start, start + down, start + across + down, start + across]).tolist()
    seen = into_crop(points, quad, size)
    assert seen is not None
    assert np.allclose(out_of_crop(seen, quad, size), points, atol=1e-5)
    # corners of the quad are the outer corners of the corner pixels
    corners = into_crop(np.reshape(quad, (4, 2)), quad, size)
    expected = np.array([[0, 0], [0, 1], [1, 1], [1, 0]]) * size - 0.5
    assert corners == pytest.approx(expected, abs=1e-5)


def test_points_move_as_the_pixels_do():
    """A dot of the photo is where its point is said to be in the exact FFHQ crop."""
    landmarks = np.array(face_points(150.3, 140.8, 30))
    photo = np.zeros((300, 300, 3), np.uint8)
    for x, y in ((150, 130), (120, 160), (190, 175)):
        photo[:] = 0
        photo[y - 2 : y + 3, x - 2 : x + 3] = 255
        crop = FFHQ.crop(photo, landmarks, 256)
        weight = crop.pixels[..., 0].astype(np.float64)
        rows, columns = np.indices(weight.shape)
        centre = (columns * weight).sum() / weight.sum(), (rows * weight).sum() / weight.sum()
        seen = into_crop([[x, y]], crop.quad.reshape(-1).tolist(), 256)
        assert seen is not None
        assert seen[0] == pytest.approx(centre, abs=0.1)


def test_a_quad_without_area_has_no_inside():
    assert into_crop([[1, 2]], [5.0] * 8, 64) is None
    assert np.array_equal(into_crop([[1, 2]], None, 64), [[1, 2]])  # type: ignore[arg-type]
