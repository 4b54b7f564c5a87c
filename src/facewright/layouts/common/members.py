"""Members of a large JSON file one after the other: one bad entry does not lose the others.

`ffhq-dataset-v2.json` is an object of 70,000 entries and 268 MB; as Python objects it would take
2 GB at once.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from facewright.errors import LayoutError
from facewright.layouts.seam.tree import Tree

_SPACE = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of a JSON object or list.

    Attributes:
        key: its key; its number from 0 in a list.
        value: its content.
        fault: what JSON does not allow in it (NaN, an infinity, a key twice), or None.
    """

    key: str
    value: Any
    fault: str | None = None


def read_members(tree: Tree, name: str, kind: type) -> Iterator[Member]:
    """Entries of a layout's file in their order; see `members_of`."""
    yield from members_of(tree.text(name), f"{name} in {tree.path}", kind)


def members_of(text: str, where: str, kind: type) -> Iterator[Member]:
    """Entries of a JSON text in their order.

    Args:
        text: the whole file.
        where: it is, for people.
        kind: dict or list, what it must hold.

    Raises:
        LayoutError: it is no JSON, or holds something else; names the place.
    """
    start = _skip_space(text, 0)
    opening, what = ("{", "an object") if kind is dict else ("[", "a list")
    if text[start : start + 1] != opening:
        raise LayoutError(f"{where} must hold {what}")
    try:
        yield from _Scanner(text).run(start)
    except (ValueError, RecursionError) as error:
        raise LayoutError(f"{where} is not JSON: {error}") from error


def _skip_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


class _Scanner:
    """Python's own decoder, asked for one value at a time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._fault: str | None = None
        self._decode = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant, parse_float=self._float
        ).raw_decode

    def run(self, start: int) -> Iterator[Member]:
        """Entries of the object or list that begins at `start`."""
        closing = "}" if self._text[start] == "{" else "]"
        at, number = _skip_space(self._text, start + 1), 0
        if self._text[at : at + 1] != closing:
            while True:
                key, at = self._key(at) if closing == "}" else (str(number), at)
                self._fault = None
                value, at = self._decode(self._text, at)
                yield Member(key, value, self._fault)
                at, number = _skip_space(self._text, at), number + 1
                if self._text[at : at + 1] == closing:
                    break
                at = self._expect(",", at)
        if _skip_space(self._text, at + 1) != len(self._text):
            raise ValueError(f"something follows its end at character {at + 1}")

    def _key(self, at: int) -> tuple[str, int]:
        if self._text[at : at + 1] != '"':
            raise ValueError(f"a key in quotes must stand at character {at}")
        key, at = self._decode(self._text, at)
        return key, self._expect(":", _skip_space(self._text, at))

    def _expect(self, sign: str, at: int) -> int:
        if self._text[at : at + 1] != sign:
            raise ValueError(f"'{sign}' must stand at character {at}")
        return _skip_space(self._text, at + 1)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            self._fault = f"the key {twice!r} comes twice"
        return found

    def _constant(self, constant: str) -> None:
        self._fault = f"{constant} is no JSON number"

    def _float(self, digits: str) -> float | None:
        value = float(digits)
        if math.isfinite(value):
            return value
        self._fault = f"{digits[:20]} is no number that can be kept"
        return None
