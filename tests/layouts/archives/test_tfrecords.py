"""FFHQ's TFRecords: sizes to the byte, levels by their definition, damage told."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright import Dataset
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout
from facewright.errors import LayoutError, PhotoError, UsageError
from facewright.layouts.archives.tfrecord_file import decode_payload, encode_record
from facewright.layouts.archives.tfrecords import TFRECORDS, levels
from facewright.layouts.seam.export import ExportOptions
from facewright.layouts.seam.tree import Tree

FRAMES = {2: 50, 3: 55, 4: 55, 5: 55, 6: 55, 7: 62, 8: 62, 9: 62, 10: 67}
"""Bytes of a published record beside its pixels, by level."""


def crc32c(data: bytes) -> int:
    """CRC-32C bit by bit: polynomial 0x1EDC6F41, reflected."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def frame(payload: bytes) -> bytes:
    length = struct.pack("<Q", len(payload))
    return length + masked(length) + payload + masked(payload)


def field(number: int, data: bytes) -> bytes:
    assert len(data) < 128
    return bytes([number << 3 | 2, len(data)]) + data


def example(planes: np.ndarray, *, packed: bool = True) -> bytes:
    """An Example by hand, with `data` first and one more feature, as a map may hold them."""
    values = bytes(planes.shape)
    shape = field(1, values) if packed else b"".join(bytes([1 << 3, v]) for v in values)
    features = [
        (b"data", field(1, field(1, planes.tobytes()))),
        (b"shape", field(3, shape)),
        (b"y", field(2, field(1, struct.pack("<f", 1.0)))),
    ]
    return field(1, b"".join(field(1, field(1, n) + field(2, f)) for n, f in features))


@pytest.mark.parametrize("level", FRAMES)
def test_records_have_the_published_size(level):
    planes = np.zeros((3, 1 << level, 1 << level), np.uint8)
    assert len(encode_record(planes)) == 3 * 4**level + FRAMES[level]


def test_the_published_files_follow():
    assert 70_000 * (3 * 4**2 + FRAMES[2]) == 6_860_000
    assert 70_000 * (3 * 4**10 + FRAMES[10]) == 220_205_650_000


def test_a_record_is_framed_as_the_definition_has_it():
    planes = np.arange(3 * 4 * 4, dtype=np.uint8).reshape(3, 4, 4)
    record = encode_record(planes)
    (length,) = struct.unpack("<Q", record[:8])
    assert record == frame(record[12 : 12 + length])
    assert np.array_equal(decode_payload(record[12:-4], "x"), planes)


@given(st.binary(max_size=60))
def test_hostile_payloads_are_refused(payload):
    with pytest.raises(PhotoError):
        decode_payload(payload, "x")


def test_levels_are_means_kept_in_full():
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    found = list(levels(pixels))
    assert [planes.shape for planes in found] == [(3, s, s) for s in (64, 32, 16, 8, 4)]
    for planes in found:
        side = planes.shape[1]
        blocks = pixels.astype(np.float64).reshape(side, 64 // side, side, 64 // side, 3)
        exact = np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)  # not of rounded levels
        assert np.array_equal(planes, exact.transpose(2, 0, 1))


def test_what_is_written_is_read_back(dataset, tmp_path):
    export_layout(dataset, "tfrecords", tmp_path / "a")
    files = sorted(path.name for path in (tmp_path / "a").glob("*.tfrecords"))
    assert files == [f"ffhq-r{level:02d}.tfrecords" for level in range(2, 8)]
    for level in range(2, 8):
        size = (tmp_path / "a" / f"ffhq-r{level:02d}.tfrecords").stat().st_size
        assert size == len(dataset) * (3 * 4**level + FRAMES[level])
    import_layout("auto", tmp_path / "a", tmp_path / "out", workers=1)
    back = Dataset.open(tmp_path / "out")
    assert back.face_ids == dataset.face_ids
    for face_id in back.face_ids:
        assert np.array_equal(back.image(face_id).numpy(), dataset.image(face_id).numpy())
    for old, new in zip(dataset, back, strict=True):
        assert new["head_pose"] == old["head_pose"]
        assert new["origin"]["name"]


def test_a_smaller_size_and_a_wrong_one(dataset, tmp_path):
    export_layout(dataset, "tfrecords", tmp_path / "a", ExportOptions(size=16))
    assert len(list((tmp_path / "a").glob("*.tfrecords"))) == 3
    with pytest.raises(UsageError, match="power of two"):
        export_layout(dataset, "tfrecords", tmp_path / "b", ExportOptions(size=48))
    assert not (tmp_path / "b").exists()


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "set"
    path.mkdir()
    return path


def test_files_of_others_are_read(folder, tmp_path):
    grey = np.arange(16, dtype=np.uint8).reshape(1, 4, 4)
    colour = np.arange(48, dtype=np.uint8).reshape(3, 4, 4)
    records = [example(colour), example(colour, packed=False), example(grey)]
    (folder / "mine-r02.tfrecords").write_bytes(b"".join(map(frame, records)))
    found = list(TFRECORDS.read(Tree(folder)))
    assert [item.key for item in found] == ["00000000", "00000001", "00000002"]
    import_layout("tfrecords", folder, tmp_path / "out", workers=1)
    photos = Dataset.open(tmp_path / "out").photos.arrow.to_pylist()
    assert {photo["reason"] for photo in photos} == {"too_small"}  # 4 pixels: for people, not nets


def test_damage_is_told_and_the_rest_is_read(folder, tmp_path):
    planes = np.full((3, 16, 16), 7, np.uint8)
    good = encode_record(planes)
    wrong = bytearray(good)
    wrong[200] ^= 1
    other = frame(b"no example")
    (folder / "x-r04.tfrecords").write_bytes(good + bytes(wrong) + other + good + good[:500])
    import_layout("tfrecords", folder, tmp_path / "out", workers=1)
    photos = Dataset.open(tmp_path / "out").photos.arrow.to_pylist()
    reasons = [photo["reason"] for photo in photos]
    assert reasons == [None, "checksum", "bad_entry", None, "truncated"]


def test_a_broken_frame_ends_the_file(folder):
    good = bytearray(encode_record(np.full((3, 4, 4), 7, np.uint8)))
    broken = bytearray(good)
    broken[2] ^= 1
    (folder / "x-r02.tfrecords").write_bytes(good + broken + good)
    first, second = TFRECORDS.read(Tree(folder))
    assert first.problem is None
    assert second.problem is not None
    assert "wrong checksum" in second.problem[1]


def test_which_file_is_read(folder):
    with pytest.raises(LayoutError, match="r10"):
        list(TFRECORDS.read(Tree(folder)))
    record = encode_record(np.zeros((3, 4, 4), np.uint8))
    (folder / "a-r02.tfrecords").write_bytes(record)
    (folder / "a-r03.tfrecords").write_bytes(record * 3)
    assert len(list(TFRECORDS.read(Tree(folder)))) == 3
    (folder / "b-r03.tfrecords").write_bytes(record)
    with pytest.raises(LayoutError, match="several sets"):
        list(TFRECORDS.read(Tree(folder)))
