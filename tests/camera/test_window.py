"""One camera through several crops."""

import numpy as np
from hypothesis import given

from facewright.camera.deep3d import labels_of_deep3d
from facewright.camera.label import CameraLabel
from facewright.camera.window import through_window, to_window
from helpers.cameras import ANGLES, TRANS, rows

SQUARES = rows((-300, 300), (-300, 300), (50, 900), (-3.1, 3.1))
"""left, top, side, angle."""


def quads(square):
    left, top, side, angle = square[0]
    along = side * np.array([np.cos(angle), np.sin(angle)])
    down = side * np.array([-np.sin(angle), np.cos(angle)])
    start = np.array([left, top])
    return np.array([[start, start + down, start + along + down, start + along]])


@given(SQUARES)
def test_corners_of_a_window(square):
    quad = quads(square)
    corners = [[(0, 0), (0, 1), (1, 1), (1, 0)]]
    np.testing.assert_allclose(to_window(quad, quad), corners, atol=1e-9)


@given(ANGLES, TRANS, SQUARES, SQUARES)
def test_both_crops_show_a_point_at_the_same_place_of_the_photo(angle, trans, one, other):
    labels = labels_of_deep3d(angle, trans)
    first, second = quads(one), quads(other)
    changed = through_window(labels, first, second)
    world = np.random.default_rng(0).normal(size=(9, 3)) * 0.2
    before = _in_photo(CameraLabel.parse(labels[0]).project(world), first[0])
    after = _in_photo(CameraLabel.parse(changed[0]).project(world), second[0])
    np.testing.assert_allclose(after, before, atol=1e-6)
    np.testing.assert_allclose(through_window(changed, second, first), labels, atol=1e-9)


def _in_photo(seen, quad):
    return quad[0] + seen[:, :1] * (quad[3] - quad[0]) + seen[:, 1:] * (quad[1] - quad[0])
