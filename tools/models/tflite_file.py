"""Read the operators and weights of a TensorFlow Lite file (flatbuffers, schema 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import tflite

from models.net import Array

_NAMES = {
    code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)
}
_DTYPES = {
    tflite.TensorType.FLOAT32: "<f4",
    tflite.TensorType.FLOAT16: "<f2",
    tflite.TensorType.INT32: "<i4",
}


@dataclass(frozen=True)
class Operator:
    """One operator: its name, the indices of its tensors and its options table."""

    kind: str
    inputs: list[int]
    outputs: list[int]
    options: Any


@dataclass(frozen=True)
class TfliteFile:
    """The one subgraph of a .tflite file; DEQUANTIZE of float16 weights is already applied."""

    operators: list[Operator]
    constants: dict[int, Array]
    inputs: list[int]
    outputs: list[int]


def read_tflite(blob: bytes) -> TfliteFile:
    """Parse a .tflite file with one subgraph."""
    model = tflite.Model.GetRootAsModel(blob, 0)
    graph = model.Subgraphs(0)
    constants = {
        index: array
        for index in range(graph.TensorsLength())
        if (array := _constant(model, graph.Tensors(index))) is not None
    }
    operators = []
    for index in range(graph.OperatorsLength()):
        operator = _operator(model, graph.Operators(index))
        if operator.kind == "DEQUANTIZE" and operator.inputs[0] in constants:
            constants[operator.outputs[0]] = constants[operator.inputs[0]].astype(np.float32)
        else:
            operators.append(operator)
    return TfliteFile(
        operators, constants, list(graph.InputsAsNumpy()), list(graph.OutputsAsNumpy())
    )


def _constant(model: Any, tensor: Any) -> Array | None:
    buffer = model.Buffers(tensor.Buffer())
    if not buffer.DataLength():
        return None
    shape = tensor.ShapeAsNumpy() if tensor.ShapeLength() else ()
    return np.frombuffer(buffer.DataAsNumpy().tobytes(), _DTYPES[tensor.Type()]).reshape(shape)


def _operator(model: Any, operator: Any) -> Operator:
    code = model.OperatorCodes(operator.OpcodeIndex())
    kind = _NAMES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
    inputs, outputs = operator.InputsAsNumpy().tolist(), operator.OutputsAsNumpy().tolist()
    return Operator(kind, inputs, outputs, operator.BuiltinOptions())
