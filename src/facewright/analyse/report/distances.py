"""How far datasets lie apart, attribute by attribute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from facewright.analyse.report.crossing import finite
from facewright.analyse.report.model import Distance, SetReport
from facewright.stats.chance import beyond_chance, p_of_table, variation_by_chance
from facewright.stats.distances import jensen_shannon, kl_divergence, total_variation

Counts = Mapping[tuple[str, ...], int]


def distances(sets: Sequence[SetReport]) -> tuple[Distance, ...]:
    """Distances of every dataset from the first, of attributes that both know, the largest first.

    The intersections come before all attributes.
    """
    return tuple(each for other in sets[1:] for each in _between(sets[0], other))


def _between(a: SetReport, b: SetReport) -> list[Distance]:
    found = list(_measured(a, b))
    tests = sum(one.p_value is not None for one in found)
    return [
        one.model_copy(update={"beyond_chance": beyond_chance(one.p_value, tests)}) for one in found
    ]


def _measured(a: SetReport, b: SetReport) -> Iterator[Distance]:
    if a.crossing and b.crossing and a.crossing.attributes == b.crossing.attributes:
        counts = [{cell.keys: cell.count for cell in one.cells} for one in (a.crossing, b.crossing)]
        yield _distance(" x ".join(a.crossing.attributes), a.name, b.name, *counts)
    theirs = {one.name: one for one in b.attributes}
    found = [
        _distance(
            mine.name,
            a.name,
            b.name,
            {(level.key,): level.count for level in mine.levels},
            {(level.key,): level.count for level in theirs[mine.name].levels},
        )
        for mine in a.attributes
        if mine.known and mine.name in theirs and theirs[mine.name].known
    ]
    yield from sorted(found, key=lambda one: -(one.total_variation or 0.0))


def _distance(of: str, a: str, b: str, first: Counts, second: Counts) -> Distance:
    keys = list(dict.fromkeys([*first, *second]))
    table = np.array([[each.get(key, 0) for key in keys] for each in (first, second)], np.int64)
    p, q = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    return Distance(
        of=of,
        a=a,
        b=b,
        total_variation=finite(total_variation(p, q)),
        jensen_shannon=finite(jensen_shannon(p, q)),
        kl_divergence=finite(kl_divergence(p, q)),
        by_chance=finite(variation_by_chance(*table)),
        p_value=finite(p_of_table(table)),
        beyond_chance=False,
    )
