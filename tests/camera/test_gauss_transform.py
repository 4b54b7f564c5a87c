"""Fast sums against slow ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.camera import gauss_transform
from facewright.camera.gauss_transform import ERROR, exact_sums, gauss_sums


@pytest.fixture
def always_fast(monkeypatch):
    monkeypatch.setattr(gauss_transform, "_FEW_PAIRS", 0)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.floats(0.0, 12.0), st.integers(0, 2**32))
def test_within_the_stated_bound(count, spread, seed):
    rng = np.random.default_rng(seed)
    sources = rng.normal(size=(count, 2)) * (spread, spread / 3)
    targets = np.concatenate([sources, rng.uniform(-30, 30, (50, 2))])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gauss_transform, "_FEW_PAIRS", 0)
        fast = gauss_sums(sources, targets)
    error = np.abs(fast - exact_sums(sources, targets)).max()
    assert error <= ERROR * count


@pytest.mark.usefixtures("always_fast")
def test_points_on_cell_borders():
    grid = np.stack(np.meshgrid(np.arange(9.0), np.arange(7.0)), -1).reshape(-1, 2)
    np.testing.assert_allclose(gauss_sums(grid, grid), exact_sums(grid, grid), atol=1e-12)


@pytest.mark.usefixtures("always_fast")
def test_points_far_off_cost_nothing_and_hurt_nobody():
    rng = np.random.default_rng(1)
    sources = np.concatenate([rng.normal(size=(50, 2)), [(1e5, 1e5), (-1e7, 3.0)]])
    targets = np.concatenate([sources, [(1e9, -1e9), (12.0, 12.0)]])
    np.testing.assert_allclose(
        gauss_sums(sources, targets), exact_sums(sources, targets), atol=1e-9
    )


@pytest.mark.usefixtures("always_fast")
def test_points_in_too_many_cells_are_summed_one_by_one(monkeypatch):
    monkeypatch.setattr(gauss_transform, "_MOST_NODES", 1000)
    sources = np.random.default_rng(1).normal(size=(50, 2)) * 9
    np.testing.assert_array_equal(gauss_sums(sources, sources), exact_sums(sources, sources))


def test_exact_sums_in_blocks(monkeypatch):
    rng = np.random.default_rng(2)
    points = rng.normal(size=(37, 2))
    whole = exact_sums(points, points)
    monkeypatch.setattr(gauss_transform, "_BLOCK", 100)
    np.testing.assert_array_equal(exact_sums(points, points), whole)
