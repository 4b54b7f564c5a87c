"""Batches without a face: not every network takes zero rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.vision.runtime import Runtime


def infer(runtime: Runtime, model: str, images: NDArray[Any]) -> list[NDArray[np.float32]]:
    """`Runtime.infer` that also takes zero rows: one blank row is run and dropped again."""
    if len(images):
        return runtime.infer(model, images)
    blank = np.zeros((1, *images.shape[1:]), images.dtype)
    return [output[:0] for output in runtime.infer(model, blank)]
