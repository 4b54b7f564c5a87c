"""Names of attributes and levels as people write them: adults, Women, age group, east asians."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from facewright.attributes.attribute import Attribute
from facewright.attributes.known import ATTRIBUTES

REST: Final = "rest"
"""Stands for every level of an attribute that a target does not name."""

_SAME: Final = tuple(
    frozenset(group.split())
    for group in (
        "female females woman women f",
        "male males man men m",
        "child children kid kids minor minors",
        "adult adults grownup grownups",
        "elderly old elder elders senior seniors",
        "yes true y",
        "no false n",
    )
)
_FILLERS: Final = re.compile(r"\b(people|persons?|faces?|ones)\b", re.IGNORECASE)
_RANGE: Final = re.compile(r"(?<=\d)\s*(?:-|–|—|\bto\b)\s*(?=\d)")
_SPACING: Final = re.compile(r"[\s_]+|-(?!\d)")


def plain(written: str) -> str:
    """What is left of a word without case, spaces, underscores and hyphens; 10-20 is 10..20."""
    ranged = _RANGE.sub("..", written.strip().casefold().replace("−", "-"))
    return _SPACING.sub("", ranged).replace("colour", "color")


def known_attribute(written: str) -> str:
    """The name of a known attribute that is meant; other words come back as they are."""
    wanted = plain(written)
    return next((each.name for each in ATTRIBUTES if plain(each.name) == wanted), written.strip())


def level_of(written: str, attribute: Attribute, levels: Sequence[str]) -> str | None:
    """The key that a written level means, or None.

    A key is found as it is; else by its name for people, without case, spaces and hyphens, in
    the plural, or by a word of the same meaning (women, kids, seniors).

    Args:
        written: "adults", "East Asians", "10-20".
        attribute: of the level; its names for people are tried.
        levels: keys to choose from.
    """
    if written in levels:
        return written
    spellings: dict[str, str] = {}
    for key in levels:
        for name in _names(key, attribute.label(key)):
            spellings.setdefault(name, key)
    return next((spellings[form] for form in _forms(written) if form in spellings), None)


def near(written: str, known: Iterable[str], most: int = 20) -> str:
    """Names that look like a written one, else the first of all, as a list for people."""
    names = list(known)
    by_form = {plain(name): name for name in names}
    found = get_close_matches(plain(written), by_form, n=3, cutoff=0.6)
    if found:
        return ", ".join(by_form[form] for form in found)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "none") + more


def _names(key: str, label: str) -> Iterator[str]:
    """Forms by which a level is known."""
    yield plain(key)
    yield plain(label)
    yield plain(label.partition("(")[0])


def _forms(written: str) -> Iterator[str]:
    """Forms in which a written level is looked for, the closest first."""
    for text in (written, _FILLERS.sub("", written)):
        form = plain(text)
        yield form
        if form.endswith("s"):
            yield form[:-1]
        for group in _SAME:
            if form in group:
                yield from sorted(group)
