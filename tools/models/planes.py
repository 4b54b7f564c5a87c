"""Layers of convolutional networks in NCHW, written from TensorFlow's conventions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.net import Array, Net

# Vector kernels work on blocks of channels (16 with AVX-512). A layer with fewer makes the runtime
# leave its blocked layout, which costs more than computing channels that are zero.
BLOCK = 16


@dataclass(frozen=True)
class Planes:
    """A float32 (N, channels, side, side) value of a graph under construction."""

    name: str
    channels: int
    side: int


def same_pads(side: int, kernel: int, stride: int) -> list[int]:
    """ONNX pads (top, left, bottom, right) for TensorFlow's SAME: the odd pixel comes last."""
    total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return [total // 2, total // 2, total - total // 2, total - total // 2]


def out_side(side: int, kernel: int, stride: int, pads: list[int]) -> int:
    """The side of a convolution's or pool's output."""
    return (side + pads[0] + pads[2] - kernel) // stride + 1


def conv(
    net: Net,
    x: Planes,
    kernel: Array,
    bias: Array | None = None,
    *,
    stride: int = 1,
    same: bool = True,
    depthwise: bool = False,
) -> Planes:
    """Convolve with a kernel of shape (out, in, k, k), or (channels, 1, k, k) when depthwise."""
    out, k = kernel.shape[0], kernel.shape[2]
    pads = same_pads(x.side, k, stride) if same else [0, 0, 0, 0]
    inputs = [x.name, net.weight(kernel)] + ([] if bias is None else [net.weight(bias)])
    group = out if depthwise else 1
    name = net.op(
        "Conv", *inputs, kernel_shape=[k, k], strides=[stride] * 2, pads=pads, group=group
    )
    return Planes(name, out, out_side(x.side, k, stride, pads))


def max_pool(net: Net, x: Planes, kernel: int, stride: int) -> Planes:
    """TensorFlow's SAME max-pool."""
    pads = same_pads(x.side, kernel, stride)
    name = net.op("MaxPool", x.name, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads)
    return Planes(name, x.channels, out_side(x.side, kernel, stride, pads))


def prelu(net: Net, x: Planes, slope: Array) -> Planes:
    """Channel-wise PReLU as ``(1 - slope) * relu(x) + slope * x``, by 1x1 depthwise convolutions.

    ONNX Runtime has no blocked PRelu: the operator itself costs two layout changes and a slow
    broadcast, together three quarters of the time of the face mesh. Both terms here stay blocked.
    """
    a = net.weight(slope.reshape(-1, 1, 1, 1))
    rest = net.op("Sub", net.number(1.0), a)
    positive = net.op("Conv", net.op("Relu", x.name), rest, group=x.channels)
    scaled = net.op("Conv", x.name, a, group=x.channels)
    return Planes(net.op("Add", positive, scaled), x.channels, x.side)


def pad_axis(array: Array, size: int, axis: int) -> Array:
    """Extend one axis with zeros to `size`."""
    widths = [(0, 0)] * array.ndim
    widths[axis] = (0, size - array.shape[axis])
    return np.pad(array, widths)
