"""Saved styles: W and W+ vectors in files, as the published programs write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.errors import UsageError
from facewright.store.atomic import atomic_file

Floats = NDArray[np.float32]

_MOST_BYTES = 1 << 30


def read_styles(path: str | Path) -> Floats:
    """Styles of a file.

    Args:
        path: `.npy`, `.npz` with the array "w", or `.pt` with a tensor or a dictionary that holds
            one under "w", "ws" or "latent" (opened with weights_only).

    Returns:
        (N, w_dim) or (N, num_ws, w_dim); a single style of one axis becomes N = 1.

    Raises:
        UsageError: no such file, damaged, or no styles.
    """
    place = Path(path)
    try:
        if place.stat().st_size > _MOST_BYTES:
            raise UsageError(f"{place} is larger than styles can be (1 GB)")
        found = _pt(place) if place.suffix in {".pt", ".pth"} else _npy(place)
    except OSError as error:
        raise UsageError(f"cannot read {place}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise UsageError(f"{place} holds no styles ({error}); save them as .npy") from None
    if found.dtype.kind not in "fiu" or found.ndim not in {1, 2, 3} or not found.size:
        raise UsageError(f"{place} holds no styles, but {found.dtype} of shape {found.shape}")
    styles = found.astype(np.float32)
    return styles[None] if styles.ndim == 1 else styles


def save_styles(path: str | Path, ws: ArrayLike) -> None:
    """Write styles as .npy, whole or not at all.

    Raises:
        StorageError: it cannot be written.
    """
    with atomic_file(Path(path)) as file:
        np.save(file, np.asarray(ws, np.float32))


def _npy(path: Path) -> NDArray[Any]:
    loaded = np.load(path, allow_pickle=False)
    if isinstance(loaded, np.ndarray):
        return loaded
    with loaded:
        return np.asarray(loaded["w"])


def _pt(path: Path) -> NDArray[Any]:
    from pickle import UnpicklingError

    from facewright.generate.stylegan.loading import require_torch

    require_torch()
    import torch

    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, AttributeError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(first) from None
    if isinstance(loaded, dict):
        named = [loaded[name] for name in ("w", "ws", "latent") if name in loaded]
        loaded = named[0] if named else None
    if not isinstance(loaded, torch.Tensor):
        raise TypeError("no tensor")
    return np.asarray(loaded.detach().float().numpy())
