"""Pickles read without running them: an unpickler for which only a table of names exists.

A pickle is a program. `PlainReader` refuses every name that its table lacks before anything is
called, and what the table holds cannot be changed by the pickle. `NUMPY` are the names by which
NumPy spells numbers and arrays, as stand-ins that read nothing but bytes of the pickle itself.
"""

from __future__ import annotations

import io
import pickle
import pickletools
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

DAMAGE = (
    pickle.UnpicklingError,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a damaged pickle raises, depending on the opcode it stumbles on."""

_NUMBERS = re.compile("b1|[iu][1248]|f[248]")
_MOST_TUPLES = 20_000
"""More than any network has. The hash of a tuple nested 100,000 deep overflows the stack."""


class RefusedError(Exception):
    """A pickle asks for what it must not have; the text says for what."""


class Sealed(type):
    """A class on which a pickle cannot set attributes."""

    def __setattr__(cls, name: str, value: object) -> None:
        raise RefusedError(f"refused: the pickle would change {cls.__name__}.{name}")


class Function(metaclass=Sealed):
    """A function that a pickle may call and cannot change."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __call__(self, *arguments: Any) -> Any:
        """Call it."""
        return self._call(*arguments)

    def __setstate__(self, state: object) -> None:
        raise RefusedError("refused: the pickle would change a function")


class Kind(metaclass=Sealed):
    """Stands in for `numpy.dtype`, of plain numbers: an object array could hold anything."""

    def __init__(self, code: str, *_: object) -> None:
        if not isinstance(code, str) or not _NUMBERS.fullmatch(code):
            raise RefusedError(f"an array of {code!r} is not read, only numbers")
        self.dtype: np.dtype[Any] = np.dtype(code)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.dtype = self.dtype.newbyteorder(state[1])


class Array(metaclass=Sealed):
    """Stands in for `numpy.ndarray`; its values come from the bytes in the pickle alone."""

    values: np.ndarray[Any, Any]

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, kind, by_columns, raw = state
        flat = np.frombuffer(raw, _plain(kind))
        self.values = flat.reshape(shape, order="F" if by_columns else "C")


def _plain(kind: object) -> np.dtype[Any]:
    if not isinstance(kind, Kind):
        raise RefusedError("an array without a plain type is not read")
    return kind.dtype


def _empty_array(kind: object, *_: object) -> Array:
    """`numpy._core.multiarray._reconstruct`; the state that follows fills the array."""
    if kind is not Array:
        raise RefusedError("an array of another kind than numpy's own is not read")
    return Array()


def _filled_array(raw: bytes, kind: object, shape: tuple[int, ...], order: str) -> Array:
    """`numpy._core.numeric._frombuffer`, by which protocol 5 spells arrays."""
    array = Array()
    array.__setstate__((1, shape, kind, order == "F", raw))
    return array


def _number(kind: object, raw: bytes) -> Any:
    """`numpy._core.multiarray.scalar`."""
    return np.frombuffer(raw, _plain(kind), 1)[0]


def _latin_bytes(text: str, codec: str) -> bytes:
    """`_codecs.encode`, by which old protocols spell bytes."""
    if codec != "latin1":
        raise RefusedError(f"bytes spelt in {codec} are not read")
    return text.encode("latin1")


NUMPY: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): Array,
    ("numpy", "dtype"): Kind,
    ("_codecs", "encode"): Function(_latin_bytes),
}
for _core in ("numpy.core", "numpy._core"):
    NUMPY[f"{_core}.multiarray", "_reconstruct"] = Function(_empty_array)
    NUMPY[f"{_core}.multiarray", "scalar"] = Function(_number)
    NUMPY[f"{_core}.numeric", "_frombuffer"] = Function(_filled_array)


class PlainReader(pickle.Unpickler):
    """An unpickler for which only the names of a table exist; it reads one pickle.

    Args:
        file: the pickle begins where the file stands; `load` leaves it behind the pickle's end.
        allowed: (module, name) to what stands in for it.
        purpose: ends the sentence "the pickle asks for x.y, which ...".

    Raises:
        RefusedError: memory would be set aside for values that are not there.
    """

    def __init__(
        self, file: io.BytesIO, allowed: Mapping[tuple[str, str], Any], purpose: str
    ) -> None:
        start = file.tell()
        check_sizes(file)
        file.seek(start)
        super().__init__(file)
        self._allowed = allowed
        self._purpose = purpose

    def find_class(self, module: str, name: str) -> Any:
        """A name of the table; every other is refused."""
        try:
            return self._allowed[module, name]
        except KeyError:
            raise RefusedError(
                f"refused: the pickle asks for {module}.{name}, which {self._purpose}"
            ) from None


def check_sizes(file: io.BytesIO) -> None:
    """Refuse lengths beyond the data, far memo slots and towers of tuples, without loading.

    Raises:
        RefusedError: the pickle numbers values that are not there, or nests without need.
    """
    tuples = 0
    for count, (opcode, argument, _) in enumerate(pickletools.genops(file)):
        if opcode.name.endswith("PUT") and int(argument or 0) > count:
            raise RefusedError("it numbers values that are not there")
        tuples += opcode.name.startswith("TUPLE")
        if tuples > _MOST_TUPLES:
            raise RefusedError(f"it makes more than {_MOST_TUPLES} tuples")
