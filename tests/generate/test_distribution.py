"""How values are wanted."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.errors import UsageError
from facewright.generate.distribution import quotas, read_distribution


def drawn(name: str, written: Any, count: int = 100) -> list[Any]:
    return read_distribution(name, written, "here").draw(count, np.random.default_rng(0))


def test_shares_are_met_exactly_in_random_order() -> None:
    values = drawn("sex", {"female": 0.7, "male": 0.3})
    assert Counter(values) == {"female": 70, "male": 30}
    assert values[:70] != ["female"] * 70


def test_a_list_is_shared_out_evenly() -> None:
    assert Counter(drawn("ethnicity", ["white", "black", "white+black"], 9)) == {
        "white": 3,
        "black": 3,
        "white+black": 3,
    }


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [("20..40", 20, 39), (">=80", 80, 90), ("<10", 4, 9), ("4..5", 4, 4)],
)
def test_ranges_of_whole_numbers_leave_out_their_end(written: str, low: int, high: int) -> None:
    values = drawn("age", written, 2000)
    assert (min(values), max(values)) == (low, high)
    assert all(value == int(value) for value in values)


def test_ranges_of_angles_are_even() -> None:
    values = np.array(drawn("yaw", "-30..30", 3000))
    assert values.min() < -28
    assert values.max() > 28
    assert abs(values.mean()) < 1.5
    assert values.std() == pytest.approx(60 / np.sqrt(12), rel=0.03)


def test_a_mean_and_its_limits() -> None:
    values = np.array(drawn("age", {"mean": 35, "std": 10, "min": 18}, 3000))
    assert values.min() >= 18
    assert values.mean() == pytest.approx(36, abs=1)


@pytest.mark.parametrize(
    ("name", "written", "says"),
    [
        ("sex", {"female": 2.0}, r"sex.female must be a share"),
        ("sex", {"female": 0.5, "male": 0.4}, r"sum to 0.9, not to 1"),
        ("sex", "woman", r"'woman'; it can be female, male"),
        ("sex", [], r"empty list"),
        ("hair_colour", "red", r"did you mean hair_color"),
        ("age", "old", r"it can be a number or a range"),
        ("age", 300, r"between 4 and 90"),
        ("age", True, r"it can be a number"),
        ("age", "40..20", r"out of reach"),
        ("age", {"mean": 200, "std": 1}, r"mean of age"),
        ("age", {"mean": 30}, r"mean and std"),
        ("ethnicity", "white+martian", r"'martian'"),
    ],
)
def test_what_cannot_be_read_names_key_and_choice(name: str, written: Any, says: str) -> None:
    with pytest.raises(UsageError, match=says) as raised:
        read_distribution(name, written, "order.toml: attributes")
    assert str(raised.value).startswith("order.toml: attributes:")


@given(st.integers(0, 5000), st.lists(st.floats(0.001, 1), min_size=1, max_size=20))
def test_quotas_sum_up_and_are_within_one_of_their_share(count: int, parts: list[float]) -> None:
    shares = np.array(parts)
    found = quotas(count, shares)
    assert found.sum() == count
    assert (np.abs(found - shares / shares.sum() * count) < 1 + 1e-6).all()
