"""Filter: which faces are wanted, as a URL's query says it and as code asks it.

    sex=female                one level; repeated keys are alternatives
    not.sex=male              all but this level; `sex!=male` is read too
    age=20..40                from 20 up to but without 40; either side may be empty
    age=30                    exactly 30
    sex=~                     not known
    where=head_pose.yaw > 20  an SQL condition
    select=ID                 a stored selection

A level that starts with `~` is written with another `~` in front. Conditions on different
attributes must all hold. A filter says one thing in one way: `to_pairs` of what was read is
always the same text for the same faces, so that it can stand in links and caches.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final
from urllib.parse import parse_qsl, urlencode

from facewright.errors import UsageError

RESERVED: Final = frozenset(
    (
        *("where", "select", "sort", "seed", "size", "limit", "cursor", "offset", "attributes"),
        *(
            "x",
            "y",
            "bins",
            "by",
            "facets",
            "found",
            "contains",
            "show",
            "alike",
            "format",
            "crop",
            "v",
            "token",
            "face",
            "view",
            "columns",
            "target",
        ),
    )
)
"""Keys of a query that name no attribute."""

_LONGEST: Final = 4000  # characters of a condition
_MOST: Final = 500  # values of a filter
_NOT: Final = "not."
_NUMBER: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_RANGE: Final = re.compile(rf"({_NUMBER})?\.\.({_NUMBER})?", re.ASCII)
_BELOW: Final = re.compile(rf"<({_NUMBER})", re.ASCII)
_FROM: Final = re.compile(rf">=({_NUMBER})", re.ASCII)
_EXACT: Final = re.compile(_NUMBER, re.ASCII)


class FilterError(UsageError):
    """A query's filter cannot be read.

    Args:
        key: of the query.
        text: what is wrong, for people.
    """

    def __init__(self, key: str, text: str) -> None:
        super().__init__(f"{key}: {text}")
        self.key = key


@dataclass(frozen=True, slots=True, order=True)
class Level:
    """A value that is this class."""

    key: str

    def __str__(self) -> str:
        return f"~{self.key}" if self.key.startswith("~") else self.key


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Numbers from `low` up to but without `high`; both the same: exactly this number."""

    low: float = -math.inf
    high: float = math.inf

    def __str__(self) -> str:
        if self.low == self.high:
            return _short(self.low)
        low = "" if self.low == -math.inf else _short(self.low)
        high = "" if self.high == math.inf else _short(self.high)
        return f"{low}..{high}"


@dataclass(frozen=True, slots=True, order=True)
class Unknown:
    """No value is known."""

    def __str__(self) -> str:
        return "~"


Value = Level | Range | Unknown


@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted of one attribute.

    Attributes:
        name: of the attribute.
        values: any of these; empty: whatever it is.
        excluded: none of these.
    """

    name: str
    values: tuple[Value, ...] = ()
    excluded: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a filter may name of one attribute.

    Attributes:
        levels: keys; None where any text may be one.
        classes: whether levels are named by their keys.
        numbers: whether it has numbers, and so ranges.
        why: it cannot be asked for at all; "" where it can.
    """

    levels: frozenset[str] | None
    classes: bool
    numbers: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that must all hold.

    Attributes:
        choices: by attribute, in the order of names.
        where: an SQL condition; "" for none.
        select: id of a stored selection; "" for none.
    """

    choices: tuple[Choice, ...] = ()
    where: str = ""
    select: str = ""

    @classmethod
    def parse(cls, pairs: Iterable[tuple[str, str]], known: Mapping[str, Known]) -> Filter:
        """Read a query's pairs; keys that are reserved are passed over.

        Raises:
            FilterError: no such attribute, no such level, no range, or too much.
        """
        wanted: dict[str, dict[Value, None]] = {}
        unwanted: dict[str, dict[Value, None]] = {}
        texts = {"where": "", "select": ""}
        number = 0
        for key, text in pairs:
            if key in texts:
                texts[key] = _once(key, texts[key], text)
            if key in RESERVED:
                continue
            number += 1
            name, excluded = _named(key, known)
            if known[name].why:
                raise FilterError(name, known[name].why)
            value = _value(name, text, known[name])
            (unwanted if excluded else wanted).setdefault(name, {})[value] = None
        if number > _MOST:
            raise FilterError("filter", f"names {number} values; the most is {_MOST}")
        return cls(
            tuple(
                Choice(name, _sorted(wanted.get(name, ())), _sorted(unwanted.get(name, ())))
                for name in sorted({*wanted, *unwanted})
            ),
            texts["where"],
            texts["select"],
        )

    @classmethod
    def from_query(cls, query: str, known: Mapping[str, Known]) -> Filter:
        """Read a URL's query.

        Raises:
            FilterError: as `parse`; or the query has too many fields.
        """
        return cls.parse(pairs_of(query), known)

    def to_pairs(self) -> list[tuple[str, str]]:
        """Keys and values that `parse` reads as this filter."""
        pairs = []
        for choice in self.choices:
            pairs += [(choice.name, str(value)) for value in choice.values]
            pairs += [(f"{_NOT}{choice.name}", str(value)) for value in choice.excluded]
        texts = (("where", self.where), ("select", self.select))
        return pairs + [(key, text) for key, text in texts if text]

    def to_query(self) -> str:
        """A URL's query that says this filter."""
        return urlencode(self.to_pairs())

    def without(self, name: str) -> Filter:
        """The other conditions."""
        rest = tuple(choice for choice in self.choices if choice.name != name)
        return Filter(rest, self.where, self.select)


def pairs_of(query: str) -> list[tuple[str, str]]:
    """Keys and values of a URL's query, empty values among them.

    Raises:
        FilterError: more than a thousand.
    """
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=2 * _MOST)
    except ValueError:
        raise FilterError("query", f"more than {2 * _MOST} fields") from None


def _once(key: str, before: str, text: str) -> str:
    text = text.strip()
    if "\0" in text:
        raise FilterError(key, "holds a zero byte")
    if len(text) > _LONGEST:
        raise FilterError(key, f"longer than {_LONGEST} characters")
    if before and text and text != before:
        raise FilterError(key, "may stand once only")
    return text or before


def _named(key: str, known: Mapping[str, Known]) -> tuple[str, bool]:
    """Attribute that a key names, and whether it excludes."""
    if key in known:
        return key, False
    if key.startswith(_NOT) and key.removeprefix(_NOT) in known:
        return key.removeprefix(_NOT), True
    if key.endswith("!") and key.removesuffix("!") in known:
        return key.removesuffix("!"), True
    shown = key[:80]
    near = get_close_matches(shown, known, n=3, cutoff=0.6)
    raise FilterError(
        shown, "no such attribute" + (f"; did you mean {', '.join(near)}?" if near else "")
    )


def _value(name: str, text: str, known: Known) -> Value:
    if text == "~":
        return Unknown()
    key = text[1:] if text.startswith("~~") else text
    if known.classes and (known.levels is None or key in known.levels):
        return Level(key)
    if known.numbers and (found := _range(name, text)) is not None:
        return found
    shown = text[:80]
    if known.numbers:
        raise FilterError(name, f"{shown!r} is no range; write 20..40, 20.., ..40 or ~")
    levels = sorted(known.levels or ())
    near = get_close_matches(shown, levels, n=3, cutoff=0.5) or levels[:20]
    raise FilterError(name, f"no value {shown!r}; there are {', '.join(near)} and ~ for unknown")


def _range(name: str, text: str) -> Range | None:
    if match := _RANGE.fullmatch(text):
        low, high = match.group(1), match.group(2)
        found = Range(
            -math.inf if low is None else _finite(low), math.inf if high is None else _finite(high)
        )
        if found.low >= found.high:
            raise FilterError(name, f"{text!r} is empty: its start is not below its end")
        return found
    if match := _BELOW.fullmatch(text):
        return Range(high=_finite(match.group(1)))
    if match := _FROM.fullmatch(text):
        return Range(low=_finite(match.group(1)))
    if _EXACT.fullmatch(text):
        return Range(_finite(text), _finite(text))
    return None


def _finite(text: str) -> float:
    number = float(text)
    return number + 0.0 if math.isfinite(number) else math.copysign(1e308, number)


def _short(number: float) -> str:
    """Shortest text of a number that reads as the same: 20, not 20.0."""
    return repr(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def _sorted(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(sorted(values, key=lambda value: (type(value).__name__, value)))
