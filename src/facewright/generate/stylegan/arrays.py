"""What goes into a network as arrays, checked, and what comes out of it as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from facewright.errors import UsageError

Floats = NDArray[np.float32]


def latents(seeds: Sequence[int], length: int) -> Floats:
    """(N, length) independent normals of seeds, as the published programs draw them.

    Raises:
        UsageError: a seed is not in 0 .. 2^32 - 1.
    """
    if any(not 0 <= seed < 2**32 for seed in seeds):
        raise UsageError("seeds of a network are whole numbers from 0 to 4294967295")
    rows = [np.random.RandomState(seed).standard_normal(length) for seed in seeds]
    return np.array(rows, np.float32).reshape(len(seeds), length)


def label_rows(label: int | ArrayLike | None, classes: int, rows: int) -> Floats | None:
    """Labels (rows, classes) of a class number, of one row or of all; None without classes.

    Raises:
        UsageError: none where one is needed, one where none is, or of another length.
    """
    if classes == 0:
        if label is not None:
            raise UsageError("this network takes no label")
        return None
    if label is None:
        raise UsageError(f"this network needs a label: a class from 0 to {classes - 1}")
    if isinstance(label, int | np.integer):
        if not 0 <= label < classes:
            raise UsageError(f"no class {label}; there are 0 to {classes - 1}")
        label = np.eye(classes)[label]
    found = np.asarray(label, np.float32)
    if found.shape not in {(classes,), (rows, classes)} or not np.isfinite(found).all():
        raise UsageError(f"a label is {classes} numbers, not of shape {found.shape}")
    return np.broadcast_to(found, (rows, classes)).copy()


def styles(ws: ArrayLike, layers: int, length: int) -> Floats:
    """W (N, length) or W+ (N, layers, length) as W+.

    Raises:
        UsageError: of another shape, or not finite.
    """
    found = np.asarray(ws, np.float32)
    if found.ndim == 2:
        found = np.repeat(found[:, None], layers, axis=1)
    if found.ndim != 3 or found.shape[1:] != (layers, length):
        raise UsageError(
            f"styles are (N, {length}) or (N, {layers}, {length}), not {np.shape(ws)};"
            " they belong to another network"
        )
    if not np.isfinite(found).all():
        raise UsageError("styles hold numbers that are not finite")
    return found


def array(values: Tensor) -> Floats:
    """A tensor as an array of its own."""
    found: Floats = values.float().cpu().numpy().copy()
    return found


def pixels(pictures: Tensor) -> NDArray[np.uint8]:
    """(N, C >= 3, H, W) of -1..1 to (N, H, W, 3) uint8, rounded as published pictures are."""
    scaled = (pictures[:, :3].float() * 127.5 + 128).clamp(0, 255)
    found: NDArray[np.uint8] = scaled.to(torch.uint8).permute(0, 2, 3, 1).contiguous().cpu().numpy()
    return found
