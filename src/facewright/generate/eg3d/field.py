"""The radiance field: three feature planes, and a small network that reads them.

Chan et al. 2022 (arXiv:2112.07945), section 4: a point is projected on three axis-aligned planes,
the features found there are averaged and decoded to a density and a colour-like feature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from facewright.generate.pickles.node import Node
from facewright.generate.stylegan.layers import Dense, tensor

_OVERSHOOT = 0.001  # of the sigmoid beyond 0 and 1 (Barron et al. 2021, mip-NeRF)


@dataclass(frozen=True)
class Field:
    """How planes are read.

    axes: (P, 3, 3) rows are the two axes of a plane and its normal. box: side of the cube around
    the world's origin that the planes cover. layers: of the decoder.
    """

    axes: Tensor
    box: float
    layers: Sequence[Dense]

    @classmethod
    def of(cls, renderer: Node, decoder: Node, box: float, device: str) -> Field:
        """The published renderer's axes and decoder."""
        net = decoder.child("net")
        layers = [Dense.of(net.child(name), device) for name in ("0", "2")]
        return cls(tensor(renderer, "plane_axes", 3, device), box, layers)

    def __call__(self, planes: Tensor, points: Tensor) -> tuple[Tensor, Tensor]:
        """Density and features at points.

        Args:
            planes: (P, C, H, W).
            points: (M, 3) in the world.

        Returns:
            (M,) density before its softplus; (M, F) features in 0..1, the first three a colour.
        """
        places = points * (2 / self.box) @ torch.linalg.inv(self.axes)  # (P, M, 3)
        grid = places[:, None, :, :2]
        found = functional.grid_sample(planes, grid, padding_mode="zeros", align_corners=False)
        first, last = self.layers
        out = last(functional.softplus(first(found[:, :, 0].mean(dim=0).T)))
        return out[:, 0], torch.sigmoid(out[:, 1:]) * (1 + 2 * _OVERSHOOT) - _OVERSHOOT
