"""Token buckets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facewright.server.auth.rates import Buckets, Rate


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_the_rate() -> None:
    clock = Clock()
    buckets, rate = Buckets(clock), Rate(2.0, 3.0)
    assert [buckets.take("a", rate) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert buckets.take("a", rate) == 0.5
    assert buckets.take("b", rate) == 0.0
    clock.now = 0.5
    assert buckets.take("a", rate) == 0.0
    assert buckets.take("a", rate) == 0.5


@given(st.lists(st.floats(0.0, 2.0), max_size=60))
def test_never_more_than_burst_and_rate_allow(steps: list[float]) -> None:
    clock = Clock()
    buckets, rate = Buckets(clock), Rate(5.0, 4.0)
    passed = 0
    for step in steps:
        clock.now += step
        passed += buckets.take("a", rate) == 0.0
        assert passed <= 4.0 + 5.0 * clock.now + 1e-6
