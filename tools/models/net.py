"""A small builder of ONNX graphs whose weights are stored as float16.

Every weight is an initializer of float16 followed by a Cast to float32. ONNX Runtime folds that
Cast when a session starts, so the kernels and their speed are those of a float32 model and only
the file is half as large. Names are numbered in order, so the same calls give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[Any]

OPSET = 18
IR_VERSION = 9  # old enough for every ONNX Runtime that the package allows


@dataclass
class Net:
    """A graph under construction; a value is named by the string that `op` returns."""

    name: str
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    tensors: list[onnx.TensorProto] = field(default_factory=list)
    inputs: list[onnx.ValueInfoProto] = field(default_factory=list)
    outputs: list[onnx.ValueInfoProto] = field(default_factory=list)

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Append one node with one output and return that output's name."""
        out = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def weight(self, values: npt.ArrayLike) -> str:
        """Store a float tensor as float16 and return the name of its float32 cast.

        Raises:
            ValueError: a value is too large for float16.
        """
        array = np.asarray(values, dtype=np.float32)
        if np.abs(array).max(initial=0) > np.finfo(np.float16).max:
            raise ValueError(f"{self.name}: a weight does not fit in float16")
        return self.op("Cast", self.exact(array.astype(np.float16)), to=TensorProto.FLOAT)

    def affine(self, codes: Array, scale: float, minimum: float) -> str:
        """Store uint8 codes and return the name of ``codes * scale + minimum`` (folded at load)."""
        values = self.op("Cast", self.exact(codes), to=TensorProto.FLOAT)
        return self.op("Add", self.op("Mul", values, self.number(scale)), self.number(minimum))

    def exact(self, array: Array) -> str:
        """Store a tensor in its own type and return its name."""
        key = f"w_{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.array(array, order="C"), key))
        return key

    def number(self, value: float) -> str:
        """Store a float32 scalar."""
        return self.exact(np.array(value, dtype=np.float32))

    def integers(self, *values: int) -> str:
        """Store a 1-d int64 tensor (axes, shapes, sizes)."""
        return self.exact(np.array(values, dtype=np.int64))

    def input(self, name: str, dtype: int, shape: tuple[int | str, ...]) -> str:
        """Declare a graph input; a string in `shape` is a free dimension."""
        self.inputs.append(helper.make_tensor_value_info(name, dtype, shape))
        return name

    def picture(self, height: int | str, width: int | str) -> str:
        """Declare the input that all picture models share and return it as float32 NCHW, 0-255.

        The input is ``image``: uint8 (N, H, W, 3), RGB, as OpenCV warps and Pillow give it.
        """
        image = self.input("image", TensorProto.UINT8, ("N", height, width, 3))
        planes = self.op("Transpose", image, perm=[0, 3, 1, 2])
        return self.op("Cast", planes, to=TensorProto.FLOAT)

    def standardise(self, value: str, mean: tuple[float, ...], scale: float) -> str:
        """``(value - mean) * scale`` with one mean per channel of an NCHW value."""
        channel = np.array(mean, dtype=np.float32).reshape(1, -1, 1, 1)
        return self.op("Mul", self.op("Sub", value, self.exact(channel)), self.number(scale))

    def output(self, name: str, value: str, shape: tuple[int | str, ...]) -> None:
        """Declare `value` as the float32 graph output called `name`."""
        self.nodes.append(helper.make_node("Identity", [value], [name]))
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def model(self) -> onnx.ModelProto:
        """The finished, checked model."""
        graph = helper.make_graph(self.nodes, self.name, self.inputs, self.outputs, self.tensors)
        model = helper.make_model(
            graph,
            producer_name="facewright",
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
        )
        onnx.checker.check_model(model, full_check=True)
        return model
