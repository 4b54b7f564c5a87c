import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from facewright.stats.chance import beyond_chance, p_of_table, variation_by_chance
from facewright.stats.distances import total_variation


def test_against_scipy() -> None:
    contingency = pytest.importorskip("scipy.stats").chi2_contingency
    rng = np.random.default_rng(0)
    for _ in range(10):
        table = rng.integers(10, 40, (3, 5))
        assert p_of_table(table) == pytest.approx(
            contingency(table, correction=False).pvalue, rel=1e-8
        )


def test_faces_that_share_two_rare_values_are_no_finding() -> None:
    # Pearson's statistic of this table is 100: one face of 100 has both rare values.
    assert math.isnan(p_of_table([[99, 0], [0, 1]]))
    assert p_of_table([[50, 0], [0, 50]]) < 1e-20


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[9, 9]], [[2, 1], [1, 3]]])
def test_too_few_faces_say_nothing(table) -> None:
    assert math.isnan(p_of_table(table))


def test_independent_attributes_are_rarely_told_apart() -> None:
    rng = np.random.default_rng(1)
    shares = np.outer([0.5, 0.3, 0.15, 0.05], [0.6, 0.25, 0.1, 0.04, 0.01])
    tables = rng.multinomial(150, shares.ravel(), 4000).reshape(-1, *shares.shape)
    found = np.array([p_of_table(table) for table in tables])
    assert 0.03 < np.mean(found <= 0.05) < 0.07
    assert np.mean(found <= 0.001) <= 0.003


def test_many_tests_want_a_smaller_p() -> None:
    assert beyond_chance(0.009, 1)
    assert not beyond_chance(0.009, 2)
    assert not beyond_chance(None, 1)
    assert not beyond_chance(math.nan, 1)


@pytest.mark.parametrize(("n", "m"), [(30, 70_000), (100, 100), (2_000, 500)])
def test_variation_by_chance_is_what_draws_from_one_population_show(n, m) -> None:
    rng = np.random.default_rng(2)
    shares = rng.dirichlet(np.ones(8))
    first, second = rng.multinomial(n, shares, 400), rng.multinomial(m, shares, 400)
    pairs = list(zip(first, second, strict=True))
    seen = np.mean([total_variation(a / n, b / m) for a, b in pairs])
    told = np.mean([variation_by_chance(a, b) for a, b in pairs])
    assert told == pytest.approx(seen, rel=0.1)


@given(arrays(np.int64, (2, 6), elements=st.integers(0, 1000)))
def test_variation_by_chance_is_a_share_and_has_no_direction(counts) -> None:
    found = variation_by_chance(*counts)
    assert math.isnan(found) if not counts.sum(axis=1).all() else 0 <= found <= 1
    assert found == pytest.approx(variation_by_chance(*counts[::-1]), nan_ok=True)
