import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facewright.annotators.embedding import EMBEDDING
from facewright.annotators.pixels.chips import chip_squares
from facewright.annotators.sex_age import (
    SEX_AGE,
    age_error,
    corrected_age,
    piecewise,
    sex_confidence,
)
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime


def describe(photos):
    runtime = Runtime()
    faces = find_faces(photos, runtime)
    known = EMBEDDING.annotate(faces, {}, runtime)
    return SEX_AGE.annotate(faces, known, runtime)


def test_the_astronaut(samples):
    found = describe([np.asarray(Image.open(samples / "astronaut.png").convert("RGB"))])
    assert set(found) == set(SEX_AGE.card.gives)
    assert found["sex"].tolist() == ["female"]
    assert found["age"][0] == pytest.approx(40, abs=10)  # she was 40 when it was taken
    assert found["age"][0] == round(found["age"][0])
    assert found["confidence.sex"][0] > 0.8


def test_grey_and_tiny_faces_have_values(samples):
    photo = Image.open(samples / "astronaut.png").convert("RGB")
    grey = np.asarray(photo.convert("L").convert("RGB"))
    tiny = np.asarray(photo.resize((96, 96)))
    found = describe([grey, tiny])
    assert np.isfinite(found["age"]).all()
    assert (found["age_std"] > 0).all()


def test_no_faces():
    assert {len(v) for v in describe([np.zeros((64, 64, 3), np.uint8)]).values()} == {0}


@given(st.lists(st.floats(0, 100), min_size=2, max_size=20))
def test_the_age_curve_rises_and_stays_within_0_and_100(raw):
    ages = corrected_age(np.sort(np.array(raw)))
    assert (np.diff(ages) >= 0).all()
    assert ((ages >= 0) & (ages <= 100)).all()
    assert (age_error(ages) >= 3).all()


@given(st.floats(0, 200))
def test_piecewise_segments_add_up(x):
    assert piecewise(np.array([x]), [0.0, 25.0, 40.0]).sum() == pytest.approx(x)


def test_children_keep_the_models_age():
    assert corrected_age(np.array([0.0, 10.0])) == pytest.approx([0, 10], abs=0.5)


@given(st.floats(0, 1))
def test_sex_confidence_is_that_of_the_likelier_sex(male):
    first, second = sex_confidence(np.array([male, 1 - male]))
    assert first == pytest.approx(second, abs=1e-3)
    assert 0.5 <= first <= 1


@given(st.floats(20, 400), st.floats(-3, 3), st.floats(-500, 500), st.floats(-500, 500))
def test_chips_follow_a_similarity_of_the_mesh(side, angle, x, y):
    """A mesh laid over the template, turned and moved, gives just that square."""
    mesh = np.zeros((1, 478, 3))
    points = np.array(
        [[0.8596, 0.2135], [0.6461, 0.229], [0.1206, 0.2137], [0.3341, 0.2291], [0.4901, 0.6278]]
    )
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    mesh[0, [263, 362, 33, 133, 2], :2] = side * (points - 0.5) @ turn + (x, y)
    (square,) = chip_squares(mesh, padding=0.0)
    assert (square.x, square.y) == pytest.approx((x, y), abs=side / 1000)
    assert square.side == pytest.approx(side, rel=1e-3)
    assert np.cos(square.angle - angle) == pytest.approx(1, abs=1e-6)
    (padded,) = chip_squares(mesh, padding=0.2)
    assert padded.side == pytest.approx(side * 1.4, rel=1e-3)
