import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.align.geometry import check_overlap, face_square, outside_share
from facewright.errors import PhotoError

shifts = st.floats(-1e4, 1e4)
angles = st.floats(-np.pi, np.pi)


def turned(points, angle):
    c, s = np.cos(angle), np.sin(angle)
    return points @ np.array([[c, s], [-s, c]])


@given(angle=angles, dx=shifts, dy=shifts, scale=st.floats(0.1, 30))
def test_square_follows_any_similarity(face68, angle, dx, dy, scale):
    before = face_square(face68).corners
    moved = turned(face68, angle) * scale + (dx, dy)
    expected = turned(before, angle) * scale + (dx, dy)
    assert np.allclose(face_square(moved).corners, expected, atol=1e-6)


@given(noise=st.integers(0, 2**32 - 1))
def test_quad_is_a_square_in_order_tl_bl_br_tr(face68, noise):
    points = face68 + np.random.default_rng(noise).normal(0, 4, (68, 2))
    square = face_square(points)
    tl, bl, br, tr = square.corners
    edges = np.array([bl - tl, br - bl, tr - br, tl - tr])
    assert np.allclose(np.hypot(*edges.T), square.side)
    assert abs(edges[0] @ edges[1]) < 1e-6
    assert bl[1] > tl[1]
    assert tr[0] > tl[0]


def test_upright_square_keeps_size_and_centre(face68):
    leaning = face_square(turned(face68, 0.3))
    upright = face_square(turned(face68, 0.3), rotate=False)
    assert upright.x[1] == 0
    assert upright.side == pytest.approx(leaning.side)
    assert np.allclose(upright.centre, leaning.centre)


def test_stretch_and_precision(face68):
    square = face_square(face68.astype(np.float32), stretch=1.8)
    assert square.corners.dtype == np.float32
    assert square.side == pytest.approx(1.8 * face_square(face68).side, rel=1e-6)


@pytest.mark.parametrize(
    "points",
    [
        np.zeros((68, 2)),
        np.full((68, 2), 0.1),
        np.full((68, 2), np.nan),
        np.full((68, 2), np.inf),
        np.zeros((5, 2)),
        np.arange(136.0).reshape(68, 2) * 1e200,
    ],
)
def test_degenerate_landmarks_are_named(points):
    with pytest.raises(PhotoError) as caught:
        face_square(points)
    assert caught.value.reason == "degenerate_landmarks"


def box(left, top, right, bottom):
    return np.array([(left, top), (left, bottom), (right, bottom), (right, top)], dtype=float)


@pytest.mark.parametrize(
    ("corners", "share"),
    [
        (box(0, 0, 9, 9), 0.0),
        (box(-0.5, -0.5, 9.5, 9.5), 0.0),
        (box(-5.5, 0, 4.5, 9), 0.5),
        (box(-10.5, -10.5, 9.5, 9.5), 0.75),
        (box(20, 20, 30, 30), 1.0),
        (np.array([(4.5, -0.5), (-0.5, 4.5), (4.5, 9.5), (9.5, 4.5)]), 0.0),
        (np.array([(4.5, -10.5), (-10.5, 4.5), (4.5, 19.5), (19.5, 4.5)]), 1 - 100 / 450),
    ],
)
def test_outside_share_of_known_quads(corners, share):
    assert outside_share(corners, 10, 10) == pytest.approx(share)


@given(angle=angles, dx=shifts, dy=shifts, scale=st.floats(0.1, 100))
def test_outside_share_is_a_share(face68, angle, dx, dy, scale):
    corners = face_square(turned(face68, angle) * scale + (dx, dy)).corners
    assert 0 <= outside_share(corners, 512, 400) <= 1


def test_squares_that_miss_or_dwarf_the_photo_are_refused():
    for corners, side in ((box(20, 20, 30, 30), 10.0), (box(-500, -500, 500, 500), 1000.0)):
        with pytest.raises(PhotoError) as caught:
            check_overlap(corners, side, 10, 10)
        assert caught.value.reason == "face_outside_photo"
