"""Parts found by entry point; the built-in ones are registered in the same way."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from facewright.errors import UsageError


@cache
def names(group: str) -> tuple[str, ...]:
    """Names registered under the entry-point group `facewright.<group>`, sorted."""
    return tuple(sorted({point.name for point in entry_points(group=f"facewright.{group}")}))


@cache
def load(group: str, name: str) -> Any:
    """Import the part that is registered as `name` under `facewright.<group>`.

    Raises:
        UsageError: no such part; the message lists those that exist.
    """
    found = [p for p in entry_points(group=f"facewright.{group}") if p.name == name]
    if not found:
        known = ", ".join(names(group)) or "none"
        raise UsageError(f"there is no '{name}' among the {group}; known: {known}")
    return found[-1].load()
