"""Targets written as a sentence.

    sentence  clause (";" or a new line) clause ...
    clause    "normalise"                       shares are parts of whatever they add up to
              "equal over" attributes          all their cells equally often
              [attributes ":"] share, share    shares of levels
    share     "50 % adults", "adults = 50 %", "adults 0.5", "rest children", "rest"
    attributes "sex", "sex x ethnicity", "sex and smile"; of an equal clause each may be followed
              by the levels to be equal over: "glasses = NoGlasses|ReadingGlasses"

"rest" without a level is every level that is not named, evenly. Over several attributes the
levels of a share stand between slashes: "sex x smile: 30 % female/yes, 70 % male/no".
A clause without attributes means the one that has all of its levels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from facewright.attributes.attribute import Attribute
from facewright.attributes.face_table import FaceTable
from facewright.attributes.known import ATTRIBUTES
from facewright.balance.amounts import Amount, amount, shares_of
from facewright.balance.part import Levels, Part
from facewright.balance.target import Target
from facewright.balance.words import REST, known_attribute, level_of
from facewright.errors import UsageError

_EQUAL: Final = re.compile(
    r"(?:equal(?:ly)?|uniform(?:ly)?|even(?:ly)?|balanced)\b[\s:]*(?:(?:over|in|across|by|on)\b)?(.*)",
    re.IGNORECASE,
)
_NORMALISE: Final = re.compile(r"normali[sz]e(?:\s*=\s*true)?", re.IGNORECASE)
_TIMES: Final = re.compile(r"\s+x\s+|\s*[×*,&]\s*|\s+and\s+", re.IGNORECASE)
_NUMBER: Final = r"-?\d+(?:\.\d+)?(?:\s*/\s*\d+)?\s*%?|nan|-?inf"
_NUMBER_FIRST: Final = re.compile(
    rf"(?P<share>{_NUMBER})(?:(?<=%)\s*|\s+)(?:of\s+)?(?P<level>[^\s=:%].*)", re.IGNORECASE
)
_LEVEL_FIRST: Final = re.compile(rf"(?P<level>.*\S)\s*[=:]\s*(?P<share>{_NUMBER})", re.IGNORECASE)
_LEVEL_SPACE: Final = re.compile(rf"(?P<level>.*\S)\s+(?P<share>{_NUMBER})", re.IGNORECASE)
_NAMED: Final = re.compile(r"(?P<names>[^:=%]+?)\s*[:=]\s*(?P<shares>.+)", re.DOTALL)


class _Share(NamedTuple):
    """Level as written, and its amount; None for what is left."""

    level: str
    amount: Amount | None


def parse_target(text: str, table: FaceTable | None = None) -> Target:
    """Read a sentence: "equal over sex x ethnicity; 50 % adults, 25 % children, 25 % elderly".

    Args:
        text: clauses between semicolons; the module's docstring has the grammar.
        table: the faces it is meant for: clauses that name no attribute may then mean one
            of their own columns.

    Raises:
        UsageError: a clause cannot be read, fits no attribute or several, or does not add up;
            its text is in the message.
    """
    clauses = [clause.strip(" .\t") for clause in re.split(r"[;\n]", text)]
    said = [clause for clause in clauses if clause and not _NORMALISE.fullmatch(clause)]
    normalise = any(map(_NORMALISE.fullmatch, clauses))
    parts = tuple(_part(clause, table, normalise=normalise) for clause in said)
    if not parts:
        raise UsageError(
            'the target is empty; write one as "50 % adults, 25 % children, 25 % elderly"'
        )
    return Target(parts, " ".join(text.split()))


def _part(clause: str, table: FaceTable | None, *, normalise: bool) -> Part:
    source = f"target '{clause}'"
    equal = _EQUAL.fullmatch(clause)
    if equal is not None:
        return _equal(equal[1], source)
    named = _NAMED.fullmatch(clause)
    if named is not None and _is_share(named["shares"].split(",")[0]):
        names = _names(named["names"])
        shares = _shares(named["shares"], source)
    else:
        shares = _shares(clause, source)
        names = (_meant([share.level for share in shares], table, source),)
    amounts: dict[Levels, Amount | None] = {}
    for share in shares:
        cell = _cell(share.level, names, source)
        if cell in amounts:
            raise UsageError(f"{source}: {share.level!r} is there twice")
        amounts[cell] = share.amount
    return Part(names, shares_of(amounts, source, normalise=normalise), source=source)


def _equal(text: str, source: str) -> Part:
    levels: dict[str, Levels] = {}
    names = []
    for word in _TIMES.split(text.strip()):
        name, _, listed = word.partition("=")
        names.append(known_attribute(name))
        if listed:
            levels[names[-1]] = tuple(level.strip() for level in listed.split("|"))
    if not all(names):
        raise UsageError(f'{source}: name attributes, as in "equal over sex x ethnicity"')
    return Part(tuple(names), None, levels, source)


def _names(text: str) -> tuple[str, ...]:
    return tuple(known_attribute(word) for word in _TIMES.split(text.strip()))


def _cell(level: str, names: Sequence[str], source: str) -> Levels:
    cell = (level,) if len(names) == 1 else tuple(part.strip() for part in level.split("/"))
    if len(cell) != len(names):
        raise UsageError(f"{source}: {level!r} must name a level each of {', '.join(names)}")
    return cell


def _is_share(text: str) -> bool:
    return _read(text) is not None


def _read(text: str) -> tuple[str, str | None] | None:
    """Level and share of one item; None as the share of what is left; None if it is no item."""
    words = text.strip()
    first, _, level = words.partition(" ")
    if first.casefold() in (REST, "remainder") and not any(char.isdigit() for char in level):
        return level.strip().removeprefix("of ") or REST, None
    patterns = (_LEVEL_FIRST, _NUMBER_FIRST, _LEVEL_SPACE)
    found = next((hit for pattern in patterns if (hit := pattern.fullmatch(words))), None)
    return None if found is None else (found["level"].strip(), found["share"])


def _shares(text: str, source: str) -> list[_Share]:
    items = [item for item in text.split(",") if item.strip()]
    last = [item for item in re.split(r"\s+and\s+", items[-1]) if item.strip()] if items else []
    if len(last) > 1 and all(map(_is_share, last)):
        items = [*items[:-1], *last]
    out = []
    for item in items:
        read = _read(item)
        if read is None:
            raise UsageError(
                f'{source}: cannot read {item.strip()!r}; write shares as "50 % adults, 50 %'
                ' children", or "equal over sex x ethnicity"'
            )
        level, share = read
        out.append(_Share(level, None if share is None else amount(share, f"{source}: {level}")))
    return out


def _meant(levels: Sequence[str], table: FaceTable | None, source: str) -> str:
    """The one attribute that has all of these levels."""
    wanted = [level for level in levels if level.casefold() != REST]
    known = {each.name: each for each in ATTRIBUTES} if table is None else table.attributes
    fits = [each.name for each in known.values() if _fits(wanted, each, tuple(each.levels or ()))]
    if not fits and table is not None:
        found = [each for each in known.values() if each.levels is None]
        fits = [each.attribute.name for each in table.coded(found)
                if _fits(wanted, each.attribute, each.levels)]  # fmt: skip
    if len(fits) == 1:
        return fits[0]
    asked = ", ".join(map(repr, wanted))
    if fits:
        raise UsageError(
            f"{source}: {asked} may be of {' or '.join(fits)}; say which, as in"
            f" '{fits[0]}: {levels[0]} ...'"
        )
    raise UsageError(
        f"{source}: no attribute has the levels {asked}{_hint(wanted, known)}; name the attribute,"
        " as in 'age_group: 50 % adult, 50 % child'"
    )


def _fits(wanted: Sequence[str], attribute: Attribute, levels: Sequence[str]) -> bool:
    return bool(wanted) and all(level_of(each, attribute, levels) for each in wanted)


def _hint(wanted: Sequence[str], known: Mapping[str, Attribute]) -> str:
    """Which attributes have some of the levels, and which levels they have."""
    some = [
        each
        for each in known.values()
        if any(level_of(word, each, tuple(each.levels or ())) for word in wanted)
    ]
    told = "; ".join(f"{each.name} has {', '.join(each.levels or ())}" for each in some[:3])
    return f" ({told})" if told else ""
