"""Plain OpenEXR pictures are read; others are refused."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from facewright.errors import FacewrightError
from facewright.generate.head3d.cycles.exr import read_exr


def attribute(name, kind, value):
    return name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<i", len(value)) + value


def exr(channels, *, compression=0, kind=2, flags=0):
    """Bytes of a scanline file, its last row first, as the table of offsets allows."""
    height, width = next(iter(channels.values())).shape
    listed = b"".join(
        name.encode() + b"\0" + struct.pack("<iiii", kind, 0, 1, 1) for name in channels
    )
    head = struct.pack("<ii", 20000630, 2 | flags)
    head += attribute("channels", "chlist", listed + b"\0")
    head += attribute("compression", "compression", bytes([compression]))
    head += attribute("dataWindow", "box2i", struct.pack("<4i", 0, 0, width - 1, height - 1))
    head += b"\0"
    lines, offsets = b"", [0] * height
    first = len(head) + 8 * height
    for y in reversed(range(height)):
        values = b"".join(plane[y].astype("<f4").tobytes() for plane in channels.values())
        offsets[y] = first + len(lines)
        lines += struct.pack("<ii", y, len(values)) + values
    return head + struct.pack(f"<{height}Q", *offsets) + lines


PLANES = {
    "View.Combined.R": np.arange(6, dtype=np.float32).reshape(2, 3),
    "View.Combined.X": np.ones((2, 3), np.float32),
}


def test_channels_by_name(tmp_path):
    path = tmp_path / "picture.exr"
    path.write_bytes(exr(PLANES))
    found = read_exr(path)
    assert found.keys() == PLANES.keys()
    for name, plane in PLANES.items():
        np.testing.assert_array_equal(found[name], plane)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PNG",
        exr(PLANES)[:40],
        exr(PLANES)[:-5],
        exr(PLANES, compression=3),
        exr(PLANES, kind=1),
        exr(PLANES, flags=0x1000),
        exr(PLANES, flags=0x200),
    ],
    ids=["empty", "other", "header", "rows", "zip", "half", "parts", "tiles"],
)
def test_others_are_refused_by_name(tmp_path, data):
    path = tmp_path / "picture.exr"
    path.write_bytes(data)
    with pytest.raises(FacewrightError, match=r"picture\.exr: not a plain OpenEXR"):
        read_exr(path)
