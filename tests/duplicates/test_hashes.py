from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facewright.duplicates.encoded import crop_hashes
from facewright.duplicates.hashes import MIRROR, bits_apart, near_hash, numbers_of, pixel_hash


@pytest.fixture
def face(samples: Path) -> np.ndarray:
    with Image.open(samples / "astronaut.png") as picture:
        return np.asarray(picture.convert("RGB"))


def apart(one: np.ndarray, other: np.ndarray) -> tuple[int, bool]:
    hashes, there = numbers_of([near_hash(one), near_hash(other)])
    assert there.all()
    bits, turned = bits_apart(hashes[:1], hashes[1:])
    return int(bits[0]), bool(turned[0])


def jpeg(pixels: np.ndarray, quality: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return file.getvalue()


def test_pixel_hash_knows_pixels_and_shape(face: np.ndarray) -> None:
    assert pixel_hash(face) == pixel_hash(face.copy())
    assert pixel_hash(face) == pixel_hash(face[:, ::-1][:, ::-1])  # strides do not matter
    other = face.copy()
    other[3, 4, 1] ^= 1
    assert pixel_hash(face) != pixel_hash(other)
    flat = np.zeros((4, 9, 3), np.uint8)
    assert pixel_hash(flat) != pixel_hash(flat.reshape(6, 6, 3))
    assert len(pixel_hash(face)) == 32


def test_near_hash_survives_size_and_compression(face: np.ndarray) -> None:
    small = np.asarray(Image.fromarray(face).resize((137, 137)))
    squeezed = np.asarray(Image.open(io.BytesIO(jpeg(face, 30))))
    assert apart(face, small)[0] <= 4
    assert apart(face, squeezed)[0] <= 4
    assert apart(face, face[100:400, 50:350])[0] > 10


def test_mirror_is_a_fixed_turn_of_bits(face: np.ndarray) -> None:
    plain, mirrored = near_hash(face), near_hash(face[:, ::-1])
    assert plain is not None
    assert mirrored is not None
    assert (int(plain, 16) ^ int(mirrored, 16) ^ MIRROR).bit_count() <= 2
    bits, turned = apart(face, face[:, ::-1])
    assert bits <= 2
    assert turned


@pytest.mark.parametrize("level", [0, 77, 255])
@pytest.mark.parametrize("shape", [(1, 1), (16, 300), (700, 600)])
def test_flat_pictures_have_no_near_hash(level: int, shape: tuple[int, int]) -> None:
    assert near_hash(np.full((*shape, 3), level, np.uint8)) is None


def test_luma_is_as_good_as_colours(face: np.ndarray) -> None:
    luma = np.asarray(Image.fromarray(face).convert("L"))
    assert apart(face, luma)[0] <= 1


def test_numbers_of_texts() -> None:
    numbers, there = numbers_of(["00000000000000ff", None, "8000000000000000"])
    assert numbers.tolist() == [255, 0, 1 << 63]
    assert there.tolist() == [True, False, True]
    assert numbers_of([])[0].shape == (0,)


def test_encoded_pictures(face: np.ndarray) -> None:
    file = io.BytesIO()
    Image.fromarray(face).save(file, "PNG")
    png, squeezed = crop_hashes(file.getvalue()), crop_hashes(memoryview(jpeg(face, 95)))
    assert png.pixels == pixel_hash(face)
    assert png.near == near_hash(face)
    assert squeezed.pixels is None
    near, _ = numbers_of([png.near, squeezed.near])
    assert int(near[0] ^ near[1]).bit_count() <= 2
    assert png.bytes != squeezed.bytes


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe0", b"nothing", b"\x89PNG\r\n"]
)
def test_broken_pictures_keep_their_bytes(data: bytes) -> None:
    found = crop_hashes(data)
    assert found.pixels is None
    assert found.near is None
    assert found.bytes
