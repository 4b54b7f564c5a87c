import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facewright.align.ffhq import FFHQ
from facewright.align.ffhq_fast import FFHQ_FAST

EXACT = dataclasses.replace(FFHQ, working_side=1024)


def placed(face68, centre, scale):
    return (face68 - face68.mean(axis=0)) * scale + centre


@pytest.mark.parametrize(
    ("place", "size"),
    [
        (((350, 350), 1.0), 512),
        (((350, 350), 1.5), 256),
        (((350, 350), 2.0), 64),
        (((350, 350), 2.0), 48),
        (((90, 130), 1.5), 256),
        (((650, 560), 2.0), 512),
        (((350, 350), 3.5), 128),
    ],
)
def test_near_the_exact_crop(natural, face68, psnr, place, size):
    landmarks = placed(face68, *place)
    fast = FFHQ_FAST.crop(natural, landmarks, size)
    exact = EXACT.crop(natural, landmarks, size)
    assert psnr(fast.pixels, exact.pixels) > 48
    assert np.array_equal(fast.quad, exact.quad)
    assert (fast.outside, fast.padded) == (exact.outside, exact.padded)


@pytest.mark.slow
def test_portraits_are_51_db_from_the_exact_crop(portraits, face68, psnr):
    for path in portraits:
        photo = np.array(Image.open(path).convert("RGB"))
        landmarks = placed(face68, (512, 480), 3.5)
        fast, exact = (a.crop(photo, landmarks, 1024).pixels for a in (FFHQ_FAST, FFHQ))
        assert psnr(fast, exact) > 51


def test_black_and_bordered_photos(face68):
    photo = np.zeros((300, 400, 3), np.uint8)
    for alignment in (EXACT, FFHQ_FAST):
        assert alignment.crop(photo, face68 - (120, 0), 64).pixels.max() == 0
    photo[20:-20, 20:-20] = 255
    exact = EXACT.crop(photo, face68 - (120, 0), 64).pixels.astype(int)
    fast = FFHQ_FAST.crop(photo, face68 - (120, 0), 64).pixels.astype(int)
    assert np.abs(exact - fast).max() <= 24
    assert abs((exact - fast).mean()) < 0.5


@given(shift=st.tuples(st.floats(-700, 700), st.floats(-700, 700)), scale=st.floats(0.01, 25))
@settings(deadline=None, max_examples=60)
def test_any_place_gives_a_crop_or_a_reason(attempt, face68, natural, shift, scale):
    landmarks = placed(face68, 300 + np.array(shift), scale)
    crop, reason = attempt(FFHQ_FAST, natural, landmarks, 32)
    if crop is None:
        assert reason in {"face_outside_photo", "degenerate_landmarks"}
    else:
        assert crop.pixels.shape == (32, 32, 3)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 3)])
def test_photos_of_a_few_pixels(shape, face68, attempt):
    photo = np.full((*shape, 3), 9, np.uint8)
    for alignment in (EXACT, FFHQ_FAST):
        landmarks = placed(face68, (shape[1] / 2, shape[0] / 2), max(shape) / 172)
        crop, reason = attempt(alignment, photo, landmarks, 16)
        assert reason == "degenerate_landmarks" if crop is None else (crop.pixels == 9).all()


def test_views_of_larger_arrays_are_accepted(natural, face68):
    photo = np.ascontiguousarray(natural[50:600, 40:700])
    view = natural[50:600, 40:700]
    for alignment in (EXACT, FFHQ_FAST):
        expected = alignment.crop(photo, face68, 64).pixels
        assert np.array_equal(alignment.crop(view, face68, 64).pixels, expected)
