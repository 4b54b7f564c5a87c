"""Volume rendering along rays: where to look, and how what is found adds up.

Max 1995 for the sum; Mildenhall et al. 2020 (arXiv:2003.08934) for the two rounds of samples:
evenly spread ones first, then more where the first found something.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

_THIN = 1e-10  # keeps the light behind an opaque sample from becoming exactly 0
_FLOOR = 0.01  # of the weights by which the second round is spread


@dataclass(frozen=True)
class Seen:
    """What rays see. features: (R, F) in -1..1. depth: (R,). opacity: (R,) in 0..1."""

    features: Tensor
    depth: Tensor
    opacity: Tensor


def weights_of(depths: Tensor, densities: Tensor) -> Tensor:
    """Share of each interval between samples in what its ray sees.

    By Beer and Lambert, an interval of length d and density s lets exp(-s d) of the light pass;
    a density is the softplus, shifted by 1, of the average at the interval's ends.

    Args:
        depths: (R, S) rising along a ray.
        densities: (R, S) before the softplus.

    Returns:
        (R, S - 1), which sum to the opacity.
    """
    density = functional.softplus((densities[:, 1:] + densities[:, :-1]) / 2 - 1)
    alpha = 1 - torch.exp(-density * depths.diff(dim=1))
    passed = torch.cumprod(1 - alpha + _THIN, dim=1)
    before = torch.cat([torch.ones_like(passed[:, :1]), passed[:, :-1]], dim=1)
    return alpha * before


def composite(depths: Tensor, densities: Tensor, features: Tensor, *, white: bool) -> Seen:
    """Add up the samples of each ray.

    Args:
        depths: (R, S) rising.
        densities: (R, S) before the softplus.
        features: (R, S, F) in 0..1.
        white: whether what nothing covers is white, not black.
    """
    weights = weights_of(depths, densities)
    opacity = weights.sum(dim=1)
    middle = (features[:, 1:] + features[:, :-1]) / 2
    summed = (weights[:, :, None] * middle).sum(dim=1)
    if white:
        summed = summed + 1 - opacity[:, None]
    depth = (weights * (depths[:, 1:] + depths[:, :-1]) / 2).sum(dim=1) / opacity
    farthest = depths.max()
    depth = torch.nan_to_num(depth, nan=float(farthest)).clamp(depths.min(), farthest)
    return Seen(summed * 2 - 1, depth, opacity)


def spread(
    near: Tensor, far: Tensor, count: int, chance: torch.Generator | None, *, disparity: bool
) -> Tensor:
    """First round: one sample in each of `count` equal steps.

    Args:
        near: (R,) or scalar tensor.
        far: as `near`.
        count: 2 or more; steps are (far - near) / (count - 1), so that the last lies behind far.
        chance: places samples at random in their steps; None puts them in the middle.
        disparity: steps are equal in 1 / depth.

    Returns:
        (R, count) rising.
    """
    steps = torch.linspace(0, 1, count, dtype=near.dtype, device=near.device)
    steps = steps.expand(*near.shape, count)
    if chance is None:
        steps = steps + 0.5 / (count - 1)
    else:
        drawn = torch.rand(steps.shape, generator=chance, dtype=near.dtype, device=near.device)
        steps = steps + drawn / (count - 1)
    near, far = near[..., None], far[..., None]
    if disparity:
        return 1 / ((1 - steps) / near + steps / far)
    return near + steps * (far - near)


def refined(depths: Tensor, weights: Tensor, count: int, chance: torch.Generator | None) -> Tensor:
    """Second round: samples spread as the weights are, by the inverse of their running sum.

    Args:
        depths: (R, S) of the first round, S at least 4.
        weights: (R, S - 1) as `weights_of` gives them.
        count: new samples a ray.
        chance: for random ones; None for evenly spread ones.

    Returns:
        (R, count) rising.
    """
    # Each weight takes half of the larger of its neighbours', and none is 0.
    smooth = functional.max_pool1d(weights[:, None], 2, 1, padding=1)
    smooth = functional.avg_pool1d(smooth, 2, 1)[:, 0] + _FLOOR
    # Intervals 1 .. S - 3 are spread between the middles 0 .. S - 3: half a step early, as the
    # published networks were trained.
    edges = ((depths[:, 1:] + depths[:, :-1]) / 2)[:, :-1]
    inner = smooth[:, 1:-1]
    running = torch.cumsum(inner / inner.sum(dim=1, keepdim=True), dim=1)
    running = torch.cat([torch.zeros_like(running[:, :1]), running], dim=1)
    places = _places(depths, count, chance)
    above = torch.searchsorted(running, places, right=True).clamp(1, running.shape[1] - 1)
    low, high = running.gather(1, above - 1), running.gather(1, above)
    share = ((places - low) / (high - low).clamp_min(1e-5)).clamp(0, 1)
    start, end = edges.gather(1, above - 1), edges.gather(1, above)
    return start + share * (end - start)


def _places(depths: Tensor, count: int, chance: torch.Generator | None) -> Tensor:
    """(R, count) rising numbers in 0..1."""
    rays = len(depths)
    if chance is None:
        even = (torch.arange(count, dtype=depths.dtype, device=depths.device) + 0.5) / count
        return even.expand(rays, count).contiguous()
    drawn = torch.rand(rays, count, generator=chance, dtype=depths.dtype, device=depths.device)
    return drawn.sort(dim=1).values
