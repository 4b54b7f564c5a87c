"""Filters: what a URL says is what is asked, and is spelt in one way."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.server.asking.filters import (
    Choice,
    Filter,
    FilterError,
    Known,
    Level,
    Range,
    Unknown,
    Value,
    pairs_of,
)

KNOWN = {
    "sex": Known(frozenset(("female", "male")), classes=True, numbers=False),
    "age": Known(None, classes=False, numbers=True),
    "smile": Known(frozenset(("no", "yes")), classes=True, numbers=True),
    "author": Known(None, classes=True, numbers=False),
    "truth.sex": Known(None, classes=True, numbers=False),
}
numbers = st.floats(allow_nan=False, allow_infinity=False)
ranges = st.one_of(
    st.tuples(numbers, numbers).filter(lambda p: p[0] < p[1]).map(lambda p: Range(*p)),
    numbers.map(lambda n: Range(low=n)),
    numbers.map(lambda n: Range(high=n)),
    numbers.map(lambda n: Range(n + 0.0, n + 0.0)),
    st.just(Range()),
)
texts = st.text(min_size=0, max_size=20)
values: dict[str, st.SearchStrategy[Value]] = {
    "sex": st.one_of(st.sampled_from([Level("female"), Level("male")]), st.just(Unknown())),
    "age": st.one_of(ranges, st.just(Unknown())),
    "smile": st.one_of(ranges, st.sampled_from([Level("no"), Level("yes")]), st.just(Unknown())),
    "author": st.one_of(texts.map(Level), st.just(Unknown())),
    "truth.sex": texts.map(Level),
}
choices = st.sampled_from(sorted(values)).flatmap(
    lambda name: st.tuples(
        st.just(name), st.lists(values[name], max_size=3), st.lists(values[name], max_size=3)
    )
)
conditions = texts.map(str.strip).filter(lambda text: "\0" not in text)


def _filter(found: list[tuple[str, list[Value], list[Value]]], where: str, select: str) -> Filter:
    pairs = [
        (name if wanted else f"not.{name}", str(value))
        for name, some, others in found
        for wanted, group in ((True, some), (False, others))
        for value in group
    ]
    return Filter.parse([*pairs, ("where", where), ("select", select)], KNOWN)


@given(st.lists(choices, max_size=4), conditions, conditions)
def test_a_filter_survives_its_url(found: list, where: str, select: str) -> None:
    wanted = _filter(found, where, select)
    assert Filter.from_query(wanted.to_query(), KNOWN) == wanted
    assert Filter.from_query(wanted.to_query(), KNOWN).to_query() == wanted.to_query()


@given(st.lists(choices, max_size=4), st.randoms())
def test_the_order_of_keys_says_nothing(found: list, random) -> None:
    wanted = _filter(found, "", "")
    pairs = wanted.to_pairs()
    random.shuffle(pairs)
    assert Filter.parse(pairs + pairs, KNOWN) == wanted


@given(texts, texts)
def test_any_query_is_read_or_refused(key: str, text: str) -> None:
    try:
        Filter.parse([(key, text)], KNOWN)
    except FilterError as error:
        assert str(error)  # noqa: PT017 - that it can be said is what is tested


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20..40", Range(20, 40)),
        ("..40", Range(-math.inf, 40)),
        ("20..", Range(20, math.inf)),
        ("-10..-5.5", Range(-10, -5.5)),
        ("30", Range(30, 30)),
        ("<10", Range(high=10)),
        (">=90", Range(low=90)),
        ("~", Unknown()),
    ],
)
def test_numbers_are_ranges(text: str, value: Value) -> None:
    assert Filter.parse([("age", text)], KNOWN).choices == (Choice("age", (value,)),)


def test_exclusion_has_two_spellings() -> None:
    excluded = Filter((Choice("sex", (), (Level("male"),)),))
    assert Filter.from_query("sex!=male", KNOWN) == excluded
    assert Filter.from_query("not.sex=male", KNOWN) == excluded
    assert excluded.to_query() == "not.sex=male"


@pytest.mark.parametrize(
    "query",
    [
        *("sex=x", "nix=1", "age=x", "age=40..20", "age=20..20", "age=nan", "where=%00"),
        *("where=a&where=b", "age=inf", "age=١..٢", "=", "sex!!=male", "where=" + "x" * 5000),
        "not.nix=1",
    ],
)
def test_what_is_wrong_is_refused(query: str) -> None:
    with pytest.raises(FilterError):
        Filter.from_query(query, KNOWN)


def test_too_much_is_refused() -> None:
    with pytest.raises(FilterError):
        pairs_of("&".join(["sex=male"] * 2000))
    with pytest.raises(FilterError):
        Filter.parse([("sex", "male")] * 600, KNOWN)
