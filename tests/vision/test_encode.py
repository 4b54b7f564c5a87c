"""Crops out: lossless means every pixel, for every reader."""

from __future__ import annotations

import io
import pickle

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from facewright.errors import UsageError
from facewright.vision.decode import decode_photo
from facewright.vision.encode import encode_jpeg, encode_png, encode_webp, encoder

PICTURES = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(
    lambda size: arrays(np.uint8, (*size, 3))
)


def by_pillow(data):
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == "RGB"
        return np.asarray(image)


def by_opencv(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)


@given(PICTURES)
def test_png_round_trip(pixels):
    data = encode_png(pixels)
    assert np.array_equal(by_pillow(data), pixels)
    assert np.array_equal(by_opencv(data), pixels)


@given(PICTURES)
def test_lossless_webp_round_trip(pixels):
    assert np.array_equal(by_pillow(encode_webp(pixels, None)), pixels)


@pytest.mark.parametrize("kind", ["noise", "flat", "waves"])
def test_png_of_a_crops_size(kind):
    y, x = np.mgrid[0:512, 0:512]
    pixels = {
        "noise": np.random.default_rng(0).integers(0, 256, (512, 512, 3), np.uint8),
        "flat": np.full((512, 512, 3), 77, np.uint8),
        "waves": np.stack([x + y, x - y, x ^ y], -1).astype(np.uint8),
    }[kind]
    data = encode_png(pixels)
    assert np.array_equal(decode_photo(data).pixels, pixels)
    assert len(data) < pixels.nbytes * 1.01 + 200


def test_views_are_encoded_as_they_look():
    pixels = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
    for view in (pixels[::2, ::3], pixels[:, ::-1], pixels.transpose(1, 0, 2), pixels[..., ::-1]):
        assert np.array_equal(by_pillow(encode_png(view)), view)


def test_read_only_pixels_are_encoded():
    pixels = np.zeros((20, 20, 3), np.uint8)
    pixels.flags.writeable = False
    assert np.array_equal(by_pillow(encode_png(pixels)), pixels)


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((4, 4)), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8),
     np.zeros((4, 4, 3), np.uint16)],
)  # fmt: skip
def test_other_arrays_are_refused(wrong):
    for encode in (encode_png, encode_jpeg, encode_webp):
        with pytest.raises(ValueError, match="uint8"):
            encode(wrong)


def test_sides_that_fpng_would_cut_short_are_refused():
    with pytest.raises(ValueError, match="65535"):
        encode_png(np.zeros((1, 65_536, 3), np.uint8))


def test_jpeg_keeps_full_colour_resolution():
    with Image.open(io.BytesIO(encode_jpeg(np.zeros((32, 32, 3), np.uint8)))) as image:
        assert [component[1:3] for component in image.layer] == [(1, 1)] * 3


@pytest.mark.parametrize(
    ("text", "name", "extension", "magic"),
    [
        ("png", "png", "png", b"\x89PNG"),
        ("jpeg", "jpeg:95", "jpg", b"\xff\xd8"),
        ("JPEG:80", "jpeg:80", "jpg", b"\xff\xd8"),
        ("webp", "webp:90", "webp", b"RIFF"),
        ("webp:7", "webp:7", "webp", b"RIFF"),
        ("webp-lossless", "webp-lossless", "webp", b"RIFF"),
    ],
)
def test_formats_by_name(text, name, extension, magic):
    encode = pickle.loads(pickle.dumps(encoder(text)))
    assert (encode.name, encode.extension) == (name, extension)
    assert encode.lossless == (extension == "png" or "lossless" in name)
    assert encode(np.zeros((16, 16, 3), np.uint8)).startswith(magic)


@pytest.mark.parametrize(
    "text", ["", "gif", "png:9", "jpeg:", "jpeg:0", "jpeg:101", "jpeg:9.5", "webp:-1", "jpeg:²"]
)
def test_other_names_are_refused(text):
    with pytest.raises(UsageError, match=r"quality|format"):
        encoder(text)
