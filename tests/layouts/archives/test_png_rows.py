"""Our own crops come back; files that are broken or say more are left to the general decoder."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from facewright.layouts.archives.png_rows import SIGNATURE, read_plain
from facewright.limits import Limits
from facewright.vision.encode import encode_png

LIMITS = Limits()


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def pixels_of(data, limits=LIMITS):
    plain = read_plain(data, limits)
    rows = plain and plain.rows()
    return rows and rows.pixels()


def by_pillow(pixels, mode="RGB", **settings):
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, "PNG", **settings)
    return file.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(header, rows, *more):
    packed = chunk(b"IDAT", zlib.compress(rows))
    return SIGNATURE + chunk(b"IHDR", header) + packed + b"".join(more) + chunk(b"IEND", b"")


def header(width=2, height=2, bits=8, colour=2, interlaced=0):
    return struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced)


@given(st.integers(1, 130), st.integers(1, 130), st.integers(1, 255))
@settings(max_examples=30, deadline=None)
def test_our_own_crops_come_back(height, width, levels):
    pixels = noise(height, width) % levels
    data = encode_png(pixels)
    plain = read_plain(data, LIMITS)
    assert plain is not None
    assert (plain.own, plain.width, plain.height) == (True, width, height)
    assert np.array_equal(pixels_of(data), pixels)


def test_files_of_others_have_rows_but_no_quick_pixels():
    pixels = np.cumsum(noise(40, 40) % 8, axis=1, dtype=np.uint8)
    plain = read_plain(by_pillow(pixels), LIMITS)
    assert plain is not None
    assert not plain.own
    rows = plain.rows()
    assert rows is not None
    assert rows.pixels() is None


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "I;16"])
def test_other_modes_are_not_taken(mode):
    picture = Image.new(mode, (20, 20))
    file = io.BytesIO()
    picture.save(file, "PNG")
    assert read_plain(file.getvalue(), LIMITS) is None


def test_what_changes_colours_or_orientation_is_not_taken():
    pixels = noise(20, 20)
    exif = Image.Exif()
    exif[0x0112] = 6
    words = PngImagePlugin.PngInfo()
    words.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    assert read_plain(by_pillow(pixels), LIMITS) is not None
    assert read_plain(by_pillow(pixels, exif=exif), LIMITS) is None
    assert read_plain(by_pillow(pixels, pnginfo=words), LIMITS) is None
    assert read_plain(by_pillow(pixels, icc_profile=b"profile"), LIMITS) is None
    gamma = chunk(b"gAMA", struct.pack(">I", 45455))
    assert read_plain(png(header(), bytes(14), gamma), LIMITS) is None


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", SIGNATURE, SIGNATURE + b"\0" * 40])
def test_what_is_no_png_is_not_taken(data):
    assert read_plain(data, LIMITS) is None


@pytest.mark.parametrize("where", [20, 30, 100, -30, -18, -6])
def test_damaged_files_are_not_taken_for_pictures(where):
    pixels = np.repeat(noise(1, 64), 64, axis=0)
    pixels[::3] += 9
    data = bytearray(encode_png(pixels))
    data[where] ^= 0x55
    assert read_plain(bytes(data), LIMITS) is None


def test_damage_below_right_chunk_checksums_is_seen():
    good, packed = bytes(14), zlib.compress(bytes(14))
    assert pixels_of(png(header(), good)) is not None
    wrong_adler = chunk(b"IDAT", packed[:-1] + bytes([packed[-1] ^ 1]))
    file = SIGNATURE + chunk(b"IHDR", header()) + wrong_adler + chunk(b"IEND", b"")
    plain = read_plain(file, LIMITS)
    assert plain is not None
    assert plain.rows() is None
    for rows in (bytes(13), bytes(15), b"\5" + bytes(13), bytes(7) + b"\xff" + bytes(6)):
        plain = read_plain(png(header(), rows), LIMITS)
        assert plain is not None
        assert plain.rows() is None


@pytest.mark.parametrize(
    "wrong", [header(bits=16), header(colour=6), header(interlaced=1), header(width=0), b"IHDR"]
)
def test_other_headers_are_not_taken(wrong):
    assert read_plain(png(wrong, bytes(14)), LIMITS) is None


def test_cut_files_and_large_ones_are_not_taken():
    data = encode_png(noise(64, 64))
    for end in range(0, len(data), 97):
        assert read_plain(data[:end], LIMITS) is None
    assert read_plain(data, Limits(max_pixels=64 * 64 - 1)) is None


def test_a_bomb_is_not_unpacked():
    plain = read_plain(png(header(), bytes(1 << 26)), LIMITS)
    assert plain is not None
    assert plain.rows() is None
