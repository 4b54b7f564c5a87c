"""PyTorch's serialised storages as NumPy arrays, whose memory is the bytes that are there.

A pickled tensor holds its numbers as the bytes of a `torch.save` in the format before zip files:
five pickles (a magic number, a version, facts of the machine, the storage's description, the
names of the storages) and then, for each name, a count of elements and the elements themselves.
`torch.load(weights_only=True)` sets memory aside for whatever count the description claims;
this reader compares it with the bytes that follow and copies nothing.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.plain_pickle import PlainReader, RefusedError

_MAGIC = 0x1950A86A20F9469CFC6C
_VERSION = 1001
_KINDS = {
    ("torch", "DoubleStorage"): "<f8",
    ("torch", "FloatStorage"): "<f4",
    ("torch", "HalfStorage"): "<f2",
    ("torch", "LongStorage"): "<i8",
    ("torch", "IntStorage"): "<i4",
    ("torch", "ShortStorage"): "<i2",
    ("torch", "CharStorage"): "i1",
    ("torch", "ByteStorage"): "u1",
    ("torch", "BoolStorage"): "?",
}
_COUNT = struct.Struct("<q")


@dataclass(frozen=True, slots=True)
class Storage:
    """A flat run of numbers that tensors are views of. values: (n,)."""

    values: NDArray[Any]


class _DescriptionReader(PlainReader):
    """Reads the fourth pickle, in which a storage is a persistent id."""

    def persistent_load(self, pid: Any) -> tuple[np.dtype[Any], int]:
        """Type and number of elements."""
        tag, kind, _key, _device, count, view = pid
        if tag != "storage" or view is not None or not isinstance(kind, str):
            raise RefusedError("a tensor's numbers are stored in a way that is not read")
        return np.dtype(kind), count


def read_storage(raw: bytes) -> Storage:
    """Numbers of one storage, without a copy.

    Args:
        raw: what `torch.storage._load_from_bytes` is given in a pickle.

    Raises:
        RefusedError: something else than one storage, or it claims more than is there.
    """
    file = io.BytesIO(raw)
    magic, version, machine = (_next(file) for _ in range(3))
    if magic != _MAGIC or version != _VERSION or not machine.get("little_endian"):
        raise RefusedError("a tensor's numbers are stored in a way that is not read")
    description = _DescriptionReader(file, _KINDS, "no storage needs").load()
    keys = _next(file)
    if not isinstance(description, tuple) or len(keys) != 1:
        raise RefusedError("a tensor's numbers are not one storage")
    kind, count = description
    (written,) = _COUNT.unpack(file.read(_COUNT.size))
    here = len(raw) - file.tell()
    if count != written or count * kind.itemsize != here:
        raise RefusedError(f"a storage claims {count} numbers and holds {here} bytes")
    return Storage(np.frombuffer(raw, kind, count, offset=file.tell()))


def _next(file: io.BytesIO) -> Any:
    return PlainReader(file, {}, "no storage needs").load()
