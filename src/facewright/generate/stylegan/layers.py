"""Layers that every network here is made of: dense ones, leaky rectifiers, modulated convolution.

Weights are stored so that all have the same variance; a layer scales them when it runs
("equalised learning rate", Karras et al. 2018, arXiv:1710.10196). Here they are scaled once, when
they are read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from facewright.generate.pickles.node import Node, floats

SLOPE = 0.2
"""Of the leaky rectifier below 0."""

_EPSILON = 1e-8


@dataclass(frozen=True)
class Dense:
    """x -> rectified(x weight^T + bias). weight: (out, in). bias: (out,) or None."""

    weight: Tensor
    bias: Tensor | None
    rectified: bool

    @classmethod
    def of(cls, node: Node, device: str) -> Dense:
        """A published fully connected layer, its gains multiplied in."""
        weight = tensor(node, "weight", 2, device) * node.number("weight_gain")
        bias = node.tensor_or_none("bias")
        if bias is not None:
            scaled = torch.from_numpy(floats(bias)).to(device) * node.number("bias_gain", 1.0)
        return cls(weight, None if bias is None else scaled, is_rectified(node))

    def __call__(self, x: Tensor) -> Tensor:
        """(N, in) to (N, out)."""
        out = functional.linear(x, self.weight, self.bias)
        return rectify(out, gain=math.sqrt(2)) if self.rectified else out


def tensor(node: Node, name: str, axes: int, device: str) -> Tensor:
    """A tensor of a module as float32 on a device."""
    return torch.from_numpy(floats(node.tensor(name, axes))).to(device)


def is_rectified(node: Node) -> bool:
    """Whether a layer ends in the leaky rectifier; other activations are refused."""
    activation = node.text("activation", "linear")
    if activation not in {"lrelu", "linear"}:
        node.refuse(f"has the activation '{activation}', which is not read")
    return activation == "lrelu"


def rectify(x: Tensor, *, gain: float, clamp: float | None = None, slope: float = SLOPE) -> Tensor:
    """Leaky rectifier times a gain, then clamped to -clamp..clamp."""
    out = functional.leaky_relu(x, slope) * gain if slope != 1.0 else x * gain
    return out if clamp is None else out.clamp(-clamp, clamp)


def unit_power(x: Tensor) -> Tensor:
    """Scale rows so that their mean square is 1."""
    return x * (x.square().mean(dim=-1, keepdim=True) + _EPSILON).rsqrt()


def modulated(
    x: Tensor, weight: Tensor, styles: Tensor, *, demodulate: bool, up: int = 1, padding: int = 0
) -> Tensor:
    """Convolution whose input channels are scaled by each sample's styles.

    With `demodulate`, each output channel is divided by the standard deviation that it would
    have for inputs of variance 1 (Karras et al. 2020, arXiv:1912.04958, eq. 1-3). Styles scale
    what comes in and demodulation what goes out, so that one weight serves the whole batch.

    Args:
        x: (N, in, H, W).
        weight: (out, in, k, k); correlated with x for `up` 1, convolved with x (each sample
            puts the kernel down as it is) for `up` 2, as published weights are meant.
        styles: (N, in).
        demodulate: see above.
        up: 1; or 2 to put a zero after each sample and let the kernel reach over every border.
        padding: zeros around x, for `up` 1.

    Returns:
        (N, out, H', W'): H + 2 padding - k + 1 samples; for `up` 2, 2 (H - 1) + k samples.
    """
    scaled = x * styles[:, :, None, None]
    if up == 1:
        out = functional.conv2d(scaled, weight, padding=padding)
    else:
        out = functional.conv_transpose2d(scaled, weight.transpose(0, 1), stride=up)
    if not demodulate:
        return out
    power = functional.linear(styles.square(), weight.square().sum(dim=(2, 3)))
    return out * (power + _EPSILON).rsqrt()[:, :, None, None]
