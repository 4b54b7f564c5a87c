"""Model sessions: one ONNX Runtime session a model and process, made when first used."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from facewright.errors import UsageError
from facewright.vision.cards import weights_path

_PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "rocm": "ROCMExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
}
_CPU_BATCH = 2  # activations of two faces still fit a core's cache; larger batches are slower
_ACCELERATOR_BATCH = 64


def devices() -> tuple[str, ...]:
    """Names that `Runtime(device=...)` takes here: "cpu" and what onnxruntime offers."""
    offered = set(ort.get_available_providers())
    return tuple(name for name, provider in _PROVIDERS.items() if provider in offered)


# Of this process and of those forked from it; see `make_ready`.
_READY: dict[str, ort.InferenceSession] = {}


def make_ready(models: Iterable[str]) -> None:
    """Make the CPU sessions that every `Runtime` of this process and its forks uses from then on.

    A session of one thread is plain memory, so a forked process may run it, and shares its
    weights with the others.

    Raises:
        ModelError: a model's file is missing or is not the one expected.
    """
    runtime = Runtime()
    _READY.update({model: runtime.session(model) for model in models})


class Runtime:
    """Runs the shipped models on one device, a thread a session.

    Args:
        device: "cpu", one of `devices()`, or "auto" for CUDA where it is offered, else CPU.

    Raises:
        UsageError: onnxruntime does not offer that device here.
    """

    def __init__(self, device: str = "cpu") -> None:
        offered = devices()
        if device == "auto":
            device = "cuda" if "cuda" in offered else "cpu"
        if device not in offered:
            raise UsageError(
                f"device '{device}' is not offered by the installed onnxruntime;"
                f" offered: {', '.join(offered)}"
            )
        self.device = device
        self.batch = _CPU_BATCH if device == "cpu" else _ACCELERATOR_BATCH
        self._sessions = dict(_READY) if device == "cpu" else {}

    def __reduce__(self) -> tuple[type[Runtime], tuple[str]]:
        """Travel to another process without the sessions."""
        return (Runtime, (self.device,))

    @cached_property
    def _options(self) -> ort.SessionOptions:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return options

    def session(self, model: str) -> ort.InferenceSession:
        """Session of a model by its card's id."""
        if model not in self._sessions:
            names = [_PROVIDERS[self.device], _PROVIDERS["cpu"]]
            self._sessions[model] = ort.InferenceSession(
                str(weights_path(model)), self._options, providers=list(dict.fromkeys(names))
            )
        return self._sessions[model]

    def infer(self, model: str, images: NDArray[Any]) -> list[NDArray[np.float32]]:
        """Run a model on a batch.

        Args:
            model: id of the model's card.
            images: (N, H, W, 3) uint8 RGB, or what the model's card says.

        Returns:
            The model's outputs in the card's order, each with N rows.
        """
        if not len(images):  # not every network takes zero rows: run a blank one, drop it
            blank = np.zeros((1, *images.shape[1:]), images.dtype)
            return [output[:0] for output in self.infer(model, blank)]
        session = self.session(model)
        name = session.get_inputs()[0].name
        parts = [
            session.run(None, {name: images[start : start + self.batch]})
            for start in range(0, len(images), self.batch)
        ]
        if len(parts) == 1:
            return list(parts[0])
        return [np.concatenate(rows) for rows in zip(*parts, strict=True)]
