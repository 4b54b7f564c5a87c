import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.stats.distances import (
    chi_square,
    jensen_shannon,
    kl_divergence,
    total_variation,
)

P, Q = [0.36, 0.48, 0.16], [1 / 3, 1 / 3, 1 / 3]


@st.composite
def pairs(draw) -> tuple[np.ndarray, np.ndarray]:
    size = draw(st.integers(1, 8))
    lists = st.lists(st.integers(0, 1000), min_size=size, max_size=size).filter(any)
    first, second = (np.array(draw(lists), float) for _ in range(2))
    return first / first.sum(), second / second.sum()


def test_kl_of_a_worked_example() -> None:
    # Kullback (1959), Information Theory and Statistics, example 2.1: 0.0852996, 0.097455
    assert kl_divergence(P, Q) == pytest.approx(0.0852996, abs=1e-6)
    assert kl_divergence(Q, P) == pytest.approx(0.097455, abs=1e-6)


def test_distances_of_disjoint_shares_are_one_and_kl_is_infinite() -> None:
    one, other = [1.0, 0.0], [0.0, 1.0]
    assert total_variation(one, other) == jensen_shannon(one, other) == 1
    assert kl_divergence(one, other) == math.inf


@given(pairs())
def test_properties(pair) -> None:
    p, q = pair
    for distance in (total_variation, jensen_shannon):
        assert 0 <= distance(p, q) <= 1
        assert distance(p, q) == pytest.approx(distance(q, p), abs=1e-12)
        assert distance(p, p) == pytest.approx(0, abs=1e-7)
    assert kl_divergence(p, q) >= 0
    # Pinsker's inequality
    assert kl_divergence(p, q) >= 2 * total_variation(p, q) ** 2 - 1e-12


def test_cells_of_any_shape() -> None:
    p = np.array([[0.5, 0.0], [0.25, 0.25]])
    assert total_variation(p, np.full((2, 2), 0.25)) == 0.25


def test_no_faces_have_no_distance() -> None:
    nothing = np.zeros(3)
    for distance in (total_variation, kl_divergence, jensen_shannon):
        assert math.isnan(distance(nothing, Q))
    found = chi_square(nothing, Q)
    assert math.isnan(found.statistic)
    assert math.isnan(found.p_value)


@pytest.mark.parametrize(
    ("p", "q", "what"),
    [([1.0], [0.5, 0.5], "differ"), ([0.5, 0.4], [0.5, 0.5], "0.9"), ([1.5, -0.5], [1, 0], "more")],
)
def test_what_are_no_shares(p, q, what) -> None:
    with pytest.raises(ValueError, match=what):
        total_variation(p, q)


def test_chi_square_of_a_die() -> None:
    found = chi_square([16, 18, 16, 14, 12, 12], np.full(6, 1 / 6))  # the example of scipy's page
    assert (found.statistic, found.degrees, found.sparse) == (pytest.approx(2.0), 5, 0)
    assert found.p_value == pytest.approx(0.84914503608460956)


def test_chi_square_of_mendels_peas() -> None:
    # Mendel (1866); 0.470 with 3 degrees in textbooks since Fisher
    found = chi_square([315, 108, 101, 32], np.array([9, 3, 3, 1]) / 16)
    assert round(found.statistic, 3) == 0.470
    assert round(found.p_value, 3) == 0.925


def test_chi_square_is_scipys() -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(1)
    for _ in range(20):
        shares = rng.dirichlet(np.ones(7))
        counts = rng.multinomial(500, shares)
        wanted = stats.chisquare(counts, shares * 500)
        found = chi_square(counts, shares)
        assert (found.statistic, found.p_value) == pytest.approx(tuple(wanted), rel=1e-9)


def test_a_face_where_none_may_be_is_impossible() -> None:
    found = chi_square([1, 9], [0.0, 1.0])
    assert (found.statistic, found.degrees, found.p_value) == (math.inf, 0, 0)


def test_a_cell_that_nobody_expects_costs_no_degree_of_freedom() -> None:
    assert chi_square([0, 5, 5], [0.0, 0.5, 0.5]).degrees == 1


def test_sparse_cells_are_counted() -> None:
    assert chi_square([10, 1], [0.9, 0.1]).sparse == 1


def test_chi_square_takes_tables_of_any_shape() -> None:
    counts, shares = np.array([[10, 20], [30, 40]]), np.full((2, 2), 0.25)
    assert chi_square(counts, shares) == chi_square(counts.ravel(), shares.ravel())
