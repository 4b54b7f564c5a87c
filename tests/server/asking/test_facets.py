"""Facets and masks: the counts are those that SQL gives."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.server.asking.facets import facets, histogram2d
from facewright.server.asking.filters import Choice, Filter, Level, Range, Unknown, Value
from facewright.server.asking.masks import Masks
from facewright.server.catalogue.catalogue import Catalogue
from facewright.store.dataset import Dataset

COLUMNS = {"sex": "sex", "glasses": "glasses", "age": "age", "yaw": "head_pose.yaw"}
CLASSES = {"sex": ("female", "male"), "glasses": ("NoGlasses", "Sunglasses")}
bounds = st.integers(-60, 90).map(float)


def _values(name: str) -> st.SearchStrategy[Value]:
    if name in CLASSES:
        return st.sampled_from([*map(Level, CLASSES[name]), Unknown()])
    whole = st.tuples(bounds, bounds).filter(lambda p: p[0] < p[1]).map(lambda p: Range(*p))
    return st.one_of(whole, bounds.map(lambda n: Range(n, n)), st.just(Unknown()))


choices = st.sampled_from(sorted(COLUMNS)).flatmap(
    lambda name: st.builds(
        lambda some, others: Choice(name, tuple(some), tuple(others)),
        st.lists(_values(name), max_size=2),
        st.lists(_values(name), max_size=2),
    )
)
filters = st.lists(choices, max_size=3, unique_by=lambda each: each.name).map(
    lambda found: Filter(tuple(sorted(found, key=lambda each: each.name)))
)


def _one(name: str, value: Value) -> str:
    column = COLUMNS[name]
    if isinstance(value, Unknown):
        return f"{column} IS NULL"
    if isinstance(value, Level):
        return f"coalesce({column} = '{value.key}', false)"
    same = f"{column} = {value.low}::FLOAT"
    both = f"{column} >= {value.low}::FLOAT AND {column} < {value.high}::FLOAT"
    return f"coalesce({same if value.low == value.high else both}, false)"


def _sql(chosen: Sequence[Choice]) -> str:
    held = ["true"]
    for each in chosen:
        if each.values:
            held.append(" OR ".join(_one(each.name, value) for value in each.values))
        held += [f"NOT ({_one(each.name, value)})" for value in each.excluded]
    return " AND ".join(f"({part})" for part in held)


@pytest.fixture(scope="module")
def db(served) -> duckdb.DuckDBPyConnection:
    return Dataset.open(served).connect(whole=False)


@given(wanted=filters)
@settings(max_examples=40, deadline=None)
def test_counts_are_those_of_group_by(
    catalogue: Catalogue, db: duckdb.DuckDBPyConnection, wanted: Filter
) -> None:
    total, found = facets(catalogue, Masks(catalogue, wanted), ["sex", "glasses", "smile"])
    held = _sql(wanted.choices)
    everything = db.sql(f"SELECT count(*) FROM faces WHERE {held}").fetchall()  # noqa: S608
    assert total == everything[0][0]
    for facet in found:
        name = facet.column.name
        rest = _sql(wanted.without(name).choices)
        level = "CASE WHEN smile >= 0.5 THEN 'yes' ELSE 'no' END" if name == "smile" else name
        query = f"SELECT {level} AS k, count(*) FROM faces WHERE {rest} GROUP BY k"  # noqa: S608
        rows = db.sql(query).fetchall()
        counts = dict(zip(facet.column.levels, facet.counts.tolist(), strict=True))
        assert {**{key: n for key, n in counts.items() if n}} == {k: n for k, n in rows if k}
        assert facet.unknown == next((n for k, n in rows if k is None), 0)


def test_a_bin_is_the_range_that_it_names(catalogue: Catalogue) -> None:
    column = catalogue.columns["age"]
    for level, count in zip(column.levels, column.counts.tolist(), strict=False):
        ends = {"<10": Range(high=10), ">=90": Range(low=90)}
        value = ends.get(level) or Range(*map(float, level.split("..")))
        masks = Masks(catalogue, Filter((Choice("age", (value,)),)))
        assert masks.whole is not None
        assert int(masks.whole.sum()) == count


def test_a_histogram_holds_every_face_that_is_inside(catalogue: Catalogue) -> None:
    yaw, pitch = catalogue.columns["yaw"], catalogue.columns["pitch"]
    ranges = (*yaw.span, *pitch.span)
    counts = histogram2d(yaw, pitch, None, 8, ranges)
    known = ~np.isnan(yaw.numbers) & ~np.isnan(pitch.numbers)
    assert counts.sum() == known.sum()
    across = np.histogram(yaw.numbers[known], 8, yaw.span)[0]
    assert np.abs(counts.sum(axis=0) - across).max() <= 1  # an edge is rounded either way
