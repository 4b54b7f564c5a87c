"""Published generator pickles (StyleGAN2-ADA, StyleGAN3, EG3D) as plain stubs and arrays.

Those files hold their own Python source, which their authors' loader runs. Nothing of it is
needed to read numbers and settings: a persistent object becomes a `Stub` of its class's name and
its attributes, and a name beyond `_ALLOWED` is refused before anything is called.
"""

from __future__ import annotations

import io
import math
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NoReturn, cast

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from facewright.generate.pickles.storage import Storage, read_storage
from facewright.plain_pickle import NUMPY, Function, PlainReader, RefusedError, Sealed

_MOST_AXES = 8
_NEWEST = 6  # version of the persistence records in every published file


class Stub(metaclass=Sealed):
    """An object of a class that is not here. name: of its class. state: its attributes."""

    name = "object"

    def __init__(self) -> None:
        self.state: Mapping[Any, Any] = {}

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, dict):
            raise RefusedError(f"the state of a {self.name} is no dictionary")
        self.state = state


class _Dict(dict[Any, Any], metaclass=Sealed):
    """Stands in for `dnnlib.util.EasyDict`."""

    def __setstate__(self, state: object) -> NoReturn:
        raise RefusedError("refused: the pickle would change a dictionary's attributes")


class _OrderedDict(OrderedDict[Any, Any], metaclass=Sealed):
    """Stands in for `collections.OrderedDict`."""

    def __setstate__(self, state: object) -> None:
        """Attributes of PyTorch's state dicts (`_metadata`) are not needed."""


def _persistent(meta: object) -> Stub:
    """`torch_utils.persistence._reconstruct_persistent_obj`, without the source in `meta`."""
    if not isinstance(meta, dict) or meta.get("type") != "class":
        raise RefusedError("a persistent object is not of a class")
    if not isinstance(meta.get("version"), int) or not 1 <= meta["version"] <= _NEWEST:
        raise RefusedError(f"persistence records of version {meta.get('version')!r} are not read")
    if not isinstance(meta.get("class_name"), str):
        raise RefusedError("a persistent object has no class name")
    return _stub(meta["class_name"], meta.get("state"))


def _stub(name: str, state: object) -> Stub:
    made: Stub = _stub_class(name)()
    made.__setstate__(state)
    return made


def _stub_class(name: str) -> type[Stub]:
    return cast("type[Stub]", Sealed(name, (Stub,), {"name": name}))


def _tensor(storage: object, offset: int, size: Any, stride: Any, *_: object) -> NDArray[Any]:
    """`torch._utils._rebuild_tensor_v2`: a view of a storage that stays inside of it."""
    if not isinstance(storage, Storage):
        raise RefusedError("a tensor without a storage")
    numbers = (offset, *size, *stride)
    if len(size) != len(stride) or len(size) > _MOST_AXES:
        raise RefusedError("a tensor's size and stride do not go together")
    if any(type(n) is not int or n < 0 for n in numbers):
        raise RefusedError("a tensor's size, stride or offset is no natural number")
    flat = storage.values
    count = math.prod(size)
    last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    if count > len(flat) or (count and last >= len(flat)):
        raise RefusedError(f"a tensor of size {tuple(size)} claims more than its storage holds")
    steps = [step * flat.itemsize for step in stride]
    return as_strided(flat[offset:] if count else flat[:0], size, steps, writeable=False)


def _parameter(data: object, *_: object) -> NDArray[Any]:
    """`torch._utils._rebuild_parameter`."""
    if not isinstance(data, np.ndarray):
        raise RefusedError("a parameter without a tensor")
    return data


def _bytes_of_storage(raw: object) -> Storage:
    """`torch.storage._load_from_bytes`."""
    if not isinstance(raw, bytes):
        raise RefusedError("a storage that is not spelt in bytes")
    return read_storage(raw)


_PLAIN_CLASSES = {
    "training.triplane": ("OSGDecoder",),
    "training.volumetric_rendering.renderer": ("ImportanceRenderer",),
    "training.volumetric_rendering.ray_marcher": ("MipRayMarcher2",),
    "training.volumetric_rendering.ray_sampler": ("RaySampler",),
    "torch.nn.modules.container": ("Sequential", "ModuleList"),
    "torch.nn.modules.activation": ("Softplus",),
}
"""Modules that EG3D pickles by name, as it keeps no source of them."""

_ALLOWED: dict[tuple[str, str], Any] = {
    **{name: stand_in for name, stand_in in NUMPY.items() if name[0] != "_codecs"},
    ("torch_utils.persistence", "_reconstruct_persistent_obj"): Function(_persistent),
    ("dnnlib.util", "EasyDict"): _Dict,
    ("collections", "OrderedDict"): _OrderedDict,
    ("builtins", "set"): set,
    ("__builtin__", "set"): set,
    ("torch._utils", "_rebuild_parameter"): Function(_parameter),
    ("torch._utils", "_rebuild_tensor_v2"): Function(_tensor),
    ("torch.storage", "_load_from_bytes"): Function(_bytes_of_storage),
    **{
        (module, name): _stub_class(name)
        for module, names in _PLAIN_CLASSES.items()
        for name in names
    },
}


class _Reader(PlainReader):
    """Names what people bring most often when it is not one of these files."""

    def find_class(self, module: str, name: str) -> Any:
        """A name of `_ALLOWED`."""
        if module.startswith("dnnlib.tflib"):
            raise RefusedError(
                "it is a TensorFlow pickle of StyleGAN1 or the first StyleGAN2;"
                " use the same network in its stylegan2-ada-pytorch or stylegan3 form"
            )
        return super().find_class(module, name)


def read_stubs(data: bytes) -> Any:
    """What a pickle holds: dicts, lists, numbers, arrays and stubs.

    Raises:
        RefusedError: it asks for a name that no generator needs, or for memory that it does
            not fill. Damage raises any of `facewright.plain_pickle.DAMAGE`.
    """
    return _Reader(io.BytesIO(data), _ALLOWED, "no generator needs").load()
