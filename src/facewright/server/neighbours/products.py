"""Products of many rows of bytes with one vector: an integer matrix product of ONNX Runtime.

NumPy multiplies bytes one at a time; ONNX Runtime's kernels take 64 at once (VNNI) and read the
rows where they are, in a mapped file too. The model has one node and is written here, byte by
byte, as the protocol buffer that https://github.com/onnx/onnx/blob/main/onnx/onnx.proto says.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

_UINT8, _INT8, _INT32 = 2, 3, 6
_LEVELS: Final = 63
"""Of weights: on processors without VNNI sums of two products must fit into 16 bits."""
_FINE: Final = 2 * _LEVELS
_DIGITS: Final = 3
_ROUNDING: Final = 1e-5  # of sums of three products in 32 bits
_MIDDLE: Final = 128
"""Byte that stands for zero."""


def products(
    codes: NDArray[np.uint8], weights: NDArray[np.float32]
) -> tuple[NDArray[np.float32], float]:
    """Products of rows with a vector of float weights.

    Args:
        codes: (N, K) bytes, of which 128 is zero.
        weights: (K,).

    Returns:
        The (N,) sums of (codes - 128) * weights, and by how much one may be off: weights are
        written with three digits of base 126.
    """
    step = float(np.abs(weights).max(initial=0.0)) / _LEVELS
    if step == 0.0 or not len(codes):
        return np.zeros(len(codes), np.float32), 0.0
    digits, rest = [], weights.astype(np.float64) / step
    for _ in range(_DIGITS):
        digits.append(np.rint(rest))
        rest = (rest - digits[-1]) * _FINE
    written = np.stack(digits, axis=1).astype(np.int8)
    (sums,) = _session().run(None, {"codes": codes, "weights": written})
    zero = _MIDDLE * written.sum(axis=0, dtype=np.int64)
    found = np.zeros(len(codes), np.float32)
    for n in range(_DIGITS):
        worth = np.float32(step / _FINE**n)
        found += (sums[:, n] - np.int32(zero[n])).astype(np.float32) * worth
    off = 127.0 * step / _FINE**_DIGITS * float(np.abs(rest).sum())
    return found, off + _ROUNDING


@cache
def _session() -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(_model(), options, providers=["CPUExecutionProvider"])


def _model() -> bytes:
    """The graph sums = MatMulInteger(codes, weights)."""
    node = _text(1, "codes") + _text(1, "weights") + _text(2, "sums") + _text(4, "MatMulInteger")
    graph = (
        _part(1, node)
        + _text(2, "products")
        + _part(11, _tensor("codes", _UINT8, "n", "k"))
        + _part(11, _tensor("weights", _INT8, "k", "m"))
        + _part(12, _tensor("sums", _INT32, "n", "m"))
    )
    opset = _number(2, 13)
    return _number(1, 8) + _part(7, graph) + _part(8, opset)


def _tensor(name: str, kind: int, *dimensions: str) -> bytes:
    shape = b"".join(_part(1, _text(2, each)) for each in dimensions)
    return _text(1, name) + _part(2, _part(1, _number(1, kind) + _part(2, shape)))


def _number(field: int, value: int) -> bytes:
    return bytes([field << 3]) + _varint(value)


def _part(field: int, body: bytes) -> bytes:
    return bytes([field << 3 | 2]) + _varint(len(body)) + body


def _text(field: int, text: str) -> bytes:
    return _part(field, text.encode())


def _varint(value: int) -> bytes:
    out: list[Any] = []
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
