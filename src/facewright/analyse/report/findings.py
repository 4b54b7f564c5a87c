"""The essentials in words: what somebody must know who reads nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from facewright.analyse.report.model import (
    AttributeReport,
    Crossing,
    CrossTable,
    Distance,
    Moved,
    PoseReport,
    SetReport,
)
from facewright.analyse.report.pairs import strongest
from facewright.analyse.report.wording import decimal, interval, named, percent, plural, points
from facewright.stats.chance import beyond_chance, p_of_table

_PEOPLE: Final = ("sex", "age_group", "ethnicity")
_MOVED: Final = 0.005
_NOTHING = 0.0005  # shares that are written alike
"""Difference that correction must make to be told."""
_UNSTATED: Final = "unstated"
_ENOUGH: Final = 30
"""Faces of a range of yaw from which its share is told."""


def findings(one: SetReport) -> tuple[str, ...]:
    """Sentences about one dataset, the most telling first."""
    parts = (
        _crossing(one.crossing),
        _corrected(one.attributes),
        _poses(one.pose),
        _pairs(one),
        _licences(one),
        _copies(one),
    )
    return tuple(sentence for part in parts for sentence in part)


def after_balance(moved: Sequence[Moved]) -> Iterator[str]:
    """Sentences about what balancing did, as the selection states it."""
    for one in moved:
        if one.total_variation_before is not None and one.total_variation_after is not None:
            yield (
                f"Balanced for {one.target}: {one.of} lay {percent(one.total_variation_before)} of"
                f" the faces away, and lies {percent(one.total_variation_after)} away."
            )


def between(found: Sequence[Distance], sets: Sequence[SetReport]) -> tuple[str, ...]:
    """Sentences about what sets datasets apart."""
    return tuple(sentence for other in sets[1:] for sentence in _apart(found, sets[0], other))


def _crossing(found: Crossing | None) -> Iterator[str]:
    if found is None or not found.cells:
        return
    told = [cell for cell in found.cells if cell.difference is not None]
    over = max(told, key=lambda cell: cell.difference or 0.0)
    under = min(told, key=lambda cell: cell.difference or 0.0)
    gap = max((over, under), key=lambda cell: abs(cell.difference or 0.0))
    if abs(gap.difference or 0.0) < _NOTHING:
        yield f"Every intersection has the share that {found.target} expects."
        return
    yield (
        f"Largest gap: {named(gap.labels)} has {percent(gap.share)} of the faces, expected"
        f" {percent(gap.expected)} ({points(gap.difference)} points)."
    )
    for cell, word in ((over, "Most over"), (under, "Most short")):
        if cell is not gap and abs(cell.difference or 0.0) >= _MOVED / 10:
            yield (
                f"{word}: {named(cell.labels)}, {percent(cell.share)}, expected"
                f" {percent(cell.expected)} ({points(cell.difference)} points)."
            )
    yield (
        f"{percent(found.total_variation)} of the faces would have to be in another intersection"
        f" to match {found.target}."
    )
    empty = [cell for cell in found.cells if not cell.count and cell.expected > 0]
    if empty:
        some = ", ".join(named(cell.labels) for cell in empty[:3])
        more = f" and {len(empty) - 3} more" if len(empty) > 3 else ""
        number = plural(len(empty), "intersection")
        yield f"{number} of {len(found.cells):,} without a face: {some}{more}."


def _corrected(attributes: Sequence[AttributeReport]) -> Iterator[str]:
    for one in attributes:
        moved = [
            (abs(level.corrected.share - level.share), level)
            for level in one.levels
            if level.corrected is not None and level.share is not None
        ]
        if one.name not in _PEOPLE or not moved or one.strained:
            continue
        by, level = max(moved, key=lambda each: each[0])
        if by >= _MOVED and level.corrected is not None:
            yield (
                f"{one.title} “{level.label}”: {percent(level.share)} as labelled,"
                f" {percent(level.corrected.share)} with label error taken out"
                f" ({interval(level.corrected.low, level.corrected.high)})."
            )


def _poses(pose: PoseReport | None) -> Iterator[str]:
    if pose is None:
        return
    yield (
        f"Poses: {percent(pose.rare)} of the faces lie where {pose.reference} is sparse (density"
        f" below 0.4, LPFF's rule); of {pose.reference} itself {percent(pose.reference_rare)} do."
    )
    yield (
        f"{percent(pose.front, 0)} look to the front within 15 degrees, {percent(pose.large)} are"
        " turned by more than 45."
    )


def _pairs(one: SetReport) -> Iterator[str]:
    titles = {each.name: each.title for each in one.attributes}
    for pair in strongest(one.pairs)[:2]:
        yield (
            f"{titles[pair.a]} goes with {titles[pair.b].lower()} (Cramér’s V"
            f" {decimal(pair.cramers_v, 2)}). {pair.said}"
        ).rstrip()
    yield from _smiles(one.cross_tables)


def _smiles(tables: Sequence[CrossTable]) -> Iterator[str]:
    """How smiles go with head turns, the bias that published sets are known for."""
    found = next((one for one in tables if (one.a, one.b) == ("yaw", "smile")), None)
    if found is None or len(found.columns) < 2:
        return
    smiling = len(found.columns) - 1  # "no" comes first
    shares = [
        (row[smiling] / sum(row), label)
        for label, row in zip(found.rows, found.counts, strict=True)
        if sum(row) >= _ENOUGH
    ]
    if len(shares) > 1:
        (low, where), (high, there) = min(shares), max(shares)
        sure = beyond_chance(p_of_table(found.counts), tests=1)
        yield (
            f"Smiles by head turn: {percent(low, 0)} smile at {where} degrees of yaw,"
            f" {percent(high, 0)} at {there}{'' if sure else '; chance alone may have done that'}."
        )


def _licences(one: SetReport) -> Iterator[str]:
    total = sum(each.photos for each in one.licences)
    unstated = sum(each.photos for each in one.licences if each.name in (None, "", _UNSTATED))
    if total and unstated:
        yield f"{plural(unstated, 'photo')} of {total:,} have no stated licence."


def _copies(one: SetReport) -> Iterator[str]:
    for each in one.duplicates:
        if each.groups:
            yield f"{plural(each.groups, 'group')} of {each.kind}, {each.faces:,} in all."


def _apart(found: Sequence[Distance], a: SetReport, b: SetReport) -> Iterator[str]:
    both = [one for one in found if (one.a, one.b) == (a.name, b.name)]
    mine = [one for one in both if one.beyond_chance and " x " not in one.of]
    if not mine:
        yield (
            f"{a.name} and {b.name} differ in no attribute by more than chance alone would make of"
            f" {a.counts.analysed:,} and {b.counts.analysed:,} faces."
        )
    firsts = {one.name: one for one in a.attributes}
    seconds = {one.name: one for one in b.attributes}
    # What was crossed stands first in `found`, however near the two are in it.
    mine.sort(key=lambda one: -(one.total_variation or 0.0))
    for place, one in enumerate(mine[:3]):
        first, second = firsts[one.of], seconds[one.of]
        theirs = {level.key: level.share or 0.0 for level in second.levels}
        gaps = [(level.share or 0.0) - theirs.get(level.key, 0.0) for level in first.levels]
        if not gaps:
            continue
        at = max(range(len(gaps)), key=lambda n: abs(gaps[n]))
        level = first.levels[at]
        yield (
            f"{a.name} and {b.name} differ{'' if place else ' most'} in {first.title.lower()}"
            f" (total variation"
            f" {decimal(one.total_variation, 2)}, by chance"
            f" {decimal(one.by_chance, 2)}): “{level.label}” {percent(level.share)} against"
            f" {percent(theirs.get(level.key, 0.0))}."
        )
