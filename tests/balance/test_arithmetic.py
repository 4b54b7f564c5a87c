"""Quotas, feasible sizes, raking, drawing: the arithmetic of balancing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.balance.drawing import draw
from facewright.balance.feasible import largest_exact, largest_within, off_by
from facewright.balance.fitting import Margin, fit
from facewright.balance.picking import repeats
from facewright.balance.quotas import capped, controlled, hamilton
from facewright.balance.rarity import density, rarity
from facewright.errors import UsageError

WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any)


def shares_of(weights):
    return np.array(weights, float) / sum(weights)


@given(WEIGHTS, st.integers(0, 100_000))
def test_quotas_add_up_and_are_within_one_of_exact(weights, size):
    shares = shares_of(weights)
    quotas = hamilton(shares, size)
    assert quotas.sum() == size
    assert (np.abs(quotas - shares * size) < 1 + 1e-6).all()


def test_quotas_of_hamiltons_example():
    # Population of the paradox of Alabama, as in textbooks.
    assert hamilton(shares_of([6, 6, 2]), 10).tolist() == [4, 4, 2]
    assert hamilton(shares_of([6, 6, 2]), 11).tolist() == [5, 5, 1]
    assert hamilton([1 / 3, 1 / 3, 1 / 3], 10).tolist() == [4, 3, 3]
    assert hamilton([[0.29, 0.71]], 100).tolist() == [[29, 71]]


@given(st.tuples(*[st.lists(st.integers(1, 20), min_size=2, max_size=4)] * 3), st.integers(1, 300))
def test_controlled_quotas_keep_cells_and_err_less_in_the_sums(weights, size):
    one, two, three = map(shares_of, weights)
    shares = np.einsum("i,j,k->ijk", one, two, three)
    groups = ((0, 1), (0,), (1,), (2,))
    found, plain = controlled(shares, size, groups), hamilton(shares, size)
    assert found.sum() == size
    assert (np.abs(found - shares * size) < 1 + 1e-6).all()

    def off(quotas):
        rest = [tuple({0, 1, 2} - set(group)) for group in groups]
        return sum(np.square((quotas - shares * size).sum(axis=axes)).sum() for axes in rest)

    assert off(found) <= off(plain) + 1e-6


def test_controlled_quotas_meet_sums_that_can_be_met():
    # 24 cells of 7.5, 3.75 and 3.75: 120 faces, 15 of each of the 8, and 60, 30 and 30 of those.
    shares = np.einsum("i,j->ij", np.full(8, 1 / 8), [0.5, 0.25, 0.25]).reshape(2, 4, 3)
    found = controlled(shares, 120, ((0, 1), (2,)))
    assert found.sum(axis=2).tolist() == [[15] * 4] * 2
    assert found.sum(axis=(0, 1)).tolist() == [60, 30, 30]


@given(WEIGHTS, st.lists(st.integers(0, 500), min_size=12, max_size=12), st.integers(1, 4000))
def test_capped_quotas_keep_the_caps_and_are_as_near_as_can_be(weights, caps, size):
    shares, most = shares_of(weights), np.array(caps[: len(weights)])
    size = min(size, int(most[shares > 0].sum()))
    quotas = capped(shares, most, size)
    assert quotas.sum() == size
    assert (quotas <= most).all()
    assert not quotas[shares == 0].any()
    if size:
        apart = np.abs(quotas / size - shares).sum() / 2
        assert apart <= off_by(most, shares, size) + len(weights) / size


@given(WEIGHTS, st.lists(st.integers(0, 5000), min_size=12, max_size=12))
def test_the_largest_exact_subset_is_one_and_no_larger_is(weights, counts):
    shares, had = shares_of(weights), np.array(counts[: len(weights)])
    size = largest_exact(had, shares)
    assert (shares * size <= had + 1e-4).all()
    assert (shares * (size + 1) > had - 1e-4).any()
    assert (hamilton(shares, size) <= had).all()


def test_sizes_within_a_tolerance_grow_with_it():
    shares, had = np.array([0.5, 0.3, 0.2]), np.array([100, 30, 1000])
    sizes = [largest_within(had, shares, tolerance) for tolerance in (0, 0.01, 0.1, 0.9)]
    assert sizes[0] == largest_exact(had, shares) == 100
    assert sizes == sorted(sizes)
    assert sizes[-1] == 1130
    assert off_by(had, shares, sizes[1]) <= 0.01 < off_by(had, shares, sizes[1] + 1)


@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(2, 4))
def test_raking_reaches_marginals(seed, first, second):
    rng = np.random.default_rng(seed)
    start = rng.integers(1, 1000, (first, second)).astype(float)
    rows, columns = np.indices(start.shape)
    wanted = rng.dirichlet(np.full(first, 5)), rng.dirichlet(np.full(second, 5))
    margins = [Margin(rows.ravel(), wanted[0]), Margin(columns.ravel(), wanted[1])]
    found = fit(start.ravel(), margins, 1e-9)
    table = found.masses.reshape(start.shape)
    assert np.allclose(table.sum(axis=1), wanted[0], atol=1e-6)
    assert np.allclose(table.sum(axis=0), wanted[1], atol=1e-6)
    odds = start[0, 0] * start[1, 1] / (start[0, 1] * start[1, 0])  # raking keeps these
    assert np.isclose(table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]), odds, rtol=1e-4)


def test_raking_says_how_far_off_it_stays():
    margins = [
        Margin(np.array([0, 1]), np.array([0.5, 0.5])),
        Margin(np.array([0, 1]), np.array([0.2, 0.8])),
    ]
    found = fit(np.ones(2), margins, 1e-9)
    assert max(found.off) == pytest.approx(0.3)
    assert found.rounds < 200


@given(st.integers(0, 10**6), st.integers(1, 300), st.booleans())
def test_drawing_gives_the_size_and_expected_groups(seed, size, replace):
    rng = np.random.default_rng(seed)
    weights = rng.random(300) * (rng.random(300) < 0.9)
    groups = rng.integers(0, 4, 300)
    weights /= weights.sum()
    if not replace and size > (weights > 0).sum():
        with pytest.raises(UsageError, match="have a weight"):
            draw(weights, size, groups, rng, replace=False)
        return
    times = draw(weights, size, groups, np.random.default_rng(seed), replace=replace)
    assert times.sum() == size
    assert not times[weights == 0].any()
    if replace:
        expected = np.bincount(groups, weights=weights * size, minlength=4)
        assert (np.abs(np.bincount(groups, weights=times, minlength=4) - expected) < 1 + 1e-6).all()
    else:
        assert times.max() <= 1
    again = draw(weights, size, groups, np.random.default_rng(seed), replace=replace)
    assert (again == times).all()


@given(st.integers(0, 10**6))
def test_every_cell_gets_its_quota_from_its_best(seed):
    rng = np.random.default_rng(seed)
    numbers = rng.integers(-1, 5, 200)
    counts = np.bincount(numbers[numbers >= 0], minlength=5)
    quotas = rng.integers(0, 90, 5) * (counts > 0)
    score = rng.random(200)
    times = repeats(numbers, quotas, np.stack([score, rng.random(200)]))
    assert not times[numbers < 0].any()
    for cell in range(5):
        own = numbers == cell
        assert times[own].sum() == quotas[cell]
        assert np.ptp(times[own]) <= 1
        if times[own].min() < times[own].max():
            assert score[own][times[own] == times[own].max()].min() > (
                score[own][times[own] == times[own].min()].max()
            )


# -- rarity ------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1, 2, 3])
def test_density_is_scipys(width):
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(width)
    points = rng.normal(size=(800, width)) @ rng.normal(size=(width, width)) * 7 + 40
    reference = stats.gaussian_kde(points.T)(points.T)
    found = density(points)
    middle = reference > np.median(reference)
    assert np.abs(found / reference - 1)[middle].max() < 0.04
    assert np.corrcoef(found, reference)[0, 1] > 0.9999


def test_classes_are_as_rare_as_their_cell():
    cells = np.array([0, 0, 0, 1, -1])
    found = rarity(cells, np.zeros((5, 0)))
    assert found[:4].tolist() == [0.75, 0.75, 0.75, 0.25]
    assert np.isnan(found[4])


def test_numbers_within_classes_and_what_is_not_known():
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(2000, 1))
    cells = np.arange(2000) % 2
    numbers[5] = np.nan
    found = rarity(cells, numbers)
    assert np.isnan(found[5])
    assert np.nansum(found) > 0
    alone = density(numbers[cells == 0])
    assert np.allclose(found[cells == 0], alone * 1000 / 1999)
    assert (density(np.ones((10, 2))) == 0).all()  # no spread
    assert (density(np.zeros((2, 2))) == 0).all()  # too few
    line = np.stack([np.arange(9.0), np.arange(9.0)], axis=1)
    assert (density(line) == 0).all()
    with pytest.raises(UsageError, match="3 numbers at most"):
        rarity(cells, np.zeros((2000, 4)))
