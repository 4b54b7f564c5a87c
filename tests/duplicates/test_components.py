from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.duplicates.components import Components, equal_links, groups

LINKS = st.integers(1, 40).flatmap(
    lambda rows: st.tuples(
        st.just(rows),
        st.lists(st.tuples(st.integers(0, rows - 1), st.integers(0, rows - 1)), max_size=60),
    )
)


def naive(rows: int, links: list[tuple[int, int]]) -> list[int]:
    labels = list(range(rows))
    for first, second in links:
        old, new = labels[first], labels[second]
        labels = [new if label == old else label for label in labels]
    return [labels.index(label) for label in labels]


@given(LINKS, st.integers(1, 7))
def test_components_are_those_of_a_naive_union(
    given_links: tuple[int, list[tuple[int, int]]], batch: int
) -> None:
    rows, links = given_links
    components = Components(rows)
    for start in range(0, len(links), batch):
        some = np.array(links[start : start + batch], np.int64).reshape(-1, 2)
        components.link(some[:, 0], some[:, 1])
    labels = components.labels()
    assert labels.tolist() == naive(rows, links)
    ordered, starts = groups(labels)
    runs = [ordered[a:b].tolist() for a, b in itertools.pairwise(starts.tolist())]
    wanted = [np.flatnonzero(labels == root).tolist() for root in np.unique(labels)]
    assert runs == [run for run in wanted if len(run) > 1]


@pytest.mark.parametrize("order", [np.arange(100_000), np.random.default_rng(0).permutation(10**5)])
def test_a_long_chain(order: np.ndarray) -> None:
    components = Components(100_000)
    components.link(order[:-1], order[1:])
    assert not components.labels().any()


@given(st.lists(st.integers(0, 5), max_size=30))
def test_equal_links_join_what_is_equal(keys: list[int]) -> None:
    values = np.array(keys, np.int64)
    components = Components(len(keys))
    components.link(*equal_links(values))
    assert components.labels().tolist() == [keys.index(key) for key in keys]
