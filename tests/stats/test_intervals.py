import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.stats.intervals import wilson


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


def test_nothing_counted_leaves_everything_open() -> None:
    assert wilson(0, 0) == (0, 1)


@given(st.integers(1, 5000), st.floats(0, 1))
def test_intervals_hold_the_share_and_widen_with_confidence(n, share) -> None:
    k = round(share * n)
    low, high = wilson(k, n)
    wider = wilson(k, n, 0.99)
    assert 0 <= wider[0] <= low <= k / n <= high <= wider[1] <= 1
