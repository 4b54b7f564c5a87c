"""Mapping network: from a latent of independent normals (and a label) to styles.

Karras et al. 2019 (arXiv:1812.04948) section 2; truncation as of section B there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from facewright.generate.pickles.node import Node
from facewright.generate.stylegan.layers import Dense, tensor, unit_power


@dataclass(frozen=True)
class Mapping:
    """z, label -> w.

    z_dim, label_dim, w_dim: lengths; label_dim 0 for networks without labels. w_mean: (w_dim,)
    the average w, towards which truncation pulls; zeros where the network keeps none.
    """

    z_dim: int
    label_dim: int
    w_dim: int
    w_mean: Tensor
    embedding: Dense | None
    layers: Sequence[Dense]

    @classmethod
    def of(cls, node: Node, device: str) -> Mapping:
        """The published mapping network under a node."""
        label_dim, w_dim = node.whole("c_dim", 0), node.whole("w_dim")
        layers = [Dense.of(node.child(f"fc{i}"), device) for i in range(node.whole("num_layers"))]
        known = node.tensor_or_none("w_avg") is not None
        mean = tensor(node, "w_avg", 1, device) if known else torch.zeros(w_dim, device=device)
        embedding = Dense.of(node.child("embed"), device) if label_dim else None
        return cls(node.whole("z_dim"), label_dim, w_dim, mean, embedding, layers)

    def __call__(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """Styles before truncation.

        Args:
            z: (N, z_dim).
            labels: (N, label_dim), or None for networks without.

        Returns:
            (N, w_dim).
        """
        x = unit_power(z)
        if self.embedding is not None and labels is not None:
            x = torch.cat([x, unit_power(self.embedding(labels))], dim=1)
        for layer in self.layers:
            x = layer(x)
        return x

    def styles(
        self, z: Tensor, labels: Tensor | None, layers: int, truncation: float, cutoff: int | None
    ) -> Tensor:
        """Truncated styles, the same in all layers.

        Args:
            z: (N, z_dim).
            labels: (N, label_dim), or None for networks without.
            layers: how many the synthesis network has.
            truncation: psi: how far from the average to the style, 1 for all of it.
            cutoff: only so many layers, from the coarsest on; None for all.

        Returns:
            (N, layers, w_dim).
        """
        ws = self(z, labels)[:, None].repeat(1, layers, 1)
        if truncation != 1:
            ws[:, :cutoff] = self.w_mean + (ws[:, :cutoff] - self.w_mean) * truncation
        return ws
