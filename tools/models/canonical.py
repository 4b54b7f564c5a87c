"""canonical_face.npz: MediaPipe's canonical face, from its geometry pipeline metadata.

The file is a protobuf (mediapipe/tasks/cc/vision/face_geometry/proto): field 1 is the mesh, whose
field 3 repeats x, y, z, u, v of every vertex; field 2 repeats the landmarks that weigh in the
pose, with the landmark's id in field 1 and its weight in field 2.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import numpy as np

VERTICES = 468
VARINT, BYTES, FIXED32 = 0, 2, 5


def build_canonical(blob: bytes) -> bytes:
    """The .npz: vertices (468, 3) float32 in cm, pose_indices (33,) and pose_weights (33,)."""
    top = list(_fields(blob))
    (mesh,) = [value for number, value in top if number == 1 and isinstance(value, bytes)]
    numbers = [value for number, value in _fields(mesh) if number == 3]
    basis = [dict(_fields(v)) for number, v in top if number == 2 and isinstance(v, bytes)]
    file = io.BytesIO()
    np.savez(
        file,
        vertices=np.array(numbers, dtype=np.float32).reshape(VERTICES, 5)[:, :3],
        pose_indices=np.array([landmark[1] for landmark in basis], dtype=np.int64),
        pose_weights=np.array([landmark[2] for landmark in basis], dtype=np.float64),
    )
    return file.getvalue()


def _fields(blob: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    """Field numbers and values of one protobuf message, in the file's order."""
    position = 0
    while position < len(blob):
        tag, position = _varint(blob, position)
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            value, position = _varint(blob, position)
            yield number, value
        elif wire == BYTES:
            size, position = _varint(blob, position)
            yield number, blob[position : position + size]
            position += size
        elif wire == FIXED32:
            yield number, struct.unpack_from("<f", blob, position)[0]
            position += 4
        else:
            raise ValueError(f"protobuf: wire type {wire}")


def _varint(blob: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = blob[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
        shift += 7
