"""Synthesis network of StyleGAN2: blocks that double the resolution, pictures added up.

Karras et al. 2020 (arXiv:1912.04958), with "output skips" (figure 7b there): every block adds
its own picture to the doubled picture of the block before. EG3D's planes and its
super-resolution are made of the same blocks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from facewright.generate.pickles.node import Node
from facewright.generate.stylegan.layers import Dense, is_rectified, modulated, rectify, tensor
from facewright.generate.stylegan.resampling import Filter

Noise = Literal["const", "none", "random"]
"""The network's own fixed noise (published pictures), none, or fresh noise."""

MOST_SIDE = 4096


@dataclass(frozen=True)
class StyledConvolution:
    """One convolution with its style, noise, bias and rectifier.

    noise: (H, W) the fixed noise, already scaled; noise_strength: of fresh noise.
    """

    style: Dense
    weight: Tensor
    bias: Tensor
    rectified: bool
    clamp: float | None
    up: int
    filter: Filter
    noise: Tensor | None
    noise_strength: float

    @classmethod
    def of(cls, node: Node, device: str) -> StyledConvolution:
        """A published synthesis layer."""
        strength, fixed = 0.0, None
        if node.flag("use_noise", default=True):
            strength = float(node.tensor("noise_strength", 0))
            fixed = tensor(node, "noise_const", 2, device) * strength
        return cls(
            Dense.of(node.child("affine"), device),
            tensor(node, "weight", 4, device),
            tensor(node, "bias", 1, device),
            is_rectified(node),
            node.number_or_none("conv_clamp"),
            _factor(node),
            _filter(node, device),
            fixed,
            strength,
        )

    def __call__(
        self, x: Tensor, w: Tensor, noise: Noise, chance: torch.Generator | None
    ) -> Tensor:
        """(N, in, H, W), (N, w_dim) to (N, out, up H, up W)."""
        styles = self.style(w)
        if self.up == 1:
            reach = self.weight.shape[-1] // 2
            x = modulated(x, self.weight, styles, demodulate=True, padding=reach)
        else:
            x = modulated(x, self.weight, styles, demodulate=True, up=2)
            x = self._smoothed(x)
        x = self._noisy(x, noise, chance) + self.bias[:, None, None]
        gain = math.sqrt(2) if self.rectified else 1.0
        return rectify(x, gain=gain, clamp=self.clamp, slope=0.2 if self.rectified else 1.0)

    def _smoothed(self, x: Tensor) -> Tensor:
        """Filter what was raised; 2 H samples stay, centred as in the doubled picture."""
        # Meant is: filter the picture with inserted zeros, then convolve it. Convolutions
        # commute; each end keeps what the kernel and the filter would have reached there.
        kernel, length = self.weight.shape[-1], self.filter.length
        before = kernel // 2 + (length + 1) // 2 - (kernel - 1)
        after = kernel // 2 + (length - 2) // 2 - (kernel - 2)
        filtered = self.filter.lowered(x, 1, (before, after, before, after))
        return filtered * self.up**2

    def _noisy(self, x: Tensor, noise: Noise, chance: torch.Generator | None) -> Tensor:
        if self.noise is None or noise == "none":
            return x
        if noise == "const":
            return x + self.noise
        shape = (len(x), 1, *x.shape[2:])
        fresh = torch.randn(shape, generator=chance, device=x.device)
        return x + fresh * self.noise_strength


@dataclass(frozen=True)
class ToPicture:
    """1 x 1 convolution with style to picture channels, without demodulation."""

    style: Dense
    weight: Tensor
    bias: Tensor
    clamp: float | None

    @classmethod
    def of(cls, node: Node, device: str) -> ToPicture:
        """A published ToRGB layer."""
        weight = tensor(node, "weight", 4, device) * node.number("weight_gain")
        return cls(
            Dense.of(node.child("affine"), device),
            weight,
            tensor(node, "bias", 1, device),
            node.number_or_none("conv_clamp"),
        )

    def __call__(self, x: Tensor, w: Tensor) -> Tensor:
        """(N, in, H, W), (N, w_dim) to (N, picture channels, H, W)."""
        out = modulated(x, self.weight, self.style(w), demodulate=False)
        return rectify(out + self.bias[:, None, None], gain=1.0, clamp=self.clamp, slope=1.0)


@dataclass(frozen=True)
class Block:
    """The layers of one resolution. start: (C, H, W) the learnt constant of the first block."""

    resolution: int
    start: Tensor | None
    convolutions: Sequence[StyledConvolution]
    picture: ToPicture | None
    filter: Filter

    @classmethod
    def of(cls, node: Node, device: str) -> Block:
        """A published synthesis block."""
        if node.text("architecture", "skip") == "resnet":
            node.refuse("is residual; only networks with output skips are read")
        learnt = node.tensor_or_none("const") is not None
        names = ("conv1",) if learnt else ("conv0", "conv1")
        resolution = node.whole("resolution")
        if not 1 <= resolution <= MOST_SIDE:
            node.refuse(f"makes {resolution} pixels a side; at most {MOST_SIDE} are read")
        return cls(
            resolution,
            tensor(node, "const", 3, device) if learnt else None,
            [StyledConvolution.of(node.child(name), device) for name in names],
            ToPicture.of(node.child("torgb"), device) if node.has("torgb") else None,
            _filter(node, device),
        )

    @property
    def up(self) -> int:
        """By how much the block raises the resolution."""
        return self.convolutions[0].up

    def __call__(
        self,
        x: Tensor | None,
        picture: Tensor | None,
        ws: Tensor,
        noise: Noise,
        chance: torch.Generator | None,
    ) -> tuple[Tensor, Tensor | None]:
        """Features and picture of this resolution from those of the one before.

        Args:
            x: (N, in, H, W), or None for the first block.
            picture: (N, channels, H, W), or None where there is none yet.
            ws: (N, convolutions + 1, w_dim) a style for each layer, the picture's last.
            noise: see `Noise`.
            chance: for fresh noise.
        """
        if self.start is not None:
            x = self.start.expand(len(ws), -1, -1, -1)
        assert x is not None
        for layer, w in zip(self.convolutions, ws.unbind(1), strict=False):
            x = layer(x, w, noise, chance)
        if picture is not None and self.up == 2:
            length = self.filter.length
            before, after = (length + 1) // 2, (length - 2) // 2
            picture = self.filter.raised(picture, 2, (before, after, before, after))
        if self.picture is not None:
            own = self.picture(x, ws[:, len(self.convolutions)])
            picture = own if picture is None else picture + own
        return x, picture


@dataclass(frozen=True)
class Synthesis2:
    """StyleGAN2's synthesis network."""

    blocks: Sequence[Block]

    @classmethod
    def of(cls, node: Node, device: str) -> Synthesis2:
        """The published synthesis network under a node."""
        sides = [4 << i for i in range(11) if node.has(f"b{4 << i}")]
        if not sides:
            node.refuse("has no blocks of its own")
        return cls([Block.of(node.child(f"b{side}"), device) for side in sides])

    @property
    def layers(self) -> int:
        """How many styles it takes: a convolution each, and one for the last picture."""
        return sum(len(block.convolutions) for block in self.blocks) + 1

    @property
    def resolution(self) -> int:
        """Side of its pictures in pixels."""
        return self.blocks[-1].resolution

    @property
    def rotates(self) -> bool:
        """It has no input that could be moved."""
        return False

    def __call__(
        self,
        ws: Tensor,
        noise: Noise = "const",
        chance: torch.Generator | None = None,
        _placed: Tensor | None = None,
    ) -> Tensor:
        """Pictures.

        Args:
            ws: (N, layers, w_dim).
            noise: see `Noise`.
            chance: for fresh noise.

        Returns:
            (N, channels, resolution, resolution), white 1 and black -1.
        """
        x: Tensor | None = None
        picture: Tensor | None = None
        first = 0
        for block in self.blocks:
            last = first + len(block.convolutions)
            # A picture's style is the one of the next block's first convolution.
            x, picture = block(x, picture, ws[:, first : last + 1], noise, chance)
            first = last
        assert picture is not None
        return picture

    def memory(self, pictures: int) -> int:
        """Bytes that the largest block needs: its input, what it makes of it, and the picture."""
        return max(_block_bytes(block, pictures) for block in self.blocks)


_COPIES = 5
"""Of a block's widest features that live at once: scaled, convolved, filtered, noisy, rectified."""


def _block_bytes(block: Block, pictures: int) -> int:
    widest = int(max(max(c.weight.shape[:2]) for c in block.convolutions))
    return 4 * pictures * _COPIES * widest * (block.resolution + 4) ** 2


def _factor(node: Node) -> int:
    up = node.whole("up", 1)
    if up not in {1, 2}:
        node.refuse(f"raises the resolution by {up}; only 1 and 2 are read")
    return up


def _filter(node: Node, device: str) -> Filter:
    taps = node.tensor_or_none("resample_filter")
    if taps is None or taps.ndim not in {1, 2} or not 1 <= len(taps) <= 64:
        node.refuse("lacks its resampling filter")
    return Filter.of(taps, device)
