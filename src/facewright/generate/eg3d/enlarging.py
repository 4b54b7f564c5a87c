"""EG3D's super-resolution: two StyleGAN2 blocks over what was rendered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from facewright.generate.pickles.node import Node
from facewright.generate.stylegan.sg2 import Block, Noise


@dataclass(frozen=True)
class Enlarging:
    """Rendered features to the final picture.

    blocks: the last one's resolution is the picture's. side: pixels that the first one takes.
    smooth: whether what is rendered larger is shrunk without aliasing.
    """

    blocks: Sequence[Block]
    side: int
    smooth: bool
    noise: Noise

    @classmethod
    def of(cls, node: Node, noise: str, device: str) -> Enlarging:
        """A published super-resolution module."""
        blocks = [Block.of(node.child(name), device) for name in ("block0", "block1")]
        side = blocks[0].resolution // blocks[0].up
        known: dict[str, Noise] = {"none": "none", "const": "const", "random": "random"}
        if noise not in known:
            node.refuse(f"has the noise mode '{noise}', which is not read")
        return cls(blocks, side, node.flag("sr_antialias", default=True), known[noise])

    @property
    def resolution(self) -> int:
        """Side of the final picture in pixels."""
        return self.blocks[-1].resolution

    def __call__(self, features: Tensor, w: Tensor, chance: torch.Generator | None) -> Tensor:
        """Final pictures (N, 3, resolution, resolution), white 1 and black -1.

        Args:
            features: (N, F, r, r) rendered, of which the first three are colours in -1..1.
            w: (N, w_dim) the last style of each person.
            chance: for fresh noise.
        """
        if features.shape[-1] != self.side:
            features = functional.interpolate(
                features,
                size=(self.side, self.side),
                mode="bilinear",
                align_corners=False,
                antialias=self.smooth,
            )
        x: Tensor | None = features
        picture: Tensor | None = features[:, :3]
        for block in self.blocks:
            ws = w[:, None].expand(-1, len(block.convolutions) + 1, -1)
            x, picture = block(x, picture, ws, self.noise, chance)
        assert picture is not None
        return picture
