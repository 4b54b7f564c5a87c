"""blendshapes_52: MediaPipe's blendshape MLP-mixer, written out for batches.

The .tflite file handles one face and spells layer norm in nine operators. Here the network is
written as what it is (Tolstikhin et al. 2021, "MLP-Mixer") and takes its weights from the file.
"""

from __future__ import annotations

import numpy as np
from onnx import TensorProto

from models.net import Array, Net
from models.tflite_file import TfliteFile, read_tflite

POINTS = 146
SHAPES = 52
WIDTH = 64
BLOCKS = 4
Dense = tuple[Array, Array]


def build_mixer(blob: bytes) -> Net:
    """Points (N, 146, 2) in pixels of any scale and origin in; scores (N, 52) in 0..1 out."""
    file = read_tflite(blob)
    dense = _dense_layers(file)
    gains = _gains(file)
    net = Net("blendshapes_52")
    x = _normalise(net, net.input("points", TensorProto.FLOAT, ("N", POINTS, 2)))
    x = _channels(net, dense[1], _tokens(net, dense[0], x))
    x = net.op("Concat", _extra_token(net, file, x), x, axis=1)
    layers = iter(dense[2:-1])
    for block in range(BLOCKS):
        for mix, gain in zip((_tokens, _channels), gains[2 * block : 2 * block + 2], strict=True):
            y = net.op("LayerNormalization", x, net.weight(gain), axis=-1, epsilon=_epsilon(file))
            y = mix(net, next(layers), y)
            y = mix(net, next(layers), net.op("Relu", y))
            x = net.op("Add", x, y)
    first = net.op("Gather", x, net.exact(np.array(0, dtype=np.int64)), axis=1)
    scores = net.op("Sigmoid", _channels(net, dense[-1], first))
    net.output("blendshapes", scores, ("N", SHAPES))
    return net


def _normalise(net: Net, points: str) -> str:
    """Centre the points on their mean and halve them over their mean distance from it."""
    centred = net.op("Sub", points, net.op("ReduceMean", points, net.integers(1)))
    distance = net.op("ReduceL2", centred, net.integers(2))
    scale = net.op("ReduceMean", distance, net.integers(1))
    return net.op("Mul", net.op("Div", centred, scale), net.number(0.5))


def _tokens(net: Net, layer: Dense, x: str) -> str:
    """A dense layer over axis 1 (points or tokens)."""
    kernel, bias = layer
    return net.op("Add", net.op("MatMul", net.weight(kernel), x), net.weight(bias[:, None]))


def _channels(net: Net, layer: Dense, x: str) -> str:
    """A dense layer over the last axis."""
    kernel, bias = layer
    return net.op("Add", net.op("MatMul", x, net.weight(kernel.T)), net.weight(bias))


def _extra_token(net: Net, file: TfliteFile, x: str) -> str:
    """The learnt token that the scores are read from, once per face."""
    (concat,) = [op for op in file.operators if op.kind == "CONCATENATION"]
    token = file.constants[concat.inputs[0]].reshape(1, 1, WIDTH)
    shape = net.op("Concat", net.op("Shape", x, start=0, end=1), net.integers(1, WIDTH), axis=0)
    return net.op("Expand", net.weight(token), shape)


def _dense_layers(file: TfliteFile) -> list[Dense]:
    """Kernel (out, in) and bias of every dense layer; the file has them as 1x1 convolutions."""
    layers = []
    for operator in file.operators:
        if operator.kind == "CONV_2D":
            kernel, bias = (file.constants[index] for index in operator.inputs[1:])
            layers.append((kernel.reshape(kernel.shape[0], kernel.shape[3]), bias))
    if len(layers) != 3 + 4 * BLOCKS:
        raise ValueError(f"the mixer has {len(layers)} dense layers")
    return layers


def _gains(file: TfliteFile) -> list[Array]:
    """The gain of every layer norm, in order; the file's layer norms have no offset."""
    gains = [
        file.constants[operator.inputs[1]]
        for operator in file.operators
        if operator.kind == "MUL" and _size(file, operator.inputs[1]) == WIDTH
    ]
    if len(gains) != 2 * BLOCKS:
        raise ValueError(f"the mixer has {len(gains)} layer norms")
    return gains


def _epsilon(file: TfliteFile) -> float:
    """The epsilon that all layer norms share."""
    (epsilon,) = {
        float(file.constants[operator.inputs[1]].item())
        for operator in file.operators
        if operator.kind == "ADD" and _size(file, operator.inputs[1]) == 1
    }
    return epsilon


def _size(file: TfliteFile, index: int) -> int:
    return file.constants[index].size if index in file.constants else 0
