"""Which attributes go together, how strongly, and where it shows most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np

from facewright.analyse.report.crossing import finite
from facewright.analyse.report.model import CrossTable, Pair
from facewright.analyse.report.study import Study
from facewright.analyse.report.wording import percent
from facewright.attributes.attribute import Attribute
from facewright.attributes.face_table import Coded
from facewright.stats.association import Conditional, associate, conditional
from facewright.stats.chance import beyond_chance

MOST: Final = 30
"""Attributes of the table of pairs."""
MOST_LEVELS: Final = 24
SHOWN: Final = 5
"""Strongest pairs that are spelt out."""
WEAK: Final = 0.1
"""V below which a pair is no finding."""
SAME: Final = 0.95
"""V from which two attributes say the same: no finding either."""
ALWAYS: Final = (("yaw", "smile"), ("pitch", "smile"))
"""Pairs whose counts are always shown: smiles are known to go with poses."""
_COARSER: Final = {"age": "age_group", "yaw": "pose"}
_FEWEST: Final = 10
"""Faces of a level below which it is not named as telling."""
_SOURCE: Final = frozenset({"licence", "author"})


def paired(study: Study) -> list[Coded]:
    """Attributes that are held against each other: those that vary, the coarser of two cuts."""
    coded = [one for one in study.coded.values() if one.attribute.name not in _SOURCE]
    varying = [one for one in coded if 2 <= int((one.counts > 0).sum()) <= MOST_LEVELS]
    names = {one.attribute.name for one in varying}
    return [one for one in varying if _COARSER.get(one.attribute.name) not in names][:MOST]


def pairs(study: Study) -> list[Pair]:
    """Every pair of attributes, the strongest first; what is computed from one column last."""
    found = _with_chance([_pair(a, b) for a, b in combinations(paired(study), 2)])
    found.sort(key=lambda one: (one.same_source, -(one.cramers_v or 0.0)))
    telling = {(one.a, one.b) for one in strongest(found)}
    return [
        one.model_copy(update={"said": said(study.coded[one.a], study.coded[one.b])})
        if (one.a, one.b) in telling
        else one
        for one in found
    ]


def _pair(a: Coded, b: Coded) -> Pair:
    found = associate(a, b)
    return Pair(
        a=found.first,
        b=found.second,
        faces=found.faces,
        cramers_v=finite(found.cramers_v),
        mutual_information=finite(found.information),
        p_value=finite(found.p_value),
        beyond_chance=False,
        same_source=_same_source(a.attribute, b.attribute),
    )


def _with_chance(found: Sequence[Pair]) -> list[Pair]:
    """Pairs that say whether they are findings among all that were tested."""
    tests = sum(one.p_value is not None and not one.same_source for one in found)
    return [
        one.model_copy(update={"beyond_chance": beyond_chance(one.p_value, tests)}) for one in found
    ]


def _same_source(a: Attribute, b: Attribute) -> bool:
    return bool(set(a.needs) & set(b.needs))


def strongest(found: Iterable[Pair]) -> list[Pair]:
    """The pairs worth a sentence: strong, beyond chance, and not two names of one thing."""
    return [one for one in _sure(found) if WEAK <= (one.cramers_v or 0) < SAME][:SHOWN]


def synonyms(found: Iterable[Pair]) -> list[Pair]:
    """Pairs that say nearly the same."""
    return [one for one in _sure(found) if (one.cramers_v or 0) >= SAME]


def _sure(found: Iterable[Pair]) -> list[Pair]:
    return [one for one in found if one.beyond_chance and not one.same_source]


def cross_tables(study: Study, found: Sequence[Pair]) -> list[CrossTable]:
    """Counts of the pairs that are always shown, then of the strongest ones."""
    coded: Mapping[str, Coded] = study.coded
    wanted = [pair for pair in ALWAYS if all(study.known(name) for name in pair)]
    wanted += [(one.a, one.b) for one in strongest(found)]
    return [_table(conditional(of=coded[b], given=coded[a])) for a, b in dict.fromkeys(wanted)]


def _table(shares: Conditional) -> CrossTable:
    given, of = shares.given, shares.of
    rows, columns = shares.counts.sum(axis=1) > 0, shares.counts.sum(axis=0) > 0
    return CrossTable(
        a=given.attribute.name,
        b=of.attribute.name,
        rows=tuple(_labels(given, rows)),
        columns=tuple(_labels(of, columns)),
        counts=tuple(map(tuple, shares.counts[np.ix_(rows, columns)].tolist())),
    )


def _labels(coded: Coded, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[str]:
    return [coded.attribute.label(coded.levels[n]) for n in np.flatnonzero(which)]


def said(a: Coded, b: Coded) -> str:
    """The most telling cell in words: which share of which faces is what, and of all faces.

    The cell that is most above its share of all faces, said in the way that differs more.
    """
    ways = [_telling(conditional(of=b, given=a)), _telling(conditional(of=a, given=b))]
    told = max((way for way in ways if way is not None), default=None)
    return told[1] if told else ""


def _telling(shares: Conditional) -> tuple[float, str] | None:
    enough = shares.counts.sum(axis=1) >= _FEWEST
    if not enough.any():
        return None
    gaps = np.where(enough[:, None], shares.shares - shares.overall, -1.0)
    row, column = np.unravel_index(int(np.nanargmax(gaps)), gaps.shape)
    given, of = shares.given, shares.of
    here, overall = shares.shares[row, column], shares.overall[column]
    text = (
        f"Of faces with {_named(given, int(row))}, {percent(here, 0)} have"
        f" {_named(of, int(column))} (of all: {percent(overall, 0)})."
    )
    return float(gaps[row, column]), text


def _named(coded: Coded, level: int) -> str:
    label = coded.attribute.label(coded.levels[level])
    return f"{coded.attribute.title.lower()} “{label}”"
