"""Synthesis network of StyleGAN3 (T and R): every layer works on band-limited signals.

Karras et al. 2021 (arXiv:2106.12423): Fourier features that a style turns and moves (section
3.1, appendix F), modulated convolutions, and rectifiers applied at a raised sampling rate between
two low-pass filters (section 3). Filters, rates and paddings are read from the file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from facewright.generate.pickles.node import Node
from facewright.generate.stylegan.layers import (
    SLOPE,
    Dense,
    modulated,
    rectify,
    tensor,
    unit_power,
)
from facewright.generate.stylegan.resampling import Filter, Padding
from facewright.generate.stylegan.sg2 import MOST_SIDE, Noise

_MOST_FACTOR, _MOST_TAPS = 16, 256


@dataclass(frozen=True)
class FourierInput:
    """A picture of plane waves, placed by a style.

    Coordinates are in units of the picture's side, from its centre, x right and y down; the
    signal reaches beyond the picture by the network's margin.

    style: to four numbers, the first column of a rotation and a translation.
    frequencies: (C, 2) cycles a side. phases: (C,) cycles. weight: (C, C). placed: (3, 3) the
    file's own placing, usually the identity. size: samples along x and y. rate: samples a side.
    bandwidth: cycles a side up to which waves keep their amplitude.
    """

    style: Dense
    frequencies: Tensor
    phases: Tensor
    weight: Tensor
    placed: Tensor
    size: tuple[int, int]
    rate: float
    bandwidth: float

    @classmethod
    def of(cls, node: Node, device: str) -> FourierInput:
        """The published input layer."""
        weight = tensor(node, "weight", 2, device)
        width, height = (int(n) for n in node.numbers("size", 2))
        if not (1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE):
            node.refuse(f"is {width} x {height} samples; at most {MOST_SIDE} are read")
        return cls(
            Dense.of(node.child("affine"), device),
            tensor(node, "freqs", 2, device),
            tensor(node, "phases", 1, device),
            weight / math.sqrt(weight.shape[1]),
            tensor(node, "transform", 2, device),
            (width, height),
            node.number("sampling_rate"),
            node.number("bandwidth"),
        )

    def __call__(self, w: Tensor, placed: Tensor | None) -> Tensor:
        """(N, w_dim) to (N, C, height, width).

        Args:
            w: the first style.
            placed: (3, 3), see `Synthesis3`.
        """
        outer = self.placed if placed is None else self.placed @ placed
        cos, sin, shift = self._style(w)
        turn = torch.stack([torch.stack([cos, -sin], 1), torch.stack([sin, cos], 1)], 1)
        points = self._grid(w) @ outer[:2, :2].T + outer[:2, 2]
        points = (points - shift[:, None, None]) @ turn.mT[:, None]
        waves = torch.sin(2 * math.pi * (points @ self.frequencies.T + self.phases))
        seen = (self.frequencies @ turn @ outer[:2, :2]).norm(dim=-1)
        fade = (self.rate / 2 - seen) / (self.rate / 2 - self.bandwidth)
        waves = waves * fade.clamp(0, 1)[:, None, None]
        mixed: Tensor = waves @ self.weight.T
        return mixed.permute(0, 3, 1, 2)

    def _style(self, w: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Cosine and sine (N,) of the turn, translation (N, 2)."""
        four = self.style(w)
        four = four / four[:, :2].norm(dim=1, keepdim=True)
        return four[:, 0], four[:, 1], four[:, 2:]

    def _grid(self, like: Tensor) -> Tensor:
        """(1, height, width, 2) places of the samples."""
        x, y = (
            (torch.arange(n, dtype=like.dtype, device=like.device) + 0.5 - n / 2) / self.rate
            for n in self.size
        )
        return torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1)[None]


@dataclass(frozen=True)
class FilteredLayer:
    """Modulated convolution, then a rectifier between two filters.

    weight: (out, in, k, k), of unit power for each output where it is demodulated. gain: of the
    input, from its average magnitude in training. up, down: factors of the sampling rate before
    and after the rectifier; raising and lowering are None for factors of 1 without a filter.
    padding: before the rectifier. to_picture: the last layer: no rectifier, no demodulation.
    """

    style: Dense
    weight: Tensor
    bias: Tensor
    gain: Tensor
    up: int
    raising: Filter | None
    down: int
    lowering: Filter | None
    padding: Padding
    clamp: float | None
    to_picture: bool
    size: int

    @classmethod
    def of(cls, node: Node, device: str) -> FilteredLayer:
        """A published synthesis layer."""
        weight = tensor(node, "weight", 4, device)
        to_picture = node.flag("is_torgb")
        fan_in = weight[0].numel()
        power = weight.square().mean(dim=(1, 2, 3), keepdim=True)
        x0, x1, y0, y1 = (int(n) for n in node.numbers("padding", 4))
        if max(abs(x0), abs(x1), abs(y0), abs(y1)) > MOST_SIDE:
            node.refuse("pads more than any published layer")
        return cls(
            Dense.of(node.child("affine"), device),
            weight / math.sqrt(fan_in) if to_picture else weight * power.rsqrt(),
            tensor(node, "bias", 1, device),
            tensor(node, "magnitude_ema", 0, device).rsqrt(),
            _factor(node, "up_factor"),
            _filter(node, "up_filter", device),
            _factor(node, "down_factor"),
            _filter(node, "down_filter", device),
            (x0, x1, y0, y1),
            node.number_or_none("conv_clamp"),
            to_picture,
            _largest(node),
        )

    def __call__(self, x: Tensor, w: Tensor) -> Tensor:
        """(N, in, H, W), (N, w_dim) to (N, out, H', W')."""
        styles = self.style(w)
        if not self.to_picture:
            styles = unit_power(styles)  # cancelled by demodulation
        reach = self.weight.shape[-1] - 1
        x = modulated(x, self.weight, styles, demodulate=not self.to_picture, padding=reach)
        return self.filtered(x * self.gain + self.bias[:, None, None])

    def filtered(self, x: Tensor) -> Tensor:
        """The rectifier between its filters."""
        if self.raising is not None:
            x = self.raising.raised(x, self.up, self.padding)
        else:
            x = torch.nn.functional.pad(x, self.padding)
        gain, slope = (1.0, 1.0) if self.to_picture else (math.sqrt(2), SLOPE)
        x = rectify(x, gain=gain, slope=slope, clamp=self.clamp)
        return x if self.lowering is None else self.lowering.lowered(x, self.down)


@dataclass(frozen=True)
class Synthesis3:
    """StyleGAN3's synthesis network. scale: of the picture. resolution: its side in pixels."""

    input: FourierInput
    filtered: Sequence[FilteredLayer]
    scale: float
    resolution: int

    @classmethod
    def of(cls, node: Node, device: str) -> Synthesis3:
        """The published synthesis network under a node."""
        names = node.words("layer_names")
        return cls(
            FourierInput.of(node.child("input"), device),
            [FilteredLayer.of(node.child(name), device) for name in names],
            node.number("output_scale", 1.0),
            node.whole("img_resolution"),
        )

    @property
    def layers(self) -> int:
        """How many styles it takes: the input's and one a layer."""
        return len(self.filtered) + 1

    @property
    def rotates(self) -> bool:
        """Its input can be moved and turned."""
        return True

    def __call__(
        self,
        ws: Tensor,
        _noise: Noise = "const",
        _chance: torch.Generator | None = None,
        placed: Tensor | None = None,
    ) -> Tensor:
        """Pictures; there is no noise in this network.

        Args:
            ws: (N, layers, w_dim).
            placed: (3, 3) affine map of a place in the picture (sides from the centre, x right,
                y down) to the place whose content is to be seen there; None for the identity.

        Returns:
            (N, channels, resolution, resolution), white 1 and black -1.
        """
        first, *styles = ws.unbind(1)
        x = self.input(first, placed)
        for layer, w in zip(self.filtered, styles, strict=True):
            x = layer(x, w)
        return x * self.scale

    def memory(self, pictures: int) -> int:
        """Bytes that the largest layer needs at its raised rate."""
        return max(_layer_bytes(layer, pictures) for layer in self.filtered)


_COPIES = 4
"""Of a layer's raised signal that live at once: half raised, raised, rectified, clamped."""


def _layer_bytes(layer: FilteredLayer, pictures: int) -> int:
    widest = int(max(layer.weight.shape[:2]))
    return 4 * pictures * _COPIES * widest * layer.size**2


def _largest(node: Node) -> int:
    """Samples along an axis of the signal at the raised rate."""
    sizes = [*node.numbers("in_size", 2), *node.numbers("out_size", 2)]
    margin = node.whole("up_taps", 1) + node.whole("down_taps", 1)
    raised = max(sizes[0] * node.whole("up_factor"), sizes[2] * node.whole("down_factor"))
    return int(np.clip(raised, 1, _MOST_FACTOR * MOST_SIDE)) + margin


def _factor(node: Node, name: str) -> int:
    factor = node.whole(name, 1)
    if not 1 <= factor <= _MOST_FACTOR:
        node.refuse(f"changes the sampling rate by {factor}; at most {_MOST_FACTOR} is read")
    return factor


def _filter(node: Node, name: str, device: str) -> Filter | None:
    taps = node.tensor_or_none(name)
    if taps is None:
        return None
    if taps.ndim not in {1, 2} or not 1 <= len(taps) <= _MOST_TAPS:
        node.refuse(f"has a filter '{name}' of shape {taps.shape}, which is not read")
    return Filter.of(taps, device)
