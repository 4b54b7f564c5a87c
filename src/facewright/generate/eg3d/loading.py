"""Open a published EG3D generator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from facewright.generate.pickles.convert import Weights, read_weights
from facewright.generate.pickles.node import Node
from facewright.generate.stylegan.loading import require_torch, told_of_misfits

if TYPE_CHECKING:
    from facewright.generate.eg3d.network import Eg3d

_LABEL = 25
_SIDES = range(8, 513)


def load_eg3d(path: str | Path, *, device: str = "cpu", kept_in: str | Path | None = None) -> Eg3d:
    """Open an EG3D generator whose cameras are labels of 25 numbers.

    Args:
        path: `.pkl` as published, or the `.safetensors` that was kept of one.
        device: "cpu" or "cuda".
        kept_in: folder for what is converted; None for the user's cache folder.

    Raises:
        UsageError: no such file; PyTorch, safetensors or the device is missing.
        ModelError: the file is hostile, damaged, or holds another kind of network.
    """
    require_torch(device)
    weights = read_weights(path, kept_in)
    with told_of_misfits(weights):
        return _network(weights, device)


def _network(weights: Weights, device: str) -> Eg3d:
    from facewright.generate.eg3d.enlarging import Enlarging
    from facewright.generate.eg3d.field import Field
    from facewright.generate.eg3d.network import Eg3d
    from facewright.generate.eg3d.rendering import Rendering
    from facewright.generate.stylegan.mapping import Mapping
    from facewright.generate.stylegan.sg2 import Synthesis2

    root = Node(weights)
    if not root.has("backbone"):
        root.refuse("is no EG3D generator; open it with the generator stylegan")
    backbone, table = root.child("backbone"), root.table("rendering_kwargs")
    mapping = Mapping.of(backbone.child("mapping"), device)
    if mapping.label_dim not in {0, _LABEL}:
        root.refuse(f"takes labels of {mapping.label_dim} numbers, not a camera's {_LABEL}")
    rendering = Rendering.of(root)
    noise = str(table.get("superresolution_noise_mode", "none"))
    side = root.whole("neural_rendering_resolution", 64)
    if side not in _SIDES:
        root.refuse(f"renders {side} pixels a side, which is not read")
    return Eg3d(
        weights.sha256,
        device,
        mapping,
        Synthesis2.of(backbone.child("synthesis"), device),
        Field.of(root.child("renderer"), root.child("decoder"), rendering.box, device),
        rendering,
        Enlarging.of(root.child("superresolution"), noise, device),
        side,
        _label_scale(root, table),
    )


def _label_scale(root: Node, table: dict[str, Any]) -> float:
    """Factor of the camera that the mapping network is told."""
    if table.get("c_gen_conditioning_zero", False):
        return 0.0
    scale = table.get("c_scale", 0)
    if not isinstance(scale, int | float):
        root.refuse("has a camera scale that is no number")
    return float(scale)
