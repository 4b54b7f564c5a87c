"""JSON objects that all have one shape, taken apart fast; those that differ are for slower code.

Tens of thousands of records of one program differ in values only. A shape reads all its leaves
with a call an object, and checks their types by looking up a combination that was seen before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

Fields = tuple[tuple[str, Any], ...]
"""Pairs of a key and what it holds: the name of a leaf, or `Fields` for an object inside."""


class Shape:
    """Objects inside of objects with leaves of known types.

    Args:
        fields: keys in any order.
        types: of the leaves' values, exactly: `bool` is no `int` here.
        words: what leaves that are text may say.

    Attributes:
        leaves: names in the order of `values`.
        keys: how many keys an object of this shape has, those of inner objects included.
    """

    def __init__(
        self,
        fields: Fields,
        types: Mapping[str, Collection[type]],
        words: Mapping[str, Collection[str]],
    ) -> None:
        objects = [fields]
        places: list[tuple[int, str]] = []
        for parent, own in enumerate(objects):  # grows while it is gone through
            inner = [(key, held) for key, held in own if isinstance(held, tuple)]
            places += [(parent, key) for key, _ in inner]
            objects += [held for _, held in inner]
        self.leaves = tuple(leaf for own in objects for _, leaf in own if isinstance(leaf, str))
        self.keys = sum(map(len, objects))
        self._places = tuple(places)
        self._takers = tuple((len(own), _taker(own)) for own in objects)
        self._words = tuple((self.leaves.index(leaf), said) for leaf, said in words.items())
        allowed = [types[leaf] for leaf in self.leaves]

        @lru_cache(maxsize=4096)
        def are_sound(found: tuple[type, ...]) -> bool:
            """Whether values of these types may be the leaves'."""
            return all(kind in kinds for kind, kinds in zip(found, allowed, strict=True))

        self._are_sound = are_sound

    def values(self, data: Any) -> tuple[Any, ...] | None:
        """The leaves of an object; None where it has another shape, or a value is not allowed."""
        objects = [data]
        values: tuple[Any, ...] = ()
        try:
            for parent, key in self._places:
                objects.append(objects[parent][key])
            for each, (size, take) in zip(objects, self._takers, strict=True):
                if len(each) != size:
                    return None
                values += take(each)
        except (KeyError, TypeError):  # a key is missing, or what should be an object is none
            return None
        if not self._are_sound(tuple(map(type, values))):
            return None
        return values if all(values[at] in said for at, said in self._words) else None


def _taker(fields: Fields) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """What takes the leaves of one object."""
    keys = [key for key, held in fields if isinstance(held, str)]
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda data: tuple(data[key] for key in keys)
