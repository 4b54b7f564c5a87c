"""face_landmarks_478: MediaPipe's face landmarks detector, from its .tflite file."""

from __future__ import annotations

from typing import Any

import numpy as np
import tflite

from models.net import Array, Net
from models.planes import BLOCK, Planes, conv, max_pool, pad_axis, prelu
from models.tflite_file import Operator, TfliteFile, read_tflite

POINTS = 478


def build_mesh(blob: bytes) -> Net:
    """Picture 256 x 256 in; landmarks (N, 478, 3) in picture pixels and presence logit (N,) out.

    The third output of the source, a tongue score, is left out.
    """
    file = read_tflite(blob)
    net = Net("face_landmarks_478")
    image = net.op("Mul", net.picture(256, 256), net.number(1 / 255))
    points, presence = _Mesh(net, file).convert(Planes(image, 3, 256), file.outputs[:2])
    shape = net.integers(-1, POINTS, 3)
    net.output("landmarks", net.op("Reshape", points.name, shape), ("N", POINTS, 3))
    net.output("presence", net.op("Reshape", presence.name, net.integers(-1)), ("N",))
    return net


class _Mesh:
    """Converts the operators of the mesh, widening narrow layers to a whole block of channels."""

    def __init__(self, net: Net, file: TfliteFile) -> None:
        self.net = net
        self.file = file

    def convert(self, image: Planes, outputs: list[int]) -> list[Planes]:
        """Emit the operators that `outputs` need."""
        values = {self.file.inputs[0]: image}
        makers = {operator.outputs[0]: operator for operator in self.file.operators}

        def visit(index: int) -> Planes:
            if index not in values:
                operator = makers[index]
                values[index] = self._emit(operator, [visit(i) for i in self._maps(operator)])
            return values[index]

        return [visit(index) for index in outputs]

    def _maps(self, operator: Operator) -> list[int]:
        return [index for index in operator.inputs if index not in self.file.constants]

    def _emit(self, operator: Operator, maps: list[Planes]) -> Planes:
        constants = [self.file.constants[i] for i in operator.inputs if i in self.file.constants]
        x = maps[0]
        match operator.kind:
            case "CONV_2D":
                options = tflite.Conv2DOptions()
                return self._conv(
                    x, constants[0].transpose(0, 3, 1, 2), constants[1], operator, options
                )
            case "DEPTHWISE_CONV_2D":
                kernel = constants[0].transpose(3, 0, 1, 2)
                return self._conv(
                    x, kernel, constants[1], operator, tflite.DepthwiseConv2DOptions()
                )
            case "PRELU":
                return prelu(self.net, x, pad_axis(constants[0].ravel(), x.channels, 0))
            case "ADD":
                return Planes(self.net.op("Add", x.name, maps[1].name), x.channels, x.side)
            case "MAX_POOL_2D":
                options = tflite.Pool2DOptions()
                options.Init(operator.options.Bytes, operator.options.Pos)
                return max_pool(self.net, x, options.FilterWidth(), options.StrideW())
            case "PAD":
                return self._pad_channels(x, constants[0])
        raise ValueError(f"the mesh has an operator it should not have: {operator.kind}")

    def _conv(
        self, x: Planes, kernel: Array, bias: Array, operator: Operator, options: Any
    ) -> Planes:
        options.Init(operator.options.Bytes, operator.options.Pos)
        if options.FusedActivationFunction() != tflite.ActivationFunctionType.NONE:
            raise ValueError("the mesh has a fused activation it should not have")
        depthwise = operator.kind == "DEPTHWISE_CONV_2D"
        if 1 < kernel.shape[0] < BLOCK:
            kernel, bias = pad_axis(kernel, BLOCK, 0), pad_axis(bias, BLOCK, 0)
        if not depthwise:
            kernel = pad_axis(kernel, x.channels, 1)
        same = options.Padding() == tflite.Padding.SAME
        stride = options.StrideW()
        return conv(self.net, x, kernel, bias, stride=stride, same=same, depthwise=depthwise)

    def _pad_channels(self, x: Planes, widths: Array) -> Planes:
        """TFLite pads NHWC; only channels are padded here, at the end, with zeros."""
        before, after = widths[3]
        if before or np.any(widths[:3]):
            raise ValueError("the mesh pads more than channels")
        pads = self.net.integers(0, 0, 0, 0, 0, int(after), 0, 0)
        return Planes(self.net.op("Pad", x.name, pads), x.channels + int(after), x.side)
