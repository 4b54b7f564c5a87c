"""Read TensorFlow.js weight files and turn small TF.js graph models into ONNX (NHWC to NCHW).

Covers the operators of the three graphs we ship and refuses any other. Formats: the TF.js
model.json (``modelTopology`` is a GraphDef in JSON, ``weightsManifest`` describes the .bin).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.net import Array, Net
from models.planes import Planes, conv, max_pool

Value = Planes | Array | str  # a feature map, a constant, or a flat (N, channels) value
Node = dict[str, Any]


@dataclass(frozen=True)
class Quantised:
    """A weight stored as uint8: value = codes * scale + minimum."""

    codes: Array
    scale: float
    minimum: float


def read_weights(manifest: list[dict[str, Any]], blob: bytes) -> dict[str, Array | Quantised]:
    """Split a TF.js .bin by its manifest; float16 weights come back as float32, exactly."""
    weights: dict[str, Array | Quantised] = {}
    offset = 0
    for entry in (weight for group in manifest for weight in group["weights"]):
        stored = entry.get("quantization", {})
        dtype = np.dtype(stored.get("dtype", entry["dtype"])).newbyteorder("<")
        count = int(np.prod(entry["shape"], dtype=np.int64))
        array = np.frombuffer(blob, dtype, count, offset).reshape(entry["shape"])
        offset += array.nbytes
        if dtype == np.uint8:
            weights[entry["name"]] = Quantised(array, stored["scale"], stored["min"])
        else:
            weights[entry["name"]] = array.astype(entry["dtype"])
    if offset != len(blob):
        raise ValueError(f"weights: {offset} of {len(blob)} bytes described")
    return weights


class Converter:
    """Converts one GraphDef, node by node, into a `Net`."""

    def __init__(self, net: Net, weights: dict[str, Array | Quantised], image: Planes) -> None:
        self.net = net
        self.weights = weights
        self.image = image
        self.values: dict[str, Value] = {}

    def convert(self, nodes: list[Node], outputs: list[str]) -> list[Value]:
        """Emit what `outputs` (node names) need; GraphDefs list their nodes in any order."""
        by_name = {node["name"]: node for node in nodes}

        def visit(name: str) -> None:
            if name not in self.values:
                for source in by_name[name].get("input", []):
                    visit(source)
                self.values[name] = self._emit(by_name[name])

        for name in outputs:
            visit(name)
        return [self.values[name] for name in outputs]

    def _emit(self, node: Node) -> Value:
        if node["op"] == "Const":
            return np.asarray(self.weights[node["name"]])
        if node["op"] == "Placeholder":
            return self.image
        inputs = [self.values[source] for source in node.get("input", [])]
        attributes = {key: _plain(value) for key, value in node.get("attr", {}).items()}
        return OPERATORS[node["op"]](self.net, inputs, attributes)


def _plain(value: dict[str, Any]) -> Any:
    """A GraphDef attribute as a Python value: strings are base64, integers are text."""
    if "s" in value:
        return base64.b64decode(value["s"]).decode()
    if "list" in value:
        numbers = [int(i) for i in value["list"].get("i", [])]
        return numbers or [base64.b64decode(s).decode() for s in value["list"].get("s", [])]
    return value.get("b", value.get("i", value.get("f")))


def _planes(value: Value) -> Planes:
    if not isinstance(value, Planes):
        raise TypeError(f"wanted a feature map, got {value!r}")
    return value


def _array(value: Value) -> Array:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"wanted a constant, got {value!r}")
    return value


def _conv(net: Net, inputs: list[Value], attributes: dict[str, Any]) -> Value:
    kernel = _array(inputs[1]).transpose(3, 2, 0, 1)
    bias = _array(inputs[2]) if len(inputs) > 2 else None
    same = attributes["padding"] == "SAME"
    stride = attributes["strides"][1]
    y = conv(net, _planes(inputs[0]), kernel, bias, stride=stride, same=same)
    return _unary("Relu")(net, [y], {}) if "Relu" in attributes.get("fused_ops", []) else y


def _depthwise(net: Net, inputs: list[Value], attributes: dict[str, Any]) -> Value:
    kernel = _array(inputs[1]).transpose(2, 3, 0, 1)
    same = attributes["padding"] == "SAME"
    stride = attributes["strides"][1]
    return conv(net, _planes(inputs[0]), kernel, stride=stride, same=same, depthwise=True)


def _transposed(net: Net, inputs: list[Value], attributes: dict[str, Any]) -> Value:
    kernel, x = _array(inputs[1]).transpose(3, 2, 0, 1), _planes(inputs[2])
    stride = attributes["strides"][1]
    if kernel.shape[2:] != (stride, stride):
        raise ValueError("transposed convolution: only a kernel as large as its stride")
    name = net.op("ConvTranspose", x.name, net.weight(kernel), strides=[stride, stride])
    return Planes(name, kernel.shape[1], x.side * stride)


def _unary(kind: str) -> Callable[[Net, list[Value], dict[str, Any]], Value]:
    def emit(net: Net, inputs: list[Value], _: dict[str, Any]) -> Value:
        (x,) = inputs
        if isinstance(x, Planes):
            return Planes(net.op(kind, x.name), x.channels, x.side)
        if isinstance(x, str):
            return net.op(kind, x)
        raise TypeError(f"{kind}: of a constant")

    return emit


def _binary(kind: str) -> Callable[[Net, list[Value], dict[str, Any]], Value]:
    def emit(net: Net, inputs: list[Value], _: dict[str, Any]) -> Value:
        names = [_operand(net, value) for value in inputs]
        maps = [value for value in inputs if isinstance(value, Planes)]
        largest = max(maps, key=lambda value: value.side)
        return Planes(net.op(kind, *names), largest.channels, largest.side)

    return emit


def _operand(net: Net, value: Value) -> str:
    """A constant operand broadcasts over channels, which come last in NHWC and second here."""
    if isinstance(value, np.ndarray):
        return net.weight(value.reshape(1, -1, 1, 1))
    return value.name if isinstance(value, Planes) else value


def _relu6(net: Net, inputs: list[Value], _: dict[str, Any]) -> Value:
    x = _planes(inputs[0])
    return Planes(net.op("Clip", x.name, net.number(0), net.number(6)), x.channels, x.side)


def _max_pool(net: Net, inputs: list[Value], attributes: dict[str, Any]) -> Value:
    return max_pool(net, _planes(inputs[0]), attributes["ksize"][1], attributes["strides"][1])


def _average_pool(net: Net, inputs: list[Value], attributes: dict[str, Any]) -> Value:
    x = _planes(inputs[0])
    if attributes["ksize"][1] != x.side:
        raise ValueError("average pool: only over the whole map")
    return Planes(net.op("GlobalAveragePool", x.name), x.channels, 1)


def _mean(net: Net, inputs: list[Value], _: dict[str, Any]) -> Value:
    if _array(inputs[1]).tolist() != [1, 2]:
        raise ValueError("mean: only over height and width")
    return net.op("Flatten", net.op("GlobalAveragePool", _planes(inputs[0]).name))


def _resize(net: Net, inputs: list[Value], attributes: dict[str, Any]) -> Value:
    x, size = _planes(inputs[0]), _array(inputs[1])
    if not attributes["half_pixel_centers"]:
        raise ValueError("resize: only with half-pixel centres")
    scale = float(size[0]) / x.side
    scales = net.exact(np.array([1, 1, scale, scale], dtype=np.float32))
    name = net.op("Resize", x.name, "", scales, mode="linear")
    return Planes(name, x.channels, int(size[0]))


def _matmul(net: Net, inputs: list[Value], attributes: dict[str, Any]) -> Value:
    x, kernel, bias = inputs
    if not isinstance(x, str):
        raise TypeError("matmul: of a feature map")
    y = net.op("Gemm", x, net.weight(_array(kernel)), net.weight(_array(bias)))
    return net.op("Relu", y) if "Relu" in attributes["fused_ops"] else y


OPERATORS: dict[str, Callable[[Net, list[Value], dict[str, Any]], Value]] = {
    "Conv2D": _conv,
    "_FusedConv2D": _conv,
    "DepthwiseConv2dNative": _depthwise,
    "Conv2DBackpropInput": _transposed,
    "_FusedMatMul": _matmul,
    "Add": _binary("Add"),
    "AddV2": _binary("Add"),
    "AddN": _binary("Add"),
    "Mul": _binary("Mul"),
    "Relu": _unary("Relu"),
    "Relu6": _relu6,
    "Sigmoid": _unary("Sigmoid"),
    "Softmax": _unary("Softmax"),
    "Identity": _unary("Identity"),
    "MaxPool": _max_pool,
    "AvgPool": _average_pool,
    "Mean": _mean,
    "ResizeBilinear": _resize,
}


def fold_relu6(nodes: list[Node], weights: dict[str, Array | Quantised]) -> list[Node]:
    """Rewrite ``max(min(relu(x), 6), 0)`` as ``Relu6(x)``, which the runtime fuses."""
    by_name = {node["name"]: node for node in nodes}

    def rewrite(node: Node) -> Node:
        if node["op"] != "Maximum":
            return node
        minimum = by_name[node["input"][0]]
        relu = by_name[minimum["input"][0]]
        bounds = [weights[node["input"][1]], weights[minimum["input"][1]]]
        if [float(np.asarray(b)) for b in bounds] != [0.0, 6.0] or relu["op"] != "Relu":
            raise ValueError(f"{node['name']}: not a relu6")
        return {"name": node["name"], "op": "Relu6", "input": relu["input"]}

    return [rewrite(node) for node in nodes]
