"""Photos in: every way of storing the same picture gives the same pixels, and nothing leaks."""

from __future__ import annotations

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
import simplejpeg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.record import PHOTO_REASONS
from facewright.vision.decode import DECODE_REASONS, decode_photo

UNDO = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
"""Which of Pillow's transpositions stores an upright picture for an EXIF orientation."""


def scene(width=60, height=40):
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    waves = [np.sin(5 * (x * (1 + i) + y * (2 - i)) + i) for i in range(3)]
    return Image.fromarray(np.rint(127.5 + 120 * np.stack(waves, -1)).astype(np.uint8))


def encode(image, fmt, **options):
    file = io.BytesIO()
    image.save(file, fmt, **options)
    return file.getvalue()


def reason(data, limits=None):
    with pytest.raises(PhotoError) as caught:
        decode_photo(data, limits or Limits())
    return caught.value.reason


def outcome(data, limits=None):
    try:
        return decode_photo(data, limits or Limits())
    except PhotoError as error:
        return error.reason


def error_of(pixels, image):
    return np.abs(pixels.astype(int) - np.asarray(image.convert("RGB"), int)).mean()


def test_every_reason_is_one_of_the_tables():
    assert set(DECODE_REASONS) <= set(PHOTO_REASONS)


@pytest.mark.parametrize(
    ("fmt", "options"),
    [
        ("PNG", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("WEBP", {"lossless": True}),
        ("BMP", {}),
        ("PPM", {}),
    ],
)
def test_lossless_formats_keep_every_pixel(fmt, options):
    got = decode_photo(encode(scene(), fmt, **options))
    assert np.array_equal(got.pixels, np.asarray(scene()))
    assert (got.format, got.mode, got.frames, got.orientation) == (fmt, "RGB", 1, 1)
    assert got.pixels.flags.c_contiguous
    assert not got.notes


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_jpeg_has_the_pixels_of_pillow(options):
    data = encode(scene(), "JPEG", quality=90, **options)
    with Image.open(io.BytesIO(data)) as image:
        assert np.array_equal(decode_photo(data).pixels, np.asarray(image))


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(fmt, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(scene(), fmt, exif=exif)
    got = decode_photo(data)
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(got.pixels, expected)
    assert got.orientation == orientation
    assert got.pixels.flags.c_contiguous


@pytest.mark.parametrize("orientation", range(2, 9))
def test_orientation_undoes_how_the_camera_was_held(orientation):
    stored = scene().transpose(Image.Transpose(UNDO[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    got = decode_photo(encode(stored, "PNG", exif=exif))
    assert np.array_equal(got.pixels, np.asarray(scene()))


@pytest.mark.parametrize(
    ("mode", "fmt", "error"),
    [
        ("CMYK", "TIFF", 1),
        ("CMYK", "JPEG", 4),
        ("YCbCr", "TIFF", 2),
        ("L", "PNG", 0),
        ("L", "JPEG", 2),
        ("LA", "PNG", 0),
        ("1", "PNG", 0),
        ("1", "TIFF", 0),
        ("P", "GIF", 0),
        ("P", "PNG", 0),
        ("RGBA", "PNG", 0),
        ("RGBA", "WEBP", 6),
    ],
)
def test_modes(mode, fmt, error):
    image = scene().convert(mode)
    got = decode_photo(encode(image, fmt))
    assert error_of(got.pixels, image) <= error


def test_lab_becomes_srgb():
    lab = ImageCms.profileToProfile(
        scene(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    got = decode_photo(encode(lab, "TIFF"))
    assert got.mode == "LAB"
    assert error_of(got.pixels, scene()) < 3
    lab.info.clear()
    assert error_of(decode_photo(encode(lab, "TIFF")).pixels, scene()) < 3


def test_sixteen_bits_take_the_high_byte():
    words = np.arange(20 * 20, dtype=np.uint16).reshape(20, 20) * 163
    for fmt in ("PNG", "TIFF", "PPM"):
        got = decode_photo(encode(Image.fromarray(words), fmt))
        assert np.array_equal(got.pixels[..., 1], words >> 8), fmt
        assert "16 bits" in got.notes[0]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, (0, 255)),
        (0, 200, (0, 200)),
        (-5, 5, (0, 255)),
        (0, 9e4, (0, 255)),
        (7e9, 7e9, (0, 0)),
    ],
)
def test_floats_are_scaled_by_their_range(low, high, expected):
    samples = np.linspace(low, high, 400, dtype=np.float32).reshape(20, 20)
    got = decode_photo(encode(Image.fromarray(samples), "TIFF"))
    assert (got.pixels.min(), got.pixels.max()) == expected


def test_floats_that_are_not_finite():
    samples = np.full((20, 20), 0.5, np.float32)
    samples[0, :3] = [np.nan, np.inf, -np.inf]
    got = decode_photo(encode(Image.fromarray(samples), "TIFF"))
    assert np.array_equal(got.pixels[0, :4, 0], [0, 0, 0, 128])
    assert "not finite" in got.notes[1]
    assert reason(encode(Image.fromarray(samples * np.nan), "TIFF")) == "corrupt"


def test_transparency_is_laid_over_white():
    image = scene().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    got = decode_photo(encode(image, "PNG"))
    assert got.pixels.min() == 255
    assert got.notes == ("transparency laid over white",)


def test_animations_give_the_first_frame():
    others = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green")]
    for fmt in ("GIF", "WEBP", "PNG", "TIFF"):
        got = decode_photo(encode(scene(), fmt, save_all=True, append_images=others))
        assert got.frames == 3
        assert got.notes == ("first of 3 frames",)
        assert error_of(got.pixels, scene()) < 8


def test_srgb_profiles_change_nothing_and_say_nothing():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain, tagged = encode(scene(), "JPEG"), encode(scene(), "JPEG", icc_profile=profile)
    got = decode_photo(tagged)
    assert not got.notes
    assert np.array_equal(got.pixels, decode_photo(plain).pixels)


def test_broken_profiles_are_noted():
    for fmt in ("JPEG", "PNG", "WEBP"):
        got = decode_photo(encode(scene(), fmt, icc_profile=b"no profile at all"))
        assert got.notes == ("ICC profile ignored: broken, or not for these colours",)


def test_limits_hold_before_decoding():
    small = Limits(max_pixels=1000, max_bytes=100_000)
    for fmt in ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "PPM", "AVIF"):
        assert reason(encode(scene(), fmt), small) == "too_many_pixels", fmt
        assert reason(encode(scene(15, 40), fmt)) == "too_small", fmt
    assert reason(bytes(101), Limits(max_bytes=100)) == "too_large_file"


def test_a_limit_above_pillows_own_is_honoured():
    ihdr = struct.pack(">IIBBBBB", 20000, 10000, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", ihdr), (b"IDAT", zlib.compress(bytes(2501 * 10000), 1)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
    assert reason(data) == "too_many_pixels"
    with pytest.raises(PhotoError) as caught:  # accepted by size, refused by the shortest side
        decode_photo(data, Limits(max_pixels=200_000_000, min_side=10_001))
    assert caught.value.reason == "too_small"


def test_stray_bytes_before_the_end_are_forgiven_and_counted():
    data = encode(scene(), "JPEG")
    got = decode_photo(data[:-2] + bytes(8) + data[-2:])
    assert np.array_equal(got.pixels, decode_photo(data).pixels)
    assert "stray bytes" in got.notes[0]


def test_sampling_factors_without_a_name_decode():
    """Grey blocks, chroma sampled 2x1 and 1x1: TurboJPEG refuses, libjpeg itself does not."""
    data = bytearray(encode(Image.new("RGB", (16, 16), (128, 128, 128)), "JPEG", subsampling=0))
    frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
    data[frame + 14] = 0x21
    data[scan + 8] = data[scan + 10] = 0  # all components take the first Huffman tables
    blocks = int("001010" * 8, 2).to_bytes(6)  # no difference, end of block; 2 x (1 + 2 + 1)
    got = decode_photo(bytes(data[: scan + 14]) + blocks + b"\xff\xd9")
    assert np.array_equal(got.pixels, np.full((16, 16, 3), 128))


SEEDS = [
    encode(scene(), "JPEG", quality=60, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"),
    encode(scene(), "JPEG", progressive=True),
    encode(scene().convert("CMYK"), "JPEG"),
    encode(scene(), "PNG"),
    encode(scene(), "WEBP"),
    encode(scene(), "WEBP", save_all=True, append_images=[Image.new("RGB", (60, 40))]),
    encode(scene(), "GIF", save_all=True, append_images=[Image.new("RGB", (60, 40))]),
    encode(scene(), "TIFF"),
    encode(Image.fromarray(np.eye(20, dtype=np.float32)), "TIFF"),
    encode(scene(), "BMP"),
    encode(scene(), "PPM"),
    encode(scene(), "AVIF"),
]


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=6),
    st.integers(0, 4000),
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_broken_bytes_give_pixels_or_a_photo_error(data, changes, cut):
    broken = bytearray(data)
    for at, value in changes:
        broken[at % len(broken)] = value
    got = outcome(bytes(broken[: len(broken) - cut % len(broken)]), Limits(max_pixels=4_000_000))
    assert got in DECODE_REASONS if isinstance(got, str) else got.pixels.dtype == np.uint8


@given(st.binary(max_size=400))
def test_noise_is_refused(data):
    assert reason(data) in DECODE_REASONS


def test_warnings_of_pillow_stay_inside():
    data = bytearray(encode(scene(), "TIFF"))
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for at in range(8, 200):
            broken = bytearray(data)
            broken[-at] = 255
            outcome(bytes(broken))
    assert not seen


def test_jpeg_is_the_decoder_and_nothing_else():
    data = encode(scene(400, 300), "JPEG", quality=95)
    assert np.array_equal(decode_photo(data).pixels, simplejpeg.decode_jpeg(data))
