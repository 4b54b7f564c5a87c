"""Pickles in the structure of published generators, written from scratch around tiny networks.

A persistent object is a call of `torch_utils.persistence._reconstruct_persistent_obj` with a
record that holds its class's name, its source and its state, which is that of a `torch.nn.Module`.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import torch

SOURCE = "raise SystemExit('the source in the file was run')\n"


def _placed(module: str, name: str):
    """Make a function or class known to pickle under a published name."""

    def place(thing):
        thing.__module__, thing.__qualname__, thing.__name__ = module, name, name
        _PLACED.append((module, name, thing))
        return thing

    return place


_PLACED: list = []


@_placed("torch_utils.persistence", "_reconstruct_persistent_obj")
def reconstruct(meta):
    raise AssertionError(meta)


@_placed("dnnlib.util", "EasyDict")
class EasyDict(dict):
    """A dict, as published files spell it."""


class Module:
    """What a `torch.nn.Module` pickles: its `__dict__`."""

    def __init__(self, parameters=None, buffers=None, modules=None, **settings):
        tensors = {k: torch.nn.Parameter(v) for k, v in (parameters or {}).items()}
        self.__dict__.update(
            training=False,
            _parameters=OrderedDict(tensors),
            _buffers=OrderedDict(buffers or {}),
            _non_persistent_buffers_set=set(),
            _backward_hooks=OrderedDict(),
            _is_full_backward_hook=None,
            _forward_hooks=OrderedDict(),
            _state_dict_hooks=OrderedDict(),
            _modules=OrderedDict(modules or {}),
            **settings,
        )


class Persistent(Module):
    """A module whose class's source lies in the file. kind: the class's name."""

    def __init__(self, kind, parameters=None, buffers=None, modules=None, **settings):
        super().__init__(parameters, buffers, modules, **settings)
        self.__dict__["_init_args"] = ()
        self.__dict__["_init_kwargs"] = EasyDict(settings)
        self.kind = kind

    def __reduce__(self):
        state = {k: v for k, v in self.__dict__.items() if k != "kind"}
        meta = EasyDict(
            type="class", version=6, module_src=SOURCE, class_name=self.kind, state=state
        )
        return reconstruct, (meta,)


def plain(module: str, name: str):
    """A module class that published files name without its source."""
    return _placed(module, name)(type(name, (Module,), {}))


OsgDecoder = plain("training.triplane", "OSGDecoder")
ImportanceRenderer = plain("training.volumetric_rendering.renderer", "ImportanceRenderer")
MipRayMarcher2 = plain("training.volumetric_rendering.ray_marcher", "MipRayMarcher2")
RaySampler = plain("training.volumetric_rendering.ray_sampler", "RaySampler")


@contextmanager
def published_names() -> Iterator[None]:
    """While open, pickle finds the published names."""
    names = {module for module, _, _ in _PLACED}
    names |= {name.rsplit(".", n)[0] for name in names for n in range(1, name.count(".") + 1)}
    before = {name: sys.modules.get(name) for name in names}
    try:
        for name in names:
            sys.modules[name] = ModuleType(name)
        for module, name, thing in _PLACED:
            setattr(sys.modules[module], name, thing)
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def dumps(thing, protocol: int = 4) -> bytes:
    """Pickle with the published names."""
    file = io.BytesIO()
    with published_names():
        pickle.Pickler(file, protocol).dump(thing)
    return file.getvalue()


def snapshot(generator) -> dict:
    """What a published file holds around its generator."""
    return {
        "G": None,
        "D": Persistent("Discriminator", {"weight": torch.zeros(2, 2)}),
        "G_ema": generator,
        "training_set_kwargs": EasyDict(path="faces.zip", use_labels=False),
        "augment_pipe": None,
    }


def write(path, generator, protocol: int = 4):
    """Write a generator as published; gives the path."""
    path.write_bytes(dumps(snapshot(generator), protocol))
    return path
