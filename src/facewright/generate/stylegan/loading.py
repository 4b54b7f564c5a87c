"""Open a published StyleGAN generator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from facewright.errors import ModelError, UsageError
from facewright.extras import not_installed
from facewright.generate.pickles.convert import Weights, read_weights
from facewright.generate.pickles.node import Node
from facewright.plain_pickle import DAMAGE

if TYPE_CHECKING:
    from facewright.generate.stylegan.network import Network, Synthesis


def require_torch(device: str = "cpu") -> None:
    """Check that PyTorch is here and has a device.

    Raises:
        UsageError: says what to install.
    """
    try:
        import torch
    except ImportError as error:
        raise not_installed("PyTorch", "torch") from error
    if device not in {"cpu", "cuda"}:
        raise UsageError(f"no device '{device}' for generators; there are cpu and cuda")
    if device == "cuda" and not torch.cuda.is_available():
        raise UsageError("this PyTorch sees no CUDA device; use the device cpu")


@contextmanager
def told_of_misfits(weights: Weights) -> Iterator[None]:
    """Say in one line that a file's tensors do not make a network.

    Raises:
        ModelError: instead of what reading them raised.
    """
    try:
        yield
    except (*DAMAGE, RuntimeError) as error:
        raise ModelError(
            f"{weights.path}: its tensors do not fit each other ({error}); download it again"
        ) from None


def load_generator(
    path: str | Path, *, device: str = "cpu", kept_in: str | Path | None = None
) -> Network:
    """Open a StyleGAN2 (ADA, PyTorch) or StyleGAN3 generator.

    The first time, a `.pkl` is read through an allow-list (none of the code inside is run) and
    kept as safetensors, named by its sha256; from then on that file is opened.

    Args:
        path: `.pkl` as published or trained with the published programs, or the `.safetensors`
            that was kept of one.
        device: "cpu" or "cuda".
        kept_in: folder for what is converted; None for the user's cache folder.

    Raises:
        UsageError: no such file; PyTorch, safetensors or the device is missing.
        ModelError: the file is hostile, damaged, or holds another kind of network.
    """
    require_torch(device)
    return network_of(read_weights(path, kept_in), device)


def network_of(weights: Weights, device: str) -> Network:
    """The generator of converted weights.

    Raises:
        ModelError: they are of another kind of network.
    """
    from facewright.generate.stylegan.mapping import Mapping
    from facewright.generate.stylegan.network import Network

    root = Node(weights)
    if root.has("backbone"):
        root.refuse("is an EG3D generator; open it with the generator eg3d")
    with told_of_misfits(weights):
        kind, synthesis = _synthesis(root.child("synthesis"), device)
        mapping = Mapping.of(root.child("mapping"), device)
    return Network(weights.sha256, device, mapping, kind, synthesis)


def _synthesis(node: Node, device: str) -> tuple[str, Synthesis]:
    from facewright.generate.stylegan.sg2 import Synthesis2
    from facewright.generate.stylegan.sg3 import Synthesis3

    if not node.has("input"):
        return "stylegan2", Synthesis2.of(node, device)
    synthesis = Synthesis3.of(node, device)
    turned = any(
        layer.weight.shape[-1] == 1 and not layer.to_picture for layer in synthesis.filtered
    )
    return ("stylegan3-r" if turned else "stylegan3-t"), synthesis
