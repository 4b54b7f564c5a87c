import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.stats.intervals import goodman, jeffreys, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_of_newcombes_table(k: int, n: int, low: float, high: float) -> None:
    assert np.round(wilson(k, n), 4) == pytest.approx([low, high])


def test_goodman_of_sison_and_glaz() -> None:
    # Sison and Glaz (1995), JASA 90, example 1
    low, high = goodman(np.array([56, 72, 73, 59, 62, 87, 58]))
    wanted = [0.085, 0.115, 0.116, 0.091, 0.096, 0.143, 0.089]
    assert np.round(low, 3).tolist() == pytest.approx(wanted)
    assert np.round(high, 3).tolist() == pytest.approx(
        [0.166, 0.204, 0.207, 0.173, 0.181, 0.239, 0.171]
    )


def test_jeffreys_is_scipys_beta() -> None:
    beta = pytest.importorskip("scipy.stats").beta
    k = np.arange(51)
    low, high = jeffreys(k, 50)
    np.testing.assert_allclose(low[1:], beta.ppf(0.025, k[1:] + 0.5, 50.5 - k[1:]))
    np.testing.assert_allclose(high[:-1], beta.ppf(0.975, k[:-1] + 0.5, 50.5 - k[:-1]))
    assert (low[0], high[-1]) == (0, 1)


def test_nothing_counted_leaves_everything_open() -> None:
    assert wilson(0, 0) == (0, 1)
    assert jeffreys(0, 0) == (0, 1)
    assert [bound.tolist() for bound in goodman(np.zeros(2, np.int64))] == [[0, 0], [1, 1]]


@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([wilson, jeffreys]))
def test_intervals_hold_the_share_and_widen_with_confidence(n, share, interval) -> None:
    k = round(share * n)
    low, high = interval(k, n)
    wider = interval(k, n, 0.99)
    assert 0 <= wider[0] <= low <= k / n <= high <= wider[1] <= 1
