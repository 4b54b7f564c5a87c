"""Project a photograph: find the styles whose picture is nearest to it.

Published programs compare pictures with a perceptual network (VGG, LPIPS). None ships here, so
pictures are compared by their pixels and by their gradients, at several sizes. That finds pose,
outline, colours and light; identity less well than a perceptual loss does, because a picture's
fine detail weighs little and a style of another person with like shading costs little. Look at
the result, and compare embeddings where likeness matters.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from facewright.errors import UsageError
from facewright.generate.stylegan.arrays import Floats, array
from facewright.generate.stylegan.memory import free_bytes, how_many, told_of_memory
from facewright.generate.stylegan.network import Network

_COARSEST = 8
_WARM, _COOL = 0.05, 0.25  # shares of the steps over which the rate rises, and falls
_GRADIENT = 2.0  # weight of gradients beside pixels
_SAMPLES = 2000
_TETHER = 1e-3  # of the distance from the average style, in standard deviations
_BACKWARD = 4  # times the memory of a picture that its gradients need


@dataclass(frozen=True, eq=False)
class Projection:
    """Styles found. ws: (1, num_ws, w_dim). psnr: in dB. losses: (steps,)."""

    ws: Floats
    psnr: float
    losses: NDArray[np.float64]


def project(
    network: Network,
    photo: NDArray[np.uint8],
    *,
    space: Literal["w", "w+"] = "w",
    steps: int = 500,
    rate: float = 0.1,
    seed: int = 0,
    progress: Callable[[int], None] = lambda _: None,
) -> Projection:
    """Find the styles of a photograph.

    Args:
        network: without class labels.
        photo: (resolution, resolution, 3) uint8 RGB, aligned as the network's training pictures
            were (for FFHQ networks the alignment `ffhq`).
        space: "w" stays among styles that the network makes of its own, so the result can be
            steered; "w+" fits closer, one style a layer.
        steps: of the optimiser (Adam).
        rate: highest learning rate.
        seed: of the styles that set the average and the scale.
        progress: called with the number of steps done.

    Raises:
        UsageError: another size, a network with labels, or memory does not suffice.
    """
    side = network.resolution
    if photo.shape != (side, side, 3) or photo.dtype != np.uint8:
        raise UsageError(f"project an aligned crop of {side} x {side} pixels, not {photo.shape}")
    if network.labels:
        raise UsageError("a photo is projected by networks without class labels only")
    what = f"the gradients of a picture of {side} pixels"
    advice = "free some, or project with a smaller network"
    how_many(
        lambda n: _BACKWARD * network.synthesis.memory(n), free_bytes(network.device), what, advice
    )
    target = network.tensor(photo.transpose(2, 0, 1)[None].astype(np.float32) / 127.5 - 1)
    middle, scale = _average(network, seed)
    free = network.num_ws if space == "w+" else 1
    move = torch.zeros(1, free, network.w_dim, device=network.device, requires_grad=True)
    optimiser = torch.optim.Adam([move], betas=(0.9, 0.99))
    losses = np.zeros(steps)
    with told_of_memory(what, advice), torch.enable_grad():
        for step in range(steps):
            optimiser.param_groups[0]["lr"] = rate * _ramp(step / steps)
            ws = (middle + move * scale).expand(1, network.num_ws, -1)
            loss = difference(network.synthesis(ws)[:, :3], target)
            loss = loss + _TETHER * move.square().mean()
            (move.grad,) = torch.autograd.grad(loss, move)
            optimiser.step()
            losses[step] = loss.item()
            progress(step + 1)
    found = array((middle + move.detach() * scale).expand(1, network.num_ws, -1))
    return Projection(found, _psnr(network.synthesize(found)[0], photo), losses)


def difference(one: Tensor, other: Tensor) -> Tensor:
    """Mean absolute difference of pixels and of gradients, averaged over sizes halved to 8.

    Args:
        one: (N, 3, S, S), white 1 and black -1.
        other: the same shape.
    """
    total, sizes = one.new_zeros(()), 0
    while True:
        gap = one - other
        across, along = gap.diff(dim=3).abs().mean(), gap.diff(dim=2).abs().mean()
        total = total + gap.abs().mean() + _GRADIENT * (across + along)
        sizes += 1
        if one.shape[-1] < 2 * _COARSEST:
            return total / sizes
        one, other = functional.avg_pool2d(one, 2), functional.avg_pool2d(other, 2)


def _average(network: Network, seed: int) -> tuple[Tensor, Tensor]:
    """Average style and root mean square distance of a style from it, a component."""
    z = np.random.default_rng(seed).standard_normal((_SAMPLES, network.z_dim))
    with torch.no_grad():
        w = network.mapping(network.tensor(z.astype(np.float32)), None)
        middle = w.mean(dim=0)
        return middle, (w - middle).square().mean().sqrt()


def _ramp(share: float) -> float:
    """Rate as a share of the highest: up, level, and down along a cosine."""
    down = min(1.0, (1 - share) / _COOL)
    return min(1.0, share / _WARM + 1e-2) * (0.5 - 0.5 * math.cos(math.pi * down))


def _psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    error = float(np.square(one.astype(np.float64) - other).mean())
    return float(10 * np.log10(255**2 / max(error, 1e-10)))
