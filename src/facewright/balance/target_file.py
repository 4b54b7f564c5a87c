"""Targets from TOML.

    name = "portraits for print"       # optional
    normalise = false                  # true: shares are parts of whatever they add up to

    [target]                           # every attribute on its own
    sex = "equal"
    age_group = { child = 25, adult = 50, elderly = 25 }

or any number of tables, each one part of the target:

    [[target]]
    equal = ["sex", "ethnicity"]       # all cells of several attributes
    levels.ethnicity = ["white", "black"]   # equal over these only

    [[target]]
    attributes = ["sex", "smile"]      # a joint table
    cells = [
      { sex = "female", smile = "yes", share = "30 %" },
      { sex = "male", smile = "no", share = "70 %" },
    ]

    [[target]]
    age_group = { adult = "50 %", rest = "50 %" }

    [[target]]
    census = "census.csv"              # beside this file

    [[target]]
    text = "50 % adults, 25 % children, 25 % elderly"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from facewright.attributes.face_table import FaceTable
from facewright.balance.amounts import Amount, amount, shares_of
from facewright.balance.census import read_census
from facewright.balance.part import Levels, Part
from facewright.balance.sentence import parse_target
from facewright.balance.target import Target
from facewright.balance.words import known_attribute, near
from facewright.errors import UsageError
from facewright.settings_file import read_toml

FILES: Final = (".toml", ".csv", ".tsv")
"""How the names of target files end; any other text is a sentence."""

_TOP: Final = ("name", "normalise", "target")
_EQUAL: Final = ("equal", "uniform", "even")
_SHARE: Final = "share"


class _Here(NamedTuple):
    """Where a table stands: file, key, and what the file says once for all."""

    path: Path
    key: str
    normalise: bool
    table: FaceTable | None

    @property
    def source(self) -> str:
        return f"{self.path}: {self.key}"

    def below(self, name: str) -> str:
        return f"{self.source}.{name}"


def load_target(path: str | Path, table: FaceTable | None = None) -> Target:
    """Read a target from a file.

    Args:
        path: .toml; a .csv or .tsv is read as `Target.census` does.
        table: the faces it is meant for, where texts in it may speak of their own columns.

    Raises:
        UsageError: it cannot be read or does not add up; file and key are named.
    """
    path = Path(path)
    if path.suffix.lower() in (".csv", ".tsv"):
        return Target.census(path)
    data = read_toml(path, "the target")
    unknown = next((key for key in data if key not in _TOP), None)
    if unknown is not None:
        raise UsageError(
            f"{path}: {unknown}: there is no such key; a target has {', '.join(_TOP)}, and what is"
            " wanted stands below [target] or [[target]]"
        )
    normalise, name = data.get("normalise", False), data.get("name", str(path))
    if not isinstance(normalise, bool):
        raise UsageError(f"{path}: normalise must be true or false")
    if not isinstance(name, str):
        raise UsageError(f"{path}: name must be a text")
    said = data.get("target")
    tables = said if isinstance(said, list) else [] if said is None else [said]
    keys = [f"target[{n}]" for n in range(len(tables))] if isinstance(said, list) else ["target"]
    parts = [
        part
        for key, each in zip(keys, tables, strict=False)
        for part in _parts(each, _Here(path, key, normalise, table))
    ]
    if not parts:
        raise UsageError(f"{path}: [target] is missing or empty; name an attribute and its shares")
    return Target(tuple(parts), name)


def _parts(said: Any, here: _Here) -> list[Part]:
    if not isinstance(said, Mapping):
        raise UsageError(f"{here.source} must be a table")
    kind = next((key for key in _KINDS if key in said), None)
    if kind is not None:
        read, allowed = _KINDS[kind]
        extra = next((key for key in said if key not in allowed), None)
        if extra is not None:
            raise UsageError(
                f"{here.below(extra)}: does not go with {kind};"
                " begin another [[target]] table for it"
            )
        return read(said, here)
    return [_marginal(name, shares, here) for name, shares in said.items()]


def _marginal(name: str, said: Any, here: _Here) -> Part:
    source = here.below(name)
    attribute = known_attribute(name)
    if isinstance(said, str) and said.casefold() in _EQUAL:
        return Part((attribute,), None, source=source)
    if not isinstance(said, Mapping) or not said:
        raise UsageError(f'{source}: write "equal", or shares as {{ female = 0.5, male = 0.5 }}')
    amounts: dict[Levels, Amount | None] = {
        (level,): amount(share, f"{source}.{level}") for level, share in said.items()
    }
    shares = shares_of(amounts, source, normalise=here.normalise)
    return Part((attribute,), shares, source=source)


def _equal(said: Mapping[str, Any], here: _Here) -> list[Part]:
    key = next(each for each in _EQUAL if each in said)
    names = tuple(map(known_attribute, _texts(said[key], here.below(key))))
    levels: dict[str, Levels] = {}
    for name, listed in _mapping(said.get("levels", {}), here.below("levels")).items():
        if known_attribute(name) not in names:
            raise UsageError(f"{here.below('levels')}.{name}: is not among {', '.join(names)}")
        levels[known_attribute(name)] = _texts(listed, f"{here.below('levels')}.{name}")
    return [Part(names, None, levels, here.source)]


def _joint(said: Mapping[str, Any], here: _Here) -> list[Part]:
    source = here.below("cells")
    rows = said["cells"]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise UsageError(f"{source}: write a list of tables, each with levels and a share")
    first = [name for name in rows[0] if name != _SHARE]
    names = _texts(said.get("attributes", first), here.below("attributes"))
    amounts: dict[Levels, Amount | None] = {}
    for n, row in enumerate(rows):
        where = f"{source}[{n}]"
        missing = next((name for name in (*names, _SHARE) if name not in row), None)
        if missing is not None:
            raise UsageError(f"{where}: {missing} is missing")
        extra = next((name for name in row if name not in (*names, _SHARE)), None)
        if extra is not None:
            raise UsageError(f"{where}.{extra}: unknown; near: {near(extra, (*names, _SHARE))}")
        cell = tuple(str(row[name]) for name in names)
        if cell in amounts:
            raise UsageError(f"{where}: {' × '.join(cell)} is there twice")
        amounts[cell] = amount(row[_SHARE], f"{where}.{_SHARE}")
    shares = shares_of(amounts, source, normalise=here.normalise)
    return [Part(tuple(map(known_attribute, names)), shares, source=source)]


def _census(said: Mapping[str, Any], here: _Here) -> list[Part]:
    if not isinstance(said["census"], str):
        raise UsageError(f"{here.below('census')}: write the name of a file")
    return list(read_census(here.path.parent / said["census"], normalise=here.normalise))


def _text(said: Mapping[str, Any], here: _Here) -> list[Part]:
    if not isinstance(said["text"], str):
        raise UsageError(f"{here.below('text')}: write a sentence")
    try:
        return list(parse_target(said["text"], here.table).parts)
    except UsageError as error:
        raise UsageError(f"{here.below('text')}: {error}") from None


def _texts(said: Any, source: str) -> Levels:
    words = [said] if isinstance(said, str) else said
    if not isinstance(words, list) or not words or not all(isinstance(w, str) for w in words):
        raise UsageError(f'{source}: write a list of names, as ["sex", "smile"]')
    return tuple(words)


def _mapping(said: Any, source: str) -> Mapping[str, Any]:
    if not isinstance(said, Mapping):
        raise UsageError(f"{source} must be a table")
    return said


_KINDS: Final[Mapping[str, tuple[Callable[[Mapping[str, Any], _Here], list[Part]], set[str]]]] = {
    **dict.fromkeys(_EQUAL, (_equal, {*_EQUAL, "levels"})),
    "cells": (_joint, {"cells", "attributes"}),
    "census": (_census, {"census"}),
    "text": (_text, {"text"}),
}
