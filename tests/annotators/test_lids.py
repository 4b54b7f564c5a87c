"""Lids and gaze of the samples, and null behind painted lenses."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facewright.annotators.geometry import GEOMETRY
from facewright.annotators.lids import LIDS
from facewright.annotators.pipeline import Pipeline
from facewright.annotators.pixels.eyelids import STATES, lid_probabilities
from facewright.annotators.pixels.gaze import gaze_angles, gaze_closeness, gaze_features
from facewright.annotators.pixels.regions import POLYGONS
from facewright.record import BLENDSHAPE_NAMES
from facewright.vision.faces import find_faces


def describe(photos, runtime, kind="NoGlasses") -> dict[str, Any]:
    faces = find_faces(photos, runtime)
    known = GEOMETRY.annotate(faces, {}, runtime) | {"glasses": [kind] * len(faces)}
    found = LIDS.annotate(faces, known, runtime)
    assert set(found) == {*LIDS.card.gives, "null_reasons"}
    return found


def wearing_lenses(photo, runtime, colour=(10, 10, 12)) -> np.ndarray:
    """The photo with opaque lenses over both eyes, their lids and the skin below."""
    points = find_faces([photo], runtime).meshes[0, :, :2]
    painted = photo.copy()
    for side in ("right", "left"):
        around = points[list(POLYGONS[f"{side}_lid"] + POLYGONS[f"{side}_under_eye"])]
        centre, axes, angle = cv2.fitEllipse(around.astype(np.float32))
        larger = (axes[0] * 1.5, axes[1] * 1.4)
        cv2.ellipse(painted, (centre, larger, angle), colour, -1)
    return painted


def test_the_astronaut_and_her_mirror_image(runtime, astronaut):
    found = describe([astronaut, np.ascontiguousarray(astronaut[:, ::-1])], runtime)
    assert found["eye_state.left"].tolist() == ["open", "open"]
    assert found["gaze.pitch"][0] == pytest.approx(found["gaze.pitch"][1], abs=4)
    assert found["null_reasons"] == [{}, {}]
    assert ((found["confidence.gaze"] > 0.4) & (found["confidence.gaze"] < 0.9)).all()


def assert_null(found: dict[str, Any], reason: str) -> None:
    assert [found[f"eye_state.{side}"][0] for side in ("left", "right")] == [None, None]
    for name in ("gaze.pitch", "gaze.yaw", "confidence.gaze", "confidence.eye_state"):
        assert np.isnan(found[name][0])
    assert found["null_reasons"][0] == {"eye_state": reason, "gaze": reason}


@pytest.mark.parametrize("kind", ["Sunglasses", "SwimmingGoggles"])
def test_null_behind_dark_glasses(runtime, astronaut, kind):
    assert_null(describe([astronaut], runtime, kind), "behind dark glasses")


def test_null_where_the_eyes_are_covered(runtime, astronaut):
    assert_null(describe([wearing_lenses(astronaut, runtime)], runtime), "eyes covered")


@pytest.mark.parametrize("name", ["astronaut.png", "grace_hopper.jpg"])
def test_painted_lenses_are_seen_by_every_annotator(runtime, samples, name):
    photo = np.asarray(Image.open(samples / name).convert("RGB"))
    found = Pipeline().annotate(find_faces([wearing_lenses(photo, runtime)], runtime), runtime)
    assert found["glasses"].tolist() == ["Sunglasses"]
    assert "glasses" in [worn["type"] for worn in found["accessories"][0]]
    assert found["occlusion.eye"].tolist() == [True]
    assert found["eye_color"].tolist() == [None]
    assert_null({**found, "null_reasons": [_about_eyes(found)]}, "behind dark glasses")


def _about_eyes(found: dict[str, Any]) -> dict[str, str]:
    reasons = found["null_reasons"][0]
    assert reasons["eye_color"] == "dark glasses"
    return {name: reasons[name] for name in ("eye_state", "gaze")}


def test_no_faces(runtime):
    found = describe([np.zeros((64, 64, 3), np.uint8)], runtime)
    assert {len(values) for values in found.values()} == {0}


@given(st.floats(0, 80), st.floats(1, 500), st.floats(0, 20), st.floats(1, 4))
def test_gaze_is_less_sure_of_turned_and_of_small_faces(yaw, span, more, smaller):
    sure, turned, small = gaze_closeness(
        np.array([yaw, yaw + more, -yaw]), np.array([span, span, span / smaller])
    )
    assert 0 < turned <= sure < 1
    assert small <= sure


def shapes(**weights: float) -> np.ndarray:
    row = np.zeros((1, len(BLENDSHAPE_NAMES)), np.float32)
    for name, weight in weights.items():
        row[0, BLENDSHAPE_NAMES.index(name)] = weight
    return row


def test_gaze_signs_are_those_of_head_pose():
    """Up is positive; the picture's right, which is the subject's left, is positive."""
    rest = gaze_angles(gaze_features(shapes()))[0]
    up = gaze_angles(gaze_features(shapes(eyeLookUpLeft=0.8, eyeLookUpRight=0.8)))[0]
    left = gaze_angles(gaze_features(shapes(eyeLookOutLeft=0.8, eyeLookInRight=0.8)))[0]
    right = gaze_angles(gaze_features(shapes(eyeLookInLeft=0.8, eyeLookOutRight=0.8)))[0]
    assert up[0] - rest[0] > 10
    assert left[1] - rest[1] == pytest.approx(rest[1] - right[1], abs=1e-6)
    assert left[1] > right[1]


def test_lids_from_open_to_closed():
    blink_squint_opening = np.array([[0.05, 0.1, 0.35], [0.25, 0.8, 0.16], [0.6, 0.4, 0.08]])
    shares = lid_probabilities(blink_squint_opening)
    assert [STATES[k] for k in shares.argmax(axis=1)] == list(STATES)
    assert shares.sum(axis=1) == pytest.approx(1)
