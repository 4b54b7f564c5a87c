"""LPFF's kde.pkl, and other pickled `scipy.stats.gaussian_kde`, read without running them.

A pickle is a program. This reader knows the few names that a density of plain numbers needs and
refuses every other one before anything is called; SciPy is neither needed nor imported.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from facewright.camera.density import KernelDensity
from facewright.errors import UsageError
from facewright.plain_pickle import (
    DAMAGE,
    NUMPY,
    Array,
    Function,
    PlainReader,
    RefusedError,
    Sealed,
)

_MOST_BYTES = 1 << 30
_FACTORS = ("scotts_factor", "silverman_factor")


def read_density(path: str | Path) -> KernelDensity:
    """A pickled `gaussian_kde` over theta, phi, unweighted.

    Args:
        path: e.g. LPFF's kde.pkl.

    Raises:
        UsageError: no such file, it is damaged, it holds anything but numbers in a
            `gaussian_kde`, or its samples have weights.
    """
    place = Path(path)
    try:
        if place.stat().st_size > _MOST_BYTES:
            raise UsageError(f"{place} is larger than a pickled density can be (1 GB)")
        data = place.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {place}: {error.strerror}") from error
    try:
        return density_of_pickle(data)
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from None


def density_of_pickle(data: bytes) -> KernelDensity:
    """`read_density` of a file's bytes."""
    try:
        loaded = PlainReader(io.BytesIO(data), _ALLOWED, "no density needs").load()
        if not isinstance(loaded, _Density):
            raise UsageError("not a pickled gaussian_kde, but another value")
        return _density(vars(loaded))
    except RefusedError as error:
        raise UsageError(f"not a pickled gaussian_kde: {error}") from None
    except DAMAGE as error:
        raise UsageError(f"not a pickled gaussian_kde: {type(error).__name__}: {error}") from None


class _Density(metaclass=Sealed):
    """Stands in for `gaussian_kde`: the pickle's attributes land in its `__dict__`."""


def _method(owner: object, name: str) -> str:
    """`getattr`, for the bandwidth method that SciPy keeps on the instance."""
    if not isinstance(owner, _Density) or name not in _FACTORS:
        raise RefusedError(f"the attribute {name!r} is not read")
    return name


def _new_density(kind: object, *_: object) -> _Density:
    """`copyreg._reconstructor`, of a density only."""
    if kind is not _Density:
        raise RefusedError("only a gaussian_kde is read")
    return _Density()


_ALLOWED: dict[tuple[str, str], Any] = {
    **NUMPY,
    **{(module, "getattr"): Function(_method) for module in ("builtins", "__builtin__")},
    **{(module, "object"): object for module in ("builtins", "__builtin__")},
    **{(module, "_reconstructor"): Function(_new_density) for module in ("copyreg", "copy_reg")},
    **{(f"scipy.stats.{module}", "gaussian_kde"): _Density for module in ("kde", "_kde")},
}


def _density(found: dict[str, Any]) -> KernelDensity:
    """Samples and bandwidth of a `gaussian_kde`'s attributes."""
    values = {k: v.values if isinstance(v, Array) else v for k, v in found.items()}
    samples, factor = values.get("dataset"), values.get("factor")
    if not isinstance(samples, np.ndarray) or samples.ndim != 2 or len(samples) != 2:
        raise UsageError("the gaussian_kde has no dataset of shape (2, N)")
    weights = values.get("_weights", values.get("weights"))
    if isinstance(weights, np.ndarray) and weights.size and np.ptp(weights) > 1e-12 * weights.max():
        raise UsageError("the gaussian_kde weighs its samples; only unweighted ones are read")
    if factor is not None and not (isinstance(factor, (int, float, np.number)) and factor > 0):
        raise UsageError("the gaussian_kde's factor is not a positive number")
    return KernelDensity.fit(samples.T, None if factor is None else float(factor))
