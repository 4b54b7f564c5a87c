"""JSON that others wrote, read with checks: what is wrong is said with file and key."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.layouts.common.points import COUNT
from facewright.sources.base import escapes, printable

_MD5 = re.compile(r"[0-9a-fA-F]{32}")
_LARGEST = 2**31 - 1  # what the tables' whole numbers hold
_FARTHEST = 1e6  # no picture goes so far, and a thousandfold still fits the tables


class EntryError(ValueError):
    """An entry of a layout's metadata is not what it should be: file, key and what is wrong."""


@dataclass(frozen=True, slots=True)
class Node:
    """An object of a JSON file.

    Attributes:
        data: its content.
        where: file and keys that lead to it, for people.
    """

    data: Mapping[str, Any]
    where: str

    @classmethod
    def of(cls, value: Any, where: str) -> Node:
        """Take a value that must be an object.

        Raises:
            EntryError: it is something else.
        """
        if not isinstance(value, dict):
            raise EntryError(f"{where} must be an object, not {_kind(value)}")
        return cls(value, where)

    def child(self, key: str) -> Node | None:
        """An object inside; None where it is missing or null.

        Raises:
            EntryError: it is something else.
        """
        value = self.data.get(key)
        return None if value is None else Node.of(value, self._at(key))

    def needed(self, key: str) -> Any:
        """A value that must be there.

        Raises:
            EntryError: it is missing or null.
        """
        value = self.data.get(key)
        if value is None:
            raise EntryError(f"{self._at(key)} is missing")
        return value

    def text(self, key: str) -> str | None:
        """A text; None where it is missing, null or empty.

        Raises:
            EntryError: it is something else.
        """
        value = self.data.get(key)
        if value is not None and not isinstance(value, str):
            raise EntryError(f"{self._at(key)} must be text, not {_kind(value)}")
        return printable(value) if value else None

    def whole(self, key: str) -> int | None:
        """A whole number of 0 or more; None where it is missing or null.

        Raises:
            EntryError: it is something else.
        """
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
            raise EntryError(f"{self._at(key)} must be a whole number, not {_short(value)}")
        return value

    def path(self, key: str) -> str | None:
        """A relative path with forward slashes; None where it is missing or empty.

        Raises:
            EntryError: it leads outside of the layout, or is no text.
        """
        value = self.text(key)
        if value is not None and escapes(value):
            raise EntryError(f"{self._at(key)} leads outside of the layout: {_short(value)}")
        return value

    def md5(self, key: str) -> str | None:
        """An md5 in hex; None where it is missing.

        Raises:
            EntryError: it is something else.
        """
        value = self.text(key)
        if value is not None and not _MD5.fullmatch(value):
            raise EntryError(f"{self._at(key)} must be 32 hex digits, not {_short(value)}")
        return value

    def numbers(self, key: str, shape: tuple[int, ...]) -> NDArray[np.float64] | None:
        """Finite numbers in nested lists of a fixed shape; None where they are missing.

        Raises:
            EntryError: another shape, or something that is no number.
        """
        value = self.data.get(key)
        if value is None:
            return None
        return numbers(value, shape, self._at(key))

    def points(self, key: str) -> NDArray[np.float64] | None:
        """68 points (68, 2); see `numbers`."""
        return self.numbers(key, (COUNT, 2))

    def _at(self, key: str) -> str:
        return f"{self.where}.{key}"


def numbers(value: Any, shape: tuple[int, ...], where: str) -> NDArray[np.float64]:
    """Finite numbers in nested lists of a fixed shape.

    Raises:
        EntryError: another shape, or something that is no number.
    """
    try:
        found = np.array(value)
    except ValueError:  # lists of unequal lengths
        found = np.array(None)
    if found.shape == shape and found.dtype.kind in "iuf" and np.abs(found).max() <= _FARTHEST:
        return found.astype(np.float64)
    return np.array(list(_flat(value, shape, where)), np.float64).reshape(shape)


def _flat(value: Any, shape: tuple[int, ...], where: str) -> Iterator[float]:
    if not shape:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise EntryError(f"{where} must hold numbers, not {_kind(value)}")
        if not (math.isfinite(value) and abs(value) <= _FARTHEST):
            raise EntryError(f"{where} holds {_short(value)}, which no picture reaches")
        yield float(value)
    elif not isinstance(value, list) or len(value) != shape[0]:
        found = f"{len(value)} items" if isinstance(value, list) else _kind(value)
        raise EntryError(f"{where} must be a list of {shape[0]}, not {found}")
    else:
        for item in value:
            yield from _flat(item, shape[1:], where)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "a number")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
