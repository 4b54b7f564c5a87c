"""A tree of stubs flattened: tensors by dotted name, settings by module."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.pickles.reader import Stub
from facewright.plain_pickle import Array, RefusedError

_DEEPEST = 16
_MOST_MODULES = 4096
_MOST_VALUES = 4096  # of one module's settings; published ones have some 60
_KINDS = {"f": np.float32, "i": np.int64, "u": np.int64, "b": np.int64}
_PLACES = ("_parameters", "_buffers", "_modules")


@dataclass(frozen=True)
class Flat:
    """A network's numbers and settings.

    tensors: "synthesis.b4.const" to array, float32 or int64.
    modules: "synthesis.b4" to {"class": name, "settings": {...}} of plain JSON; the root is "".
    """

    tensors: dict[str, NDArray[Any]] = field(default_factory=dict)
    modules: dict[str, dict[str, Any]] = field(default_factory=dict)


def flatten(root: Stub, most_bytes: int) -> Flat:
    """Walk a network.

    Args:
        root: as `read_stubs` gives it.
        most_bytes: of all tensors together, as float32; tensors that share one storage could
            otherwise say a small file's numbers many times.

    Raises:
        RefusedError: deeper, wider or larger than any network.
    """
    flat, room = Flat(), most_bytes
    for name, stub in _walk("", root, 0):
        if len(flat.modules) == _MOST_MODULES:
            raise RefusedError(f"it has more than {_MOST_MODULES} modules")
        flat.modules[name] = {"class": stub.name, "settings": _settings(stub)}
        for key, array in _arrays(stub):
            room -= array.size * _kept(array).itemsize
            if room < 0:
                raise RefusedError("its tensors say more than the file holds")
            flat.tensors[_join(name, key)] = np.array(array, _kept(array), order="C")
    return flat


def _walk(name: str, stub: Stub, depth: int) -> Iterator[tuple[str, Stub]]:
    if depth > _DEEPEST:
        raise RefusedError("its modules lie too deep in each other")
    yield name, stub
    for key, child in _part(stub, "_modules").items():
        if isinstance(child, Stub):
            yield from _walk(_join(name, str(key)), child, depth + 1)


def _part(stub: Stub, place: str) -> Mapping[Any, Any]:
    part = stub.state.get(place, {})
    if not isinstance(part, dict):
        raise RefusedError(f"{place} of a {stub.name} is no dictionary")
    return part


def _join(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _arrays(stub: Stub) -> Iterator[tuple[str, NDArray[Any]]]:
    """Parameters, buffers, and tensors that are bare attributes (EG3D's axes of the planes)."""
    for held in (_part(stub, "_parameters"), _part(stub, "_buffers"), stub.state):
        for key, value in held.items():
            if isinstance(value, np.ndarray) and not str(key).startswith("_"):
                yield str(key), value


def _kept(array: NDArray[Any]) -> np.dtype[Any]:
    return np.dtype(_KINDS[array.dtype.kind])


def _settings(stub: Stub) -> dict[str, Any]:
    """Attributes that are plain values; others (`_forward_hooks`, sets) are left out."""
    plain = {}
    room = [_MOST_VALUES]
    for key, value in stub.state.items():
        if isinstance(key, str) and not key.startswith("_"):
            found, known = _plain(value, 0, room)
            if known:
                plain[key] = found
    return plain


def _plain(value: Any, depth: int, room: list[int]) -> tuple[Any, bool]:
    """A value as JSON can hold it, and whether it can."""
    room[0] -= 1
    if room[0] < 0 or depth > _DEEPEST:
        raise RefusedError("a module's settings are larger than any network's")
    if isinstance(value, Array):
        return _plain_array(value.values)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None, False
    if value is None or isinstance(value, bool | int | float | str):
        return value, True
    if isinstance(value, list | tuple):
        return [_plain(each, depth + 1, room)[0] for each in value], True
    if isinstance(value, dict):
        return {str(k): _plain(v, depth + 1, room)[0] for k, v in value.items()}, True
    return None, False


def _plain_array(values: NDArray[Any]) -> tuple[Any, bool]:
    return (values.tolist(), True) if values.size <= _MOST_VALUES else (None, False)
