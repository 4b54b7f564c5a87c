import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from facewright.annotators.expression import (
    EXPRESSION,
    contempt,
    distribution,
    rounded_shares,
)
from facewright.annotators.geometry import GEOMETRY
from facewright.record import BLENDSHAPE_NAMES, EMOTIONS
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime


@pytest.fixture(scope="module")
def emotions(samples):
    runtime = Runtime()
    names = ("astronaut.png", "grace_hopper.jpg")
    photos = [np.asarray(Image.open(samples / name).convert("RGB")) for name in names]
    faces = find_faces(photos, runtime)
    known = GEOMETRY.annotate(faces, {}, runtime)
    return EXPRESSION.annotate(faces, known, runtime)


def test_the_astronaut_smiles_and_the_admiral_does_not(emotions):
    assert set(emotions) == set(EXPRESSION.card.gives)
    assert emotions["smile"][0] > 0.9
    assert emotions["smile"][1] < 0.3


def test_smile_is_happiness_and_all_eight_sum_to_one(emotions):
    assert np.array_equal(emotions["smile"], emotions["emotion.happiness"])
    total = np.sum([emotions[f"emotion.{name}"] for name in EMOTIONS], axis=0)
    assert total == pytest.approx(1, abs=1e-9)


SHARES = arrays(np.float64, (4, 8), elements=st.floats(0.001, 1)).map(
    lambda a: a / a.sum(axis=1, keepdims=True)
)


@given(SHARES)
def test_rounding_keeps_the_sum(shares):
    rounded = rounded_shares(shares)
    assert rounded.sum(axis=1) == pytest.approx(1, abs=1e-9)
    assert np.abs(rounded - shares).max() < 0.006
    assert (rounded >= 0).all()


@given(SHARES, arrays(np.float64, 4, elements=st.floats(0, 1)))
def test_what_is_not_happy_goes_to_neutral(nets, happy):
    shares = distribution(nets, happy, np.zeros(4))
    assert shares.sum(axis=1) == pytest.approx(1)
    assert shares[:, EMOTIONS.index("happiness")] == pytest.approx(happy)
    neutral, both = EMOTIONS.index("neutral"), [EMOTIONS.index(n) for n in ("neutral", "happiness")]
    assert shares[:, neutral] == pytest.approx(nets[:, both].sum(axis=1) * (1 - happy))


def test_contempt_is_a_one_sided_smile():
    shapes = np.zeros((3, len(BLENDSHAPE_NAMES)), np.float32)
    shapes[1, BLENDSHAPE_NAMES.index("mouthSmileLeft")] = 0.9
    shapes[2, [BLENDSHAPE_NAMES.index(f"mouthSmile{s}") for s in ("Left", "Right")]] = 0.9
    assert contempt(shapes) == pytest.approx([0, 1, 0], abs=0.01)
