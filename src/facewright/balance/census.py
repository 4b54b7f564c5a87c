"""Targets from tables: a row a cell, columns of levels, and a column of shares or counts.

    sex,age_group,share          sex,age_group,count          attribute,level,percent
    female,adult,30 %            female,adult,12034           sex,female,51
    male,adult,70 %              male,adult,11822             sex,male,49

The first two are joint; the third, with the columns `attribute` and `level`, gives every
attribute its own shares.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from facewright.balance.amounts import Amount, amount, shares_of
from facewright.balance.part import Levels, Part
from facewright.balance.words import known_attribute, plain
from facewright.errors import UsageError

SHARES: Final = frozenset({"share", "percent", "percentage", "%", "proportion", "fraction"})
"""Names of a column of shares, which must add up."""
COUNTS: Final = frozenset({"count", "counts", "n", "number", "population", "total", "weight"})
"""Names of a column of counts, which are taken as parts of their sum."""

Row = tuple[int, dict[str, str]]


def read_census(path: Path, *, normalise: bool = False) -> tuple[Part, ...]:
    """Read a .csv (commas or semicolons) or .tsv.

    Args:
        path: the file.
        normalise: take shares as parts of whatever they add up to.

    Raises:
        UsageError: it cannot be read, has no or several columns of amounts, lacks a value, names
            a cell twice, or does not add up.
    """
    columns, rows = _rows(path)
    counted = [name for name in columns if plain(name) in SHARES | COUNTS]
    if len(counted) != 1:
        told = ", ".join(counted) if counted else "none"
        raise UsageError(
            f"{path}: one column must hold the shares or counts (share, percent, count, n), and"
            f" here it is {told}; columns: {', '.join(columns)}"
        )
    number = counted[0]
    normalise = normalise or plain(number) in COUNTS
    names = [name for name in columns if name != number]
    if {plain(name) for name in names} == {"attribute", "level"}:
        return _marginals(path, rows, number, normalise=normalise)
    if not names:
        raise UsageError(f"{path}: there is no column of levels beside {number}")
    cells = _amounts(path, rows, names, number)
    shares = shares_of(cells, f"{path}: column {number}", normalise=normalise)
    return (Part(tuple(map(known_attribute, names)), shares, source=str(path)),)


def _marginals(
    path: Path, rows: Sequence[Row], number: str, *, normalise: bool
) -> tuple[Part, ...]:
    """A part an attribute from the columns attribute, level and an amount."""
    keys = {plain(name): name for name in rows[0][1]}
    cells = _amounts(path, rows, [keys["attribute"], keys["level"]], number)
    grouped: dict[str, dict[Levels, Amount]] = {}
    for (name, level), read in cells.items():
        grouped.setdefault(known_attribute(name), {})[(level,)] = read
    return tuple(
        Part((name,), shares_of(own, f"{path}: {name}", normalise=normalise), source=f"{path}")
        for name, own in grouped.items()
    )


def _amounts(
    path: Path, rows: Sequence[Row], names: Sequence[str], number: str
) -> dict[Levels, Amount]:
    out: dict[Levels, Amount] = {}
    for line, row in rows:
        for name in (*names, number):
            if not row[name]:
                raise UsageError(f"{path}, line {line}: the column {name} is empty")
        cell = tuple(row[name] for name in names)
        if cell in out:
            raise UsageError(f"{path}, line {line}: {' × '.join(cell)} is there twice")
        out[cell] = amount(row[number], f"{path}, line {line}, column {number}")
    return out


def _rows(path: Path) -> tuple[list[str], list[Row]]:
    """Columns, and rows with their line numbers."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read the target {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no text in UTF-8; save it as CSV in UTF-8") from error
    lines = text.splitlines()
    head = lines[0] if lines else ""
    mark = max("\t;,", key=head.count)
    columns = [name.strip() for name in next(csv.reader([head], delimiter=mark), [])]
    if len(set(columns)) < len(columns):
        raise UsageError(f"{path}: a column is there twice: {head}")
    rows: list[Row] = []
    for line, values in enumerate(csv.reader(lines[1:], delimiter=mark), 2):
        if not any(value.strip() for value in values):
            continue
        if len(values) != len(columns):
            raise UsageError(f"{path}, line {line}: {len(values)} values, not {len(columns)}")
        rows.append((line, _stripped(columns, values)))
    if not rows:
        raise UsageError(f"{path} has no rows")
    return columns, rows


def _stripped(columns: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    found: Mapping[str, str] = dict(zip(columns, values, strict=True))
    return {name: value.strip() for name, value in found.items()}
