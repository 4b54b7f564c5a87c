"""Parts found by entry point; the built-in ones are registered in the same way."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, distributions
from itertools import chain
from typing import Any

from facewright.errors import UsageError

_PREFIX = "facewright."


@cache
def _points() -> dict[str, dict[str, EntryPoint]]:
    """All that is registered: group, name, entry point.

    Read once, since each reading opens the metadata of every installed package: 8 milliseconds,
    for each of fifty parts. What comes first on the path wins, as it does for modules.
    """
    points: dict[str, dict[str, EntryPoint]] = {}
    for point in chain.from_iterable(package.entry_points for package in distributions()):
        if point.group.startswith(_PREFIX):
            group = points.setdefault(point.group.removeprefix(_PREFIX), {})
            group.setdefault(point.name, point)
    return points


@cache
def names(group: str) -> tuple[str, ...]:
    """Names registered under the entry-point group `facewright.<group>`, sorted."""
    return tuple(sorted(_points().get(group, ())))


@cache
def load(group: str, name: str) -> Any:
    """Import the part that is registered as `name` under `facewright.<group>`.

    Raises:
        UsageError: no such part; the message lists those that exist.
    """
    point = _points().get(group, {}).get(name)
    if point is None:
        known = ", ".join(names(group)) or "none"
        raise UsageError(f"there is no '{name}' among the {group}; known: {known}")
    return point.load()


def own(group: str) -> tuple[str, ...]:
    """Names of the parts of a group that this package itself brings, sorted."""
    points = _points().get(group, {}).values()
    return tuple(sorted(point.name for point in points if point.module.startswith(_PREFIX)))
