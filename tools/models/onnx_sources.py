"""The models that come as ONNX: yunet_2023mar, age_v1 and gender_v1."""

from __future__ import annotations

import numpy as np
import onnx

from models.graft import Graft
from models.net import Array, Net

DLIB_MEAN = (122.782, 117.001, 104.298)
HEADS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}


def build_age(blob: bytes) -> Net:
    """Face chip 64 x 64 in; distribution over 81 ages (N, 81) out."""
    net = Net("age_v1")
    net.output("age", _dlib_probabilities(net, blob, 64), ("N", 81))
    return net


def build_gender(blob: bytes) -> Net:
    """Face chip 32 x 32 in; probability of male (N,) out (the source gives female, male)."""
    net = Net("gender_v1")
    probabilities = _dlib_probabilities(net, blob, 32)
    male = net.op("Gather", probabilities, net.exact(np.array(1, dtype=np.int64)), axis=1)
    net.output("male", male, ("N",))
    return net


def _dlib_probabilities(net: Net, blob: bytes, side: int) -> str:
    image = net.standardise(net.picture(side, side), DLIB_MEAN, 1 / 256)
    return Graft(net, onnx.load_from_string(blob), {"images": image}).value("probabilities")


def build_yunet(blob: bytes) -> Net:
    """Picture of any size in multiples of 32 in; the twelve maps of the three strides out.

    The source wants 640 x 640 BGR; the channel swap moves into the first kernel. Its weights stay
    float32: at 0.2 MB there is nothing to win.
    """
    source = onnx.load_from_string(blob)
    net = Net("yunet_2023mar")
    graft = Graft(net, source, {"input": net.picture("H", "W")}, exact=True)
    stem = source.graph.node[0].input[1]
    graft.constants[stem] = graft.constants[stem][:, ::-1]
    maps = {stride: _yunet_heads(net, graft, stride) for stride in (8, 16, 32)}
    for head, size in HEADS.items():
        for stride in maps:
            net.output(f"{head}_{stride}", maps[stride][head], ("N", f"A{stride}", size))
    return net


def _yunet_heads(net: Net, graft: Graft, stride: int) -> dict[str, str]:
    """Run the four heads of one stride as one pair of convolutions.

    Alone, each is computed as a whole block of 16 channels; together they are 16.
    """
    units = [_head_unit(graft, f"{head}_{stride}") for head in HEADS]
    (feature,) = {unit[0] for unit in units}
    kernels = [np.concatenate([unit[i] for unit in units]) for i in range(1, 5)]
    point, point_bias, depth, depth_bias = (net.exact(kernel) for kernel in kernels)
    channels = sum(HEADS.values())
    y = net.op("Conv", graft.value(feature), point, point_bias)
    y = net.op("Conv", y, depth, depth_bias, group=channels, pads=[1] * 4)
    y = net.op("Transpose", y, perm=[0, 2, 3, 1])
    y = net.op("Reshape", y, net.integers(0, -1, channels))
    heads, start = {}, 0
    for head, size in HEADS.items():
        cut = (net.integers(start), net.integers(start + size), net.integers(2))
        value = net.op("Slice", y, *cut)
        heads[head] = net.op("Sigmoid", value) if size == 1 else value
        start += size
    return heads


def _head_unit(graft: Graft, output: str) -> tuple[str, Array, Array, Array, Array]:
    """Feature map, 1x1 kernel and bias, depthwise kernel and bias of the head behind `output`."""
    convs: list[onnx.NodeProto] = []
    name = output
    while len(convs) < 2:
        node = graft.makers[name]
        name = node.input[0]
        if node.op_type == "Conv":
            convs.append(node)
    depth, point = convs
    c = graft.constants
    return (name, c[point.input[1]], c[point.input[2]], c[depth.input[1]], c[depth.input[2]])
