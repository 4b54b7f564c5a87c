"""A pipeline's folder, looked at before any of it is loaded; nothing in it is run.

`DiffusionPipeline.save_pretrained` writes `model_index.json`, which names a class of diffusers
and its components as [library, class], and a folder a component. Weights are safetensors there;
older folders hold pickles (`.bin`, `.ckpt`) beside them or in their place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from facewright.errors import ModelError, UsageError

INDEX: Final = "model_index.json"
_LIBRARIES: Final = frozenset({"diffusers", "transformers"})
_PICKLES: Final = frozenset({".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle"})
_MOST_BYTES: Final = 1 << 20
_DENOISERS: Final = ("unet", "transformer", "prior")


@dataclass(frozen=True, slots=True)
class PipelineFolder:
    """What a folder says of itself.

    Attributes:
        path: the folder.
        pipeline: name of its class in diffusers.
        side: pixels that it was trained at; None where it does not say.
        channels: of its decoder at full size, as far as it says; half of what the estimate of
            memory counts on otherwise.
        bytes: of the weights that are opened.
    """

    path: Path
    pipeline: str
    side: int | None
    channels: int
    bytes: int


def look(folder: str, variant: str | None) -> PipelineFolder:
    """Check a folder.

    Args:
        folder: path of a folder of this machine; nothing is ever fetched.
        variant: of the weights' files.

    Raises:
        UsageError: there is no such folder, or it is a file.
        ModelError: it is no pipeline, holds pickles where weights should be, or names code that
            is not of diffusers or transformers.
    """
    path = Path(folder)
    if path.is_file():
        raise UsageError(
            f"{path} is a file; give the folder of a pipeline, as save_pretrained writes it"
        )
    if not path.is_dir():
        raise UsageError(
            f"there is no folder {path}; names of a hub are never fetched: download the pipeline"
            " yourself and give its folder"
        )
    index = _json(path / INDEX)
    name = index.get("_class_name")
    if not isinstance(name, str) or not name.isidentifier():
        raise ModelError(f"{path / INDEX} names no pipeline of diffusers; nothing else is run")
    components = [_component(path, *item) for item in index.items() if isinstance(item[1], list)]
    weights = [file for part in components if part for file in _weights(path / part, variant)]
    if not weights:
        told = f" of the variant {variant}" if variant else ""
        raise ModelError(f"{path} holds no safetensors{told}; save the pipeline as safetensors")
    size = sum(file.stat().st_size for file in weights)
    return PipelineFolder(path, name, *_drawn(path), size)


def sha256(folder: Path) -> str:
    """Of all settings and safetensors of a folder, each with its place."""
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".json", ".safetensors", ".txt", ".model"} and file.is_file():
            with file.open("rb") as opened:
                found = hashlib.file_digest(opened, "sha256").hexdigest()
            whole.update(f"{file.relative_to(folder).as_posix()} {found}\n".encode())
    return whole.hexdigest()


def _component(root: Path, part: str, said: list[Any]) -> str | None:
    """Name of a component; None for one that is left empty."""
    if said == [None, None]:
        return None
    sound = len(said) == 2 and all(isinstance(each, str) for each in said)
    if not sound or said[0] not in _LIBRARIES or not said[1].isidentifier():
        raise ModelError(
            f"{root / INDEX}: {part} is {said}, and only classes of diffusers and transformers"
            " are opened"
        )
    if not part.isidentifier() or not (root / part).is_dir():
        raise ModelError(f"{root}: the component {part} is missing; download the folder again")
    return part


def _weights(folder: Path, variant: str | None) -> list[Path]:
    """Safetensors of a component."""
    files = [file for file in sorted(folder.iterdir()) if file.is_file()]
    mine = [
        file
        for file in files
        if file.suffix == ".safetensors"
        and (f".{variant}" in file.stem if variant else "." not in file.stem)
    ]
    pickles = [file.name for file in files if file.suffix in _PICKLES]
    if pickles and not mine:
        raise ModelError(
            f"{folder} holds pickles ({pickles[0]}), which can run anything when they are opened,"
            " and no safetensors; save the pipeline as safetensors"
        )
    return mine


def _drawn(root: Path) -> tuple[int | None, int]:
    """Side in pixels and channels of the decoder, by the components' settings."""
    parts = [_settings(root / part) for part in _DENOISERS]
    own = next((part for part in parts if part), {})
    decoder = _settings(root / "vae")
    blocks = decoder.get("block_out_channels")
    widths = [w for w in blocks if isinstance(w, int)] if isinstance(blocks, list) else []
    side = own.get("sample_size")
    shrunk = 2 ** (len(widths) - 1) if widths else 1
    known = isinstance(side, int) and not isinstance(side, bool) and 0 < side * shrunk <= 1 << 14
    return (int(side) * shrunk if known and side else None), max(widths[:2], default=256)


def _settings(folder: Path) -> Mapping[str, Any]:
    return _json(folder / "config.json") if (folder / "config.json").is_file() else {}


def _json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ModelError(f"{path} is larger than settings can be (1 MB)")
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path.parent} is no pipeline of diffusers: no {path.name}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise ModelError(f"{path} holds no settings")
    return found
