"""A published pickle is read once and kept as safetensors, named by its contents."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from numpy.typing import NDArray

from facewright.errors import ModelError, UsageError
from facewright.extras import not_installed
from facewright.generate.pickles.flatten import Flat, flatten
from facewright.generate.pickles.reader import Stub, read_stubs
from facewright.plain_pickle import DAMAGE, RefusedError
from facewright.store.atomic import make_folder, write_atomic

FORMAT = 1
"""Of what is kept; part of its name, so that a newer reader converts anew."""

_KEY = "facewright"
_MOST_BYTES = 4 << 30
_SLACK = 2  # half-precision numbers are kept as float32
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Weights:
    """A network as plain numbers.

    path: of the file that the user named. sha256: of the published pickle, whichever form was
    read. tensors, modules: see `Flat`.
    """

    path: Path
    sha256: str
    tensors: Mapping[str, NDArray[Any]]
    modules: Mapping[str, Mapping[str, Any]]


def read_weights(path: str | Path, kept_in: str | Path | None = None) -> Weights:
    """Numbers and settings of a published generator.

    Args:
        path: a `.pkl` as published, or the `.safetensors` that was kept of one.
        kept_in: folder for what is converted; None for the user's cache folder.

    Raises:
        UsageError: no such file, or safetensors is not installed.
        ModelError: hostile, damaged, or no generator.
    """
    place = Path(path)
    try:
        size = place.stat().st_size
        if not place.is_file():
            raise UsageError(f"{place} is not a file; name the generator's .pkl or .safetensors")
        if size > _MOST_BYTES:
            raise ModelError(f"{place}: {size / 1e9:.1f} GB is more than any generator has (4 GB)")
        if place.suffix == ".safetensors":
            return _kept(place, place)
        data = place.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {place}: {error.strerror}") from error
    sha256 = hashlib.sha256(data).hexdigest()
    folder = Path(kept_in) if kept_in is not None else cache_folder()
    kept = folder / f"{sha256}-v{FORMAT}.safetensors"
    if not kept.is_file():
        flat = _read(place, data)
        make_folder(folder)
        write_atomic(kept, _serialised(flat, sha256))
    return _kept(kept, place)


def cache_folder() -> Path:
    """Where converted generators are kept for this user."""
    return Path(platformdirs.user_cache_dir("facewright")) / "generators"


def _read(path: Path, data: bytes) -> Flat:
    try:
        root = _generator(read_stubs(data))
        return flatten(root, _SLACK * len(data))
    except RefusedError as error:
        raise ModelError(f"{path}: {error}; only generators as published are read") from None
    except DAMAGE as error:
        raise ModelError(
            f"{path} is damaged or no published generator ({type(error).__name__}: {error});"
            " download it again and compare its checksum"
        ) from None


def _generator(loaded: Any) -> Stub:
    """The averaged generator of a training snapshot, or a generator alone."""
    if isinstance(loaded, dict):
        loaded = loaded.get("G_ema") or loaded.get("G")
    if not isinstance(loaded, Stub):
        raise RefusedError("it holds no generator under 'G_ema'")
    return loaded


def _serialised(flat: Flat, sha256: str) -> bytes:
    config = {"format": FORMAT, "sha256": sha256, "modules": flat.modules}
    saved: bytes = _safetensors().save(flat.tensors, {_KEY: json.dumps(config)})
    return saved


def _kept(path: Path, named: Path) -> Weights:
    """A file that `_serialised` wrote."""
    numpy_files = _safetensors()
    try:
        config = _config(path)
        return Weights(named, config["sha256"], numpy_files.load_file(path), config["modules"])
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    except (*DAMAGE, _safetensors_error()) as error:
        raise ModelError(
            f"{path} is damaged or was not converted by facewright ({error});"
            " remove it and name the published .pkl"
        ) from None


def _config(path: Path) -> dict[str, Any]:
    """The JSON in a safetensors header, checked in shape."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        config = json.loads((file.metadata() or {})[_KEY])
    modules = config["modules"]
    if config["format"] != FORMAT or not _SHA256.fullmatch(config["sha256"]):
        raise ValueError("it is of another format")
    if not all(
        isinstance(m["class"], str) and isinstance(m["settings"], dict) for m in modules.values()
    ):
        raise ValueError("its settings are not those of modules")
    return dict(config)


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ImportError as error:
        raise not_installed("safetensors", "torch") from error
    return safetensors.numpy


def _safetensors_error() -> type[Exception]:
    from safetensors import SafetensorError

    kind: type[Exception] = SafetensorError  # Any where safetensors is not installed
    return kind
