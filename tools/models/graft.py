"""Copy parts of an existing ONNX model into a `Net`, with its weights stored as float16."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
from onnx import helper, numpy_helper

from models.net import Array, Net


class Graft:
    """Copies the nodes that a wanted value needs; values already named are not copied."""

    def __init__(
        self, net: Net, source: onnx.ModelProto, feeds: dict[str, str], *, exact: bool = False
    ) -> None:
        """Copy from `source`, taking the values named in `feeds` from `net` (exact: float32)."""
        self.net = net
        self.makers = {node.output[0]: node for node in source.graph.node}
        self.constants: dict[str, Array] = {
            tensor.name: numpy_helper.to_array(tensor) for tensor in source.graph.initializer
        }
        self.names = dict(feeds)
        self._store: Callable[[Array], str] = net.exact if exact else net.weight

    def value(self, name: str) -> str:
        """The name in the new graph of a value of the source."""
        if name not in self.names:
            self.names[name] = self._constant(name) if name in self.constants else self._copy(name)
        return self.names[name]

    def _constant(self, name: str) -> str:
        array = self.constants[name]
        return self._store(array) if array.dtype == np.float32 else self.net.exact(array)

    def _copy(self, name: str) -> str:
        node = self.makers[name]
        inputs = [self.value(source) if source else "" for source in node.input]
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        return self.net.op(node.op_type, *inputs, **attributes)
