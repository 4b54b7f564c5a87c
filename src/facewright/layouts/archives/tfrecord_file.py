"""TFRecord files of pictures: framing, checksums and `tf.train.Example`, written by hand.

A record is its length (uint64, little-endian), a masked CRC-32C of that, the payload, and a masked
CRC-32C of the payload. The payload is a protocol buffer: Example.features (1) holds a map (1) of
name (1) to Feature (2), which is a bytes_list (1), float_list (2) or int64_list (3) of values (1).
Source: TensorFlow's documentation of TFRecord; Protocol Buffers, Encoding.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import google_crc32c
import numpy as np
from numpy.typing import NDArray

from facewright.errors import PhotoError
from facewright.layouts.archives.png_stored import store_pixels
from facewright.limits import Limits
from facewright.sources.base import Entry, raise_problem
from facewright.vision.encode import encode_png

UInt8 = NDArray[np.uint8]

_LENGTH: Final = struct.Struct("<Q")
_CHECK: Final = struct.Struct("<I")
HEAD: Final = _LENGTH.size + _CHECK.size
_MASK: Final = 0xA282EAD8
_WIRE_VARINT, _WIRE_BYTES = 0, 2
_BYTES_LIST, _INT64_LIST = 1, 3
_LARGEST: Final = 1 << 31


# -- writing --------------------------------------------------------------------------------


def encode_record(planes: UInt8) -> bytes:
    """One record of a picture.

    Args:
        planes: uint8 (C, H, W).

    Returns:
        `shape` as packed integers and `data` as the planes' bytes, framed.
    """
    shape = b"".join(map(_varint, planes.shape))
    features = _entry(b"shape", _field(_INT64_LIST, _field(1, shape)))
    features += _entry(b"data", _field(_BYTES_LIST, _field(1, planes.tobytes())))
    payload = _field(1, features)
    length = _LENGTH.pack(len(payload))
    return b"".join([length, _masked(length), payload, _masked(payload)])


def _entry(name: bytes, feature: bytes) -> bytes:
    return _field(1, _field(1, name) + _field(2, feature))


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | _WIRE_BYTES) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _masked(data: bytes) -> bytes:
    crc = google_crc32c.value(data)
    return _CHECK.pack(((crc >> 15 | crc << 17) + _MASK) & 0xFFFFFFFF)


# -- reading --------------------------------------------------------------------------------


class Place(NamedTuple):
    """Where a record's payload lies; `problem` says why the file cannot be followed further."""

    offset: int
    length: int
    problem: str = ""


def places(path: Path) -> Iterator[Place]:
    """Payloads of a file in order, by their frames alone: nothing else is read.

    Raises:
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    at = 0
    with path.open("rb") as file:
        while at < size:
            file.seek(at)
            head = file.read(HEAD)
            if len(head) < HEAD:
                yield Place(at, 0, f"it ends inside of the frame at byte {at}")
                return
            (length,) = _LENGTH.unpack_from(head)
            if head[_LENGTH.size :] != _masked(head[: _LENGTH.size]):
                yield Place(at, 0, f"the frame at byte {at} has a wrong checksum")
                return
            end = at + HEAD + length + _CHECK.size
            if end > size:
                yield Place(at, 0, f"it ends {end - size} bytes before its record at {at} does")
                return
            yield Place(at + HEAD, length)
            at = end


@dataclass
class RecordSource:
    """Pictures of a TFRecord file, each read as a PNG.

    Attributes:
        path: the file.
        ignored: nothing is passed over.
    """

    path: Path
    ignored: int = 0

    def describe(self) -> str:
        """Say what this is, for people."""
        return f"TFRecord file {self.path}"

    def entries(self) -> Iterator[Entry]:
        """List the records: keys are their numbers, eight digits."""
        for number, place in enumerate(places(self.path)):
            locator = f"{place.offset}:{place.length}"
            reason = "truncated" if place.problem else None
            detail = f"{self.path.name}: {place.problem}" if place.problem else None
            yield Entry(
                f"{number:08d}", locator, place.length, problem=reason, problem_detail=detail
            )

    def read(self, entry: Entry, limits: Limits) -> bytes:
        """The picture as a PNG.

        Raises:
            PhotoError: the entry's own problem, too_large_file, unreadable, checksum or bad_entry.
        """
        raise_problem(entry)
        offset, length = map(int, entry.locator.split(":"))
        if length > limits.max_bytes:
            raise PhotoError("too_large_file", f"a record of {length} bytes")
        try:
            with self.path.open("rb") as file:
                file.seek(offset)
                data = file.read(length + _CHECK.size)
        except OSError as error:
            raise PhotoError("unreadable", f"{self.path.name}: {error.strerror}") from error
        payload = data[:length]
        if data[length:] != _masked(payload):
            raise PhotoError("checksum", f"record {entry.key} of {self.path.name} is damaged")
        planes = decode_payload(payload, f"record {entry.key} of {self.path.name}")
        limits.check_size(planes.shape[2], planes.shape[1])
        if planes.shape[0] == 1:
            return b"".join(store_pixels(planes[0]))
        return encode_png(np.ascontiguousarray(planes.transpose(1, 2, 0)))


def decode_payload(payload: bytes, where: str) -> UInt8:
    """Planes (C, H, W), C 1 or 3, of an Example.

    Raises:
        PhotoError: "bad_entry", it holds something else.
    """
    try:
        shape, data = _features(payload)
    except (IndexError, ValueError) as error:
        raise PhotoError("bad_entry", f"{where} is no tf.train.Example: {error}") from error
    if len(shape) != 3 or shape[0] not in (1, 3) or not all(0 < n < _LARGEST for n in shape):
        raise PhotoError("bad_entry", f"{where}: shape {shape} is not that of a picture")
    if math.prod(shape) != len(data):
        raise PhotoError("bad_entry", f"{where}: {len(data)} bytes of data for shape {shape}")
    return np.frombuffer(data, np.uint8).reshape(shape)


def _features(payload: bytes) -> tuple[list[int], memoryview]:
    """Values of `shape` and `data`."""
    found: dict[bytes, tuple[int, memoryview]] = {}
    for _, features in _parts(memoryview(payload)):
        for _, entry in _parts(features):
            pair = dict(_parts(entry))
            for kind, values in _parts(pair.get(2, memoryview(b""))):
                found[bytes(pair.get(1, b""))] = (kind, values)
    if found.get(b"shape", (0,))[0] != _INT64_LIST or found.get(b"data", (0,))[0] != _BYTES_LIST:
        raise ValueError("it has no integers 'shape' and bytes 'data'")
    contents = (content for _, content in _parts(found[b"data"][1]))
    return _integers(found[b"shape"][1]), next(contents, memoryview(b""))


def _integers(view: memoryview) -> list[int]:
    """Packed or single varints of a list."""
    values, at = [], 0
    while at < len(view):
        key, at = _read_varint(view, at)
        if key & 7 == _WIRE_VARINT:
            value, at = _read_varint(view, at)
            values.append(value)
            continue
        length, at = _read_varint(view, at)
        end = at + length
        while at < end:
            value, at = _read_varint(view, at)
            values.append(value)
    return values


def _parts(view: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Fields of a message that hold bytes: number and content."""
    at = 0
    while at < len(view):
        key, at = _read_varint(view, at)
        if key & 7 != _WIRE_BYTES:
            raise ValueError(f"a field of wire type {key & 7} at byte {at}")
        length, at = _read_varint(view, at)
        if at + length > len(view):
            raise ValueError(f"a field at byte {at} ends too late")
        yield key >> 3, view[at : at + length]
        at += length


def _read_varint(view: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = view[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError(f"a number at byte {at} does not end")
