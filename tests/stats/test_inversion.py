import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.stats.inversion import inverted, likeliest, taken_for_each_other, tells_apart


@st.composite
def problems(draw) -> tuple[np.ndarray, np.ndarray]:
    """True shares (L,), and a confusion (L, L) whose diagonal dominates."""
    size = draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    matrix = rng.dirichlet(np.ones(size), size) * 0.45 + np.eye(size) * 0.55
    return rng.dirichlet(np.full(size, 0.5)), matrix


def test_rogan_and_gladen() -> None:
    # (0.2 + 0.95 - 1) / (0.9 + 0.95 - 1)
    found = inverted(np.array([0.8, 0.2]), np.array([[0.95, 0.05], [0.1, 0.9]]))
    assert found[1] == pytest.approx(0.15 / 0.85)


@settings(max_examples=50, deadline=None)
@given(problems())
def test_an_exact_confusion_is_undone_exactly(problem) -> None:
    shares, matrix = problem
    np.testing.assert_allclose(likeliest(shares @ matrix, matrix), shares, atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(problems(), st.integers(0, 2**32 - 1))
def test_shares_are_the_likeliest_on_the_simplex(problem, seed) -> None:
    other, matrix = problem
    rng = np.random.default_rng(seed)
    read = rng.dirichlet(np.full(len(other), 0.5))
    found = likeliest(read, matrix)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1)

    def likelihood(shares: np.ndarray) -> float:
        return float((read * np.log(shares @ matrix)).sum())

    assert likelihood(found) >= likelihood(other) - 1e-5


@settings(max_examples=50, deadline=None)
@given(problems())
def test_many_at_once_are_each_alone(problem) -> None:
    shares, matrix = problem
    read = np.stack([shares, shares[::-1]])
    both = likeliest(read, np.stack([matrix, matrix]))
    for one, alone in zip(read, both, strict=True):
        np.testing.assert_allclose(likeliest(one, matrix), alone, atol=1e-4)


@pytest.mark.parametrize(
    ("sensitivity", "specificity", "tells"),
    [(0.6, 0.5, True), (0.5, 0.5, False), (0.2, 0.3, False)],
)
def test_two_levels_need_more_than_chance(sensitivity, specificity, tells) -> None:
    matrix = np.array([[specificity, 1 - specificity], [1 - sensitivity, sensitivity]])
    assert tells_apart(matrix) is tells
    assert taken_for_each_other(matrix) == ([] if tells else [(0, 1)])


def test_a_level_read_like_another_is_not_told_apart() -> None:
    matrix = np.array([[0.9, 0.1, 0.0], [0.0, 0.5, 0.5], [0.0, 0.5, 0.5]])
    assert not tells_apart(matrix)
    assert taken_for_each_other(matrix) == [(1, 2)]
