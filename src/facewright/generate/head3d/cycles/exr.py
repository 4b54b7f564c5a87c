"""Read the one kind of OpenEXR file that Blender is told to write here: rows of floats, plain.

Layout as of "OpenEXR File Layout" (openexr.com): magic, version, attributes, a table of offsets,
and then for each row its number, its size in bytes, and all its channels one after another.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from facewright.errors import FacewrightError
from facewright.generate.head3d.arrays import Floats

_MAGIC = b"\x76\x2f\x31\x01"
_UNLIKE = 0x1A00
"""Flags of the version: tiles, deep pixels, several parts."""
_FLOAT = 2


def read_exr(path: Path) -> dict[str, Floats]:
    """Channels (H, W) by their names.

    Raises:
        FacewrightError: the file is compressed, tiled, of other numbers, or cut short.
    """
    data = path.read_bytes()
    try:
        attributes, start = _attributes(data)
        return _channels(data, attributes, start)
    except (struct.error, ValueError, KeyError, IndexError):
        raise FacewrightError(f"{path.name}: not a plain OpenEXR picture of floats") from None


def _attributes(data: bytes) -> tuple[dict[str, bytes], int]:
    """Values by name, and where the table of offsets begins."""
    magic, version = struct.unpack_from("<4sI", data)
    if magic != _MAGIC or version & _UNLIKE:
        raise ValueError
    found: dict[str, bytes] = {}
    at = 8
    while data[at]:
        name, at = _text(data, at)
        _kind, at = _text(data, at)
        (size,) = struct.unpack_from("<i", data, at)
        found[name] = data[at + 4 : at + 4 + size]
        at += 4 + size
    return found, at + 1


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = data.index(b"\0", at)
    return data[at:end].decode("utf-8"), end + 1


def _channel_names(listed: bytes) -> list[str]:
    """Channels in the order in which rows hold them; each is 16 bytes after its name."""
    names, at = [], 0
    while listed[at]:
        name, at = _text(listed, at)
        (kind,) = struct.unpack_from("<i", listed, at)
        if kind != _FLOAT:
            raise ValueError
        names.append(name)
        at += 16
    return names


def _channels(data: bytes, attributes: dict[str, bytes], start: int) -> dict[str, Floats]:
    if attributes["compression"] != b"\0":
        raise ValueError
    names = _channel_names(attributes["channels"])
    left, top, right, bottom = struct.unpack("<4i", attributes["dataWindow"])
    width, height = right - left + 1, bottom - top + 1
    offsets = np.frombuffer(data, "<u8", height, start)
    row = np.dtype([("y", "<i4"), ("bytes", "<i4"), ("values", "<f4", (len(names), width))])
    out = np.empty((len(names), height, width), np.float32)
    for offset in offsets.tolist():
        line = np.frombuffer(data, row, 1, offset)[0]
        out[:, line["y"] - top] = line["values"]
    return dict(zip(names, out, strict=True))
