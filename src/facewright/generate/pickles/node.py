"""Node: one module of a converted network, whose tensors and settings are asked for by name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from facewright.errors import ModelError
from facewright.generate.pickles.convert import Weights


@dataclass(frozen=True)
class Node:
    """A place in a network.

    weights: the network. name: dotted, "" for the root. Every question raises `ModelError` when
    the answer is missing or of another type, naming the file and the place.
    """

    weights: Weights
    name: str = ""

    @property
    def kind(self) -> str:
        """Name of the class that the module was of."""
        return str(self._module["class"])

    def child(self, name: str) -> Node:
        """A module inside of this one."""
        node = Node(self.weights, f"{self.name}.{name}" if self.name else name)
        if node.name not in self.weights.modules:
            self._lacks(f"the part '{name}'")
        return node

    def has(self, name: str) -> bool:
        """Whether there is a module of this name inside."""
        return (f"{self.name}.{name}" if self.name else name) in self.weights.modules

    def tensor(self, name: str, axes: int) -> NDArray[Any]:
        """A tensor with so many axes."""
        found = self.tensor_or_none(name)
        if found is None:
            self._lacks(f"the tensor '{name}'")
        if found.ndim != axes:
            self._lacks(f"a tensor '{name}' of {axes} axes (it has {found.ndim})")
        return found

    def tensor_or_none(self, name: str) -> NDArray[Any] | None:
        """A tensor, or None."""
        return self.weights.tensors.get(f"{self.name}.{name}" if self.name else name)

    def number(self, name: str, default: float | None = None) -> float:
        """A finite number; the default where the setting is absent or None."""
        value = self._settings.get(name)
        if value is None and default is not None:
            return default
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            self._lacks(f"the number '{name}'")
        return float(value)

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number from 0 to a million."""
        value = self.number(name, default)
        if value != int(value) or not 0 <= value <= 1_000_000:
            self._lacks(f"a sensible whole number '{name}' (it is {value:g})")
        return int(value)

    def number_or_none(self, name: str) -> float | None:
        """A number, or None where it is None or absent."""
        return None if self._settings.get(name) is None else self.number(name)

    def numbers(self, name: str, count: int) -> tuple[float, ...]:
        """A list of so many numbers."""
        value = self._settings.get(name)
        if not isinstance(value, list) or len(value) != count:
            self._lacks(f"'{name}', a list of {count} numbers")
        if not all(isinstance(each, int | float) and math.isfinite(each) for each in value):
            self._lacks(f"'{name}', a list of {count} numbers")
        return tuple(float(each) for each in value)

    def flag(self, name: str, default: bool | None = None) -> bool:  # noqa: FBT001 (as the others)
        """True or false."""
        value = self._settings.get(name, default)
        if not isinstance(value, bool):
            self._lacks(f"'{name}', which is true or false")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        """A word."""
        value = self._settings.get(name, default)
        if not isinstance(value, str):
            self._lacks(f"the text '{name}'")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list of words."""
        value = self._settings.get(name)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._lacks(f"'{name}', a list of words")
        return tuple(value)

    def table(self, name: str) -> dict[str, Any]:
        """A dictionary of settings."""
        value = self._settings.get(name)
        if not isinstance(value, dict):
            self._lacks(f"the table '{name}'")
        return value

    def refuse(self, what: str) -> NoReturn:
        """Say that this module is of a kind that is not read."""
        raise ModelError(f"{self.weights.path}: {self.name or 'the network'} {what}")

    @property
    def _module(self) -> Any:
        module = self.weights.modules.get(self.name)
        if module is None:
            self.refuse("is not there")
        return module

    @property
    def _settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = self._module["settings"]
        return settings

    def _lacks(self, what: str) -> NoReturn:
        self.refuse(f"({self.kind}) lacks {what}; it is no generator as published")


def floats(array: NDArray[Any]) -> NDArray[np.float32]:
    """An array as contiguous float32; one number stays without axes."""
    return np.asarray(array, np.float32, order="C")
