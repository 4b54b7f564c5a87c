import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from facewright.align.eg3d import EG3D, EG3D_224, MODEL_POINTS, fit_projection, five_points
from facewright.errors import PhotoError, UsageError


@pytest.mark.parametrize("case", ["astro", "tilt"])
def test_pixels_are_the_published_ones(astronaut, golden, sha256, case):
    landmarks = np.array(golden[case]["landmarks"], dtype=np.float64)
    crop = EG3D.crop(astronaut, landmarks, 512)
    assert sha256(crop.pixels) == golden[case]["eg3d_512"]


def by_the_book_224(photo, landmarks):
    """Deep3DFaceRecon's input: 10 equations, 8 unknowns; the whole photo resized, then cut."""
    height, width = photo.shape[:2]
    points = five_points(landmarks)
    points[:, 1] = height - 1 - points[:, 1]
    equations = np.zeros((10, 8))
    equations[0::2, :3] = equations[1::2, 4:7] = MODEL_POINTS
    equations[0::2, 3] = equations[1::2, 7] = 1
    k = np.linalg.lstsq(equations, points.reshape(-1), rcond=None)[0]
    scale = 102 / ((np.linalg.norm(k[:3]) + np.linalg.norm(k[4:7])) / 2)
    w, h = int(width * scale), int(height * scale)
    left = int(w / 2 - 112 + (k[3] - width / 2) * scale)
    up = int(h / 2 - 112 + (height / 2 - k[7]) * scale)
    resized = Image.fromarray(photo).resize((w, h), Image.Resampling.BICUBIC)
    return np.asarray(resized.crop((left, up, left + 224, up + 224)))


@pytest.mark.parametrize("move", [0, 100, -60])
def test_the_network_input_is_by_the_book(natural, face68, move):
    crop = EG3D_224.crop(natural, face68 + move, 224)
    assert np.array_equal(crop.pixels, by_the_book_224(natural, face68 + move))
    assert np.abs(crop.quad - EG3D_224.quad(face68 + move)).max() < 1
    assert crop.outside == pytest.approx(np.mean(crop.pixels.max(axis=2) == 0), abs=0.02)


def test_quad_is_the_published_square_up_to_its_truncations(natural, face68):
    crop = EG3D.crop(natural, face68 + 100, 512)
    assert np.abs(crop.quad - EG3D.quad(face68 + 100)).max() < 0.5


@given(dx=st.floats(-1e3, 1e3), dy=st.floats(-1e3, 1e3), scale=st.floats(0.2, 20))
def test_quad_follows_shift_and_scale(face68, dx, dy, scale):
    # The program's half pixel does not scale with the picture: compare without it.
    half = np.array([-0.5, 0.5])
    moved = EG3D.quad(face68 * scale + (dx, dy)) - half
    assert np.allclose(moved, (EG3D.quad(face68) - half) * scale + (dx, dy), atol=1e-6)


def test_projection_is_recovered():
    points = MODEL_POINTS[:, :2].astype(np.float64) * 120 + (33, 44)
    assert fit_projection(points) == pytest.approx((120, 33, 44), abs=1e-3)


def test_other_sizes_are_refused(natural, face68):
    with pytest.raises(UsageError, match="eg3d:512"):
        EG3D.crop(natural, face68, 256)


@given(shift=st.tuples(st.floats(-700, 700), st.floats(-700, 700)), scale=st.floats(0.001, 300))
@settings(deadline=None, max_examples=30)
def test_any_place_gives_a_crop_or_a_reason(attempt, face68, natural, shift, scale):
    landmarks = (face68 - face68.mean(axis=0)) * scale + 300 + np.array(shift)
    crop, reason = attempt(EG3D, natural, landmarks, 512)
    if crop is None:
        assert reason in {"face_outside_photo", "degenerate_landmarks"}
    else:
        assert crop.pixels.shape == (512, 512, 3)
        assert 0 <= crop.outside < 1


def test_degenerate_landmarks_are_named(natural):
    for points in (np.zeros((68, 2)), np.full((68, 2), 0.1), np.full((68, 2), np.nan)):
        with pytest.raises(PhotoError) as caught:
            EG3D.crop(natural, points, 512)
        assert caught.value.reason == "degenerate_landmarks"
