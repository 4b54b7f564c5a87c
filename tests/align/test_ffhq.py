import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facewright.align.ffhq import FFHQ, FFHQ_NOPAD, QuadView, cut_region
from facewright.errors import UsageError

SMALL = dataclasses.replace(FFHQ, working_side=64)


@pytest.mark.slow
@pytest.mark.parametrize("case", ["astro", "tilt"])
@pytest.mark.parametrize("alignment", [FFHQ, FFHQ_NOPAD], ids=lambda a: a.name)
def test_pixels_are_the_published_ones(astronaut, golden, sha256, case, alignment):
    landmarks = np.array(golden[case]["landmarks"], dtype=np.float64)
    crop = alignment.crop(astronaut, landmarks, 1024)
    assert sha256(crop.pixels) == golden[case][f"{alignment.name}_1024"]
    assert crop.padded == (case == "tilt" and alignment.enable_padding)
    assert (crop.outside > 0) == (case == "tilt")
    assert np.array_equal(crop.quad, alignment.quad(landmarks))


def test_large_face_is_shrunk_as_the_whole_photo_would_be(natural):
    view = QuadView(np.array([(150, 90), (140, 300), (350, 310), (360, 100)], dtype=float), 210.2)
    region, moved = cut_region(natural, view, 20)
    factor = 5
    small = Image.fromarray(natural).resize((144, 128), Image.Resampling.LANCZOS)
    left, top, right, bottom = view.shrunk(factor).needed_box(144, 128)
    assert np.array_equal(region, np.asarray(small)[top:bottom, left:right])
    assert np.allclose(moved.corners + np.array([left, top]), view.corners / factor)


def test_outside_is_black_without_padding_and_filled_with_it(face68):
    photo = np.full((512, 512, 3), 200, np.uint8)
    landmarks = face68 - (180, 0)
    without = FFHQ_NOPAD.crop(photo, landmarks, 64)
    with_padding = FFHQ.crop(photo, landmarks, 64)
    assert without.pixels[32, 0].max() == 0
    assert with_padding.pixels.min() >= 199
    assert 0 < with_padding.outside < 1
    assert with_padding.padded


@given(shift=st.tuples(st.floats(-600, 600), st.floats(-600, 600)), scale=st.floats(0.01, 12))
@settings(deadline=None, max_examples=40)
def test_any_place_gives_a_crop_or_a_reason(attempt, face68, natural, shift, scale):
    landmarks = (face68 - face68.mean(axis=0)) * scale + 300 + np.array(shift)
    crop, reason = attempt(SMALL, natural, landmarks, 16)
    if crop is None:
        assert reason in {"face_outside_photo", "degenerate_landmarks"}
    else:
        assert crop.pixels.shape == (16, 16, 3)
        assert crop.pixels.dtype == np.uint8
        assert 0 <= crop.outside < 1


@pytest.mark.parametrize("size", [0, 15, 4097])
def test_sizes_out_of_range_are_refused(natural, face68, size):
    with pytest.raises(UsageError, match="16 to 4096"):
        FFHQ.crop(natural, face68, size)
