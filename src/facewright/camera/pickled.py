"""LPFF's kde.pkl, and other pickled `scipy.stats.gaussian_kde`, read without running them.

A pickle is a program. This reader knows the few names that a density of plain numbers needs and
refuses every other one before anything is called; SciPy is neither needed nor imported.
"""

from __future__ import annotations

import io
import pickle
import pickletools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from facewright.camera.density import KernelDensity
from facewright.errors import UsageError

_MOST_BYTES = 1 << 30
_NUMBERS = re.compile("b1|[iu][1248]|f[248]")
_FACTORS = ("scotts_factor", "silverman_factor")
# What a damaged pickle raises, depending on the opcode it stumbles on.
_DAMAGE = (
    pickle.UnpicklingError,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    TypeError,
    ValueError,
)


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
        _check_sizes(data)
        loaded = _Reader(io.BytesIO(data)).load()
        if not isinstance(loaded, _Density):
            raise UsageError("not a pickled gaussian_kde, but another value")
        return _density(vars(loaded))
    except _DAMAGE as error:
        raise UsageError(f"not a pickled gaussian_kde: {type(error).__name__}: {error}") from None


def _check_sizes(data: bytes) -> None:
    """Refuse lengths beyond the data and far memo slots, for which memory would be set aside."""
    for count, (opcode, argument, _) in enumerate(pickletools.genops(data)):
        if opcode.name.endswith("PUT") and int(argument or 0) > count:
            raise UsageError("not a pickled gaussian_kde: it numbers values that are not there")


class _Sealed(type):
    """A class on which a pickle cannot set attributes."""

    def __setattr__(cls, name: str, value: object) -> None:
        raise UsageError(f"refused: the pickle would change {cls.__name__}.{name}")


class _Density(metaclass=_Sealed):
    """Stands in for `gaussian_kde`: the pickle's attributes land in its `__dict__`."""


class _Kind(metaclass=_Sealed):
    """Stands in for `numpy.dtype`, of plain numbers: an object array could hold anything."""

    def __init__(self, code: str, *_: object) -> None:
        if not isinstance(code, str) or not _NUMBERS.fullmatch(code):
            raise UsageError(f"an array of {code!r} is not read, only numbers")
        self.dtype: np.dtype[Any] = np.dtype(code)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.dtype = self.dtype.newbyteorder(state[1])


class _Array(metaclass=_Sealed):
    """Stands in for `numpy.ndarray`; its values come from the bytes in the pickle alone."""

    values: np.ndarray[Any, Any]

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, kind, by_columns, raw = state
        flat = np.frombuffer(raw, _plain(kind))
        self.values = flat.reshape(shape, order="F" if by_columns else "C")


def _plain(kind: object) -> np.dtype[Any]:
    if not isinstance(kind, _Kind):
        raise UsageError("an array without a plain type is not read")
    return kind.dtype


def _empty_array(kind: object, *_: object) -> _Array:
    """`numpy._core.multiarray._reconstruct`; the state that follows fills the array."""
    if kind is not _Array:
        raise UsageError("an array of another kind than numpy's own is not read")
    return _Array()


def _filled_array(raw: bytes, kind: object, shape: tuple[int, ...], order: str) -> _Array:
    """`numpy._core.numeric._frombuffer`, by which protocol 5 spells arrays."""
    array = _Array()
    array.__setstate__((1, shape, kind, order == "F", raw))
    return array


def _number(kind: object, raw: bytes) -> Any:
    """`numpy._core.multiarray.scalar`."""
    return np.frombuffer(raw, _plain(kind), 1)[0]


def _latin_bytes(text: str, codec: str) -> bytes:
    """`_codecs.encode`, by which old protocols spell bytes."""
    if codec != "latin1":
        raise UsageError(f"bytes spelt in {codec} are not read")
    return text.encode("latin1")


def _method(owner: object, name: str) -> str:
    """`getattr`, for the bandwidth method that SciPy keeps on the instance."""
    if not isinstance(owner, _Density) or name not in _FACTORS:
        raise UsageError(f"the attribute {name!r} is not read")
    return name


def _new_density(kind: object, *_: object) -> _Density:
    """`copyreg._reconstructor`, of a density only."""
    if kind is not _Density:
        raise UsageError("only a gaussian_kde is read")
    return _Density()


_ALLOWED: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Kind,
    ("_codecs", "encode"): _latin_bytes,
    **{(module, "getattr"): _method for module in ("builtins", "__builtin__")},
    **{(module, "object"): object for module in ("builtins", "__builtin__")},
    **{(module, "_reconstructor"): _new_density for module in ("copyreg", "copy_reg")},
    **{(f"scipy.stats.{module}", "gaussian_kde"): _Density for module in ("kde", "_kde")},
}
for _core in ("numpy.core", "numpy._core"):
    _ALLOWED[f"{_core}.multiarray", "_reconstruct"] = _empty_array
    _ALLOWED[f"{_core}.multiarray", "scalar"] = _number
    _ALLOWED[f"{_core}.numeric", "_frombuffer"] = _filled_array


class _Reader(pickle.Unpickler):
    """An unpickler for which only `_ALLOWED` exists."""

    def find_class(self, module: str, name: str) -> Any:
        """A name of the allow-list; every other is refused."""
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise UsageError(
                f"refused: the pickle asks for {module}.{name}, which no density needs"
            ) from None


def _density(found: dict[str, Any]) -> KernelDensity:
    """Samples and bandwidth of a `gaussian_kde`'s attributes."""
    values = {k: v.values if isinstance(v, _Array) else v for k, v in found.items()}
    samples, factor = values.get("dataset"), values.get("factor")
    if not isinstance(samples, np.ndarray) or samples.ndim != 2 or len(samples) != 2:
        raise UsageError("the gaussian_kde has no dataset of shape (2, N)")
    weights = values.get("_weights", values.get("weights"))
    if isinstance(weights, np.ndarray) and weights.size and np.ptp(weights) > 1e-12 * weights.max():
        raise UsageError("the gaussian_kde weighs its samples; only unweighted ones are read")
    if factor is not None and not (isinstance(factor, (int, float, np.number)) and factor > 0):
        raise UsageError("the gaussian_kde's factor is not a positive number")
    return KernelDensity.fit(samples.T, None if factor is None else float(factor))
