"""The models that come from TensorFlow.js: faceres, selfie_mask and the two expression nets."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from models.net import Array, Net
from models.planes import Planes, out_side, same_pads
from models.tfjs import Converter, Quantised, Value, fold_relu6, read_weights

FACEAPI_MEAN = (122.782, 117.001, 104.298)
LUMA = (0.299, 0.587, 0.114)  # BT.601, as OpenCV's RGB to grey
EXPRESSIONS = 7


def build_faceres(topology: bytes, blob: bytes) -> Net:
    """Picture 224 x 224 in; male (N,), age (N, 100) and embedding (N, 1024) out."""
    net = Net("faceres")
    image = Planes(net.picture(224, 224), 3, 224)
    outputs = ["gender_pred/Sigmoid", "age_pred/Softmax", "global_pooling/Mean"]
    sex, age, embedding = _convert(net, image, json.loads(topology), blob, outputs)
    net.output("male", net.op("Squeeze", _name(sex), net.integers(1)), ("N",))
    net.output("age", _name(age), ("N", 100))
    net.output("embedding", _name(embedding), ("N", 1024))
    return net


def build_selfie(topology: bytes, blob: bytes) -> Net:
    """Picture 256 x 256 in; probability of person (N, 256, 256) out."""
    net = Net("selfie_mask")
    image = Planes(net.op("Mul", net.picture(256, 256), net.number(1 / 255)), 3, 256)
    (mask,) = _convert(net, image, json.loads(topology), blob, ["activation_10"])
    net.output("mask", net.op("Squeeze", _name(mask), net.integers(1)), ("N", 256, 256))
    return net


def build_oarriaga(topology: bytes, blob: bytes) -> Net:
    """Picture 64 x 64 in, made grey in the graph; seven expressions (N, 7) out."""
    net = Net("expression_oarriaga")
    kernel = np.array(LUMA, dtype=np.float32).reshape(1, 3, 1, 1) / np.float32(127.5)
    grey = net.op(
        "Conv", net.picture(64, 64), net.exact(kernel), net.exact(-np.ones(1, np.float32))
    )
    (scores,) = _convert(net, Planes(grey, 1, 64), json.loads(topology), blob, ["Identity"])
    net.output("expression", _name(scores), ("N", EXPRESSIONS))
    return net


def _convert(
    net: Net, image: Planes, model: dict[str, Any], blob: bytes, outputs: list[str]
) -> list[Value]:
    weights = read_weights(model["weightsManifest"], blob)
    nodes = fold_relu6(model["modelTopology"]["node"], weights)
    return Converter(net, weights, image).convert(nodes, outputs)


def _name(value: Value) -> str:
    if isinstance(value, np.ndarray):
        raise TypeError("an output is constant")
    return value.name if isinstance(value, Planes) else value


def build_faceapi(manifest: bytes, blob: bytes) -> Net:
    """Picture 112 x 112 in; seven expressions (N, 7) out.

    The package has weights only; the network is that of its FaceExpressionNet.ts: four dense
    blocks of four (separable) convolutions, a 7 x 7 mean and one dense layer. Weights are stored
    as the source's uint8 codes, so nothing is lost.
    """
    net = Net("expression_faceapi")
    weights = read_weights(json.loads(manifest), blob)
    image = net.standardise(net.picture(112, 112), FACEAPI_MEAN, 1 / 255)
    x = Planes(image, 3, 112)
    for block in range(4):
        x = _dense_block(net, weights, f"dense{block}", x)
    pooled = net.op("Flatten", net.op("GlobalAveragePool", x.name))
    dense = [_stored(net, weights[f"fc/{part}"]) for part in ("weights", "bias")]
    net.output("expression", net.op("Softmax", net.op("Gemm", pooled, *dense)), ("N", EXPRESSIONS))
    return net


def _dense_block(net: Net, weights: dict[str, Array | Quantised], block: str, x: Planes) -> Planes:
    """Each convolution sees the rectified sum of all outputs before it in the block."""
    first = _layer(net, weights, f"{block}/conv0", x, stride=2)
    total = Planes(net.op("Relu", first.name), first.channels, first.side)
    rectified = total
    for index in (1, 2, 3):
        y = _layer(net, weights, f"{block}/conv{index}", rectified)
        total = Planes(net.op("Add", total.name, y.name), y.channels, y.side)
        rectified = Planes(net.op("Relu", total.name), y.channels, y.side)
    return rectified


def _layer(
    net: Net, weights: dict[str, Array | Quantised], name: str, x: Planes, stride: int = 1
) -> Planes:
    """A 3 x 3 convolution, separable where the file has a depthwise filter."""
    pads = same_pads(x.side, 3, stride)
    bias = _stored(net, weights[f"{name}/bias"])
    if f"{name}/filters" in weights:
        kernel = weights[f"{name}/filters"]
        y = net.op(
            "Conv",
            x.name,
            _stored(net, kernel, (3, 2, 0, 1)),
            bias,
            strides=[stride] * 2,
            pads=pads,
        )
    else:
        kernel = weights[f"{name}/pointwise_filter"]
        depthwise = _stored(net, weights[f"{name}/depthwise_filter"], (2, 3, 0, 1))
        y = net.op("Conv", x.name, depthwise, strides=[stride] * 2, pads=pads, group=x.channels)
        y = net.op("Conv", y, _stored(net, kernel, (3, 2, 0, 1)), bias)
    channels = (kernel.codes if isinstance(kernel, Quantised) else kernel).shape[3]
    return Planes(y, channels, out_side(x.side, 3, stride, pads))


def _stored(net: Net, weight: Array | Quantised, axes: tuple[int, ...] | None = None) -> str:
    """Store a weight without loss, its axes permuted."""
    if isinstance(weight, Quantised):
        codes = weight.codes if axes is None else weight.codes.transpose(axes)
        return net.affine(codes, weight.scale, weight.minimum)
    return net.exact(weight if axes is None else weight.transpose(axes))
