"""Blend shapes add, heads turn rigidly, subdivision keeps what is flat."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.camera.axes import head_of_azure
from facewright.generate.head3d import pack, shape

EVEN = dict.fromkeys(shape.ANCESTRIES, 1 / 3)


@pytest.fixture(scope="module")
def head() -> np.ndarray:
    return shape.neutral(shape.macro_weights(EVEN, 0.5, 30, 0.5), {})


@given(st.floats(0, 100))
def test_stages_share_an_age(years: float) -> None:
    shares = shape.stage_shares(years)
    assert sum(shares.values()) == pytest.approx(1)
    assert all(0 <= share <= 1 for share in shares.values())


@given(st.floats(0, 1), st.floats(1, 95), st.floats(0, 1))
def test_macro_weights_are_products_that_sum_to_one(
    male: float, years: float, heavy: float
) -> None:
    weights = shape.macro_weights(EVEN, male, years, heavy)
    universal = sum(value for name, value in weights.items() if name.startswith("universal"))
    ancestral = sum(value for name, value in weights.items() if not name.startswith("universal"))
    assert universal == pytest.approx(1)
    assert ancestral == pytest.approx(1)
    assert set(weights) <= set(pack.targets("macro").names)


def test_eyes_are_the_origin(head: np.ndarray) -> None:
    np.testing.assert_allclose(shape.eye_middle(head), 0, atol=1e-6)


def test_mean_head_is_of_human_size(head: np.ndarray) -> None:
    skin = shape.refine(head)
    upper = skin[skin[:, 1] > -0.1]
    assert 0.14 < np.ptp(upper[:, 0]) < 0.19  # ear to ear
    assert 0.09 < upper[:, 1].max() < 0.13  # eyes to crown


@pytest.mark.slow
def test_mean_head_is_symmetric(head: np.ndarray) -> None:
    skin = shape.refine(head)
    face = skin[(skin[:, 2] > 0) & (np.abs(skin[:, 1]) < 0.06)]
    mirrored = face * (-1, 1, 1)
    gap = np.linalg.norm(face[:, None] - mirrored[None], axis=2).min(axis=1)
    assert np.median(gap) < 5e-4


def test_no_units_change_nothing(head: np.ndarray) -> None:
    np.testing.assert_array_equal(shape.express(head, {}), head)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["mouthSmileLeft", "browInnerUp", "eyeBlinkRight"]), st.floats(0, 1))
def test_units_add_in_proportion(unit: str, weight: float) -> None:
    rest = shape.neutral(shape.macro_weights(EVEN, 0.5, 30, 0.5), {})
    full = shape.express(rest, {unit: 1.0}) - rest
    part = shape.express(rest, {unit: weight}) - rest
    np.testing.assert_allclose(part, weight * full, atol=2e-7)


def test_an_open_jaw_lowers_teeth_and_chin(head: np.ndarray) -> None:
    opened = shape.express(head, {"jawOpen": 0.6})
    jaw = pack.array("group_jaw")
    assert (opened[jaw] - head[jaw])[:, 1].mean() < -0.002


def test_unknown_unit_is_refused(head: np.ndarray) -> None:
    with pytest.raises(KeyError):
        shape.express(head, {"earWiggle": 1.0})


@given(st.floats(-80, 80), st.floats(-40, 40), st.floats(-40, 40))
def test_what_follows_fully_turns_rigidly(yaw: float, pitch: float, roll: float) -> None:
    rotation = head_of_azure(np.array([pitch, roll, yaw]))
    points = np.random.default_rng(0).normal(size=(40, 3))
    pivot = np.array([0.1, -0.2, 0.3])
    turned = shape.turn_head(points, np.ones(40), pivot, rotation)
    np.testing.assert_allclose(turned, (points - pivot) @ rotation.T + pivot, atol=1e-5)


def test_the_trunk_stays(head: np.ndarray) -> None:
    rotation = head_of_azure(np.array([0.0, 0.0, 40.0]))
    turned = shape.turn_head(head, shape.follow_weights(), shape.neck_joint(head), rotation)
    trunk = shape.follow_weights() == 0
    assert trunk.sum() > 100
    np.testing.assert_allclose(turned[trunk], head[trunk], atol=1e-6)


def test_axis_and_angle_of_no_turn() -> None:
    axis, angle = shape.axis_angle(np.eye(3))
    assert angle == 0
    assert np.linalg.norm(axis) == 1


def test_subdivision_moves_with_the_mesh(head: np.ndarray) -> None:
    shift = np.array([0.3, -0.1, 0.2], np.float32)
    np.testing.assert_allclose(shape.refine(head + shift), shape.refine(head) + shift, atol=1e-5)


def test_normals_are_units_that_look_outwards(head: np.ndarray) -> None:
    skin = shape.refine(head)
    normals = shape.vertex_normals(skin, shape.fine_triangles())
    used = np.unique(shape.fine_triangles())
    np.testing.assert_allclose(np.linalg.norm(normals[used], axis=1), 1, atol=1e-4)
    nose = used[np.argmax(skin[used, 2])]
    assert normals[nose, 2] > 0.7
