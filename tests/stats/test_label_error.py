import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.stats.label_error import Confusion, Corrected, corrected, corrected_faces
from helpers.coding import coded

TWO = ("no", "yes")
THREE = [[0.9, 0.07, 0.03], [0.1, 0.8, 0.1], [0.02, 0.08, 0.9]]


def confusion(counts, levels=TWO) -> Confusion:
    return Confusion("beard", levels, np.array(counts), "a test")


def test_rogan_and_gladen_beside_the_raw_shares() -> None:
    found = corrected(np.array([8000, 2000]), confusion([[950, 50], [100, 900]]))
    assert found.raw[1] == 0.2
    assert found.shares[1] == pytest.approx(0.15 / 0.85)
    assert found.low[1] < found.shares[1] < found.high[1]
    assert found.raw_low[1] < 0.2 < found.raw_high[1]
    assert (found.problem, found.clipped, found.checked, found.notes) == ("", False, 2000, ())
    assert found.high[1] - found.low[1] > found.raw_high[1] - found.raw_low[1]


def test_shares_outside_of_0_to_1_are_clipped_and_it_is_said() -> None:
    # 4 positive of 80 at sensitivity 0.9, specificity 0.75: below what errors alone would give
    found = corrected(np.array([76, 4]), confusion([[75, 25], [10, 90]]))
    assert found.shares.tolist() == [1, 0]
    assert found.clipped
    assert "held to 0..1" in found.notes[-1]
    assert 0 == found.low[1] <= found.high[1] < 0.1


@pytest.mark.parametrize("counts", [[[5, 5], [5, 5]], [[2, 8], [9, 1]]])
def test_no_number_where_reading_tells_nothing(counts) -> None:
    found = corrected(np.array([60, 40]), confusion(counts))
    assert "sensitivity" in found.problem
    assert "not above 1 ('yes' being positive)" in found.problem
    assert np.isnan([found.shares, found.low, found.high]).all()
    assert found.raw.tolist() == [0.6, 0.4]


def test_of_more_levels_those_taken_for_each_other_are_named() -> None:
    levels = ("brown", "blue", "gray")
    found = corrected(np.array([5, 5, 5]), confusion([[9, 1, 0], [0, 4, 6], [0, 6, 4]], levels))
    assert found.problem.endswith("apart, such as 'blue' and 'gray'")


@pytest.mark.parametrize(
    ("counts", "checked", "what"),
    [
        ([0, 0], [[9, 1], [1, 9]], "not known of any face"),
        ([5, 5], [[0, 0], [0, 0]], "no face was checked"),
        ([5, 5], [[9, 1], [0, 0]], "only faces that truly are 'no'"),
    ],
)
def test_what_cannot_be_corrected_says_why(counts, checked, what) -> None:
    found = corrected(np.array(counts), confusion(checked))
    assert what in found.problem
    assert np.isnan(found.shares).all()


def test_levels_never_read_as_one_of_each_other() -> None:
    levels = ("a", "b", "c")
    found = corrected(np.array([0, 0, 9]), confusion([[9, 0, 1], [0, 9, 1], [0, 0, 0]], levels))
    assert "never read" in found.problem


def test_a_level_that_nobody_checked_is_left_as_read() -> None:
    levels = ("no", "yes", "goatee")
    counts = np.array([700, 200, 100])
    found = corrected(counts, confusion([[95, 5, 0], [10, 88, 2], [0, 0, 0]], levels))
    assert found.shares[2] == 0.1
    assert np.isnan(found.low[2])
    assert found.shares.sum() == pytest.approx(1)
    assert found.notes == ("no face that truly is goatee was checked: left as read",)


def test_few_checked_faces_are_noted() -> None:
    found = corrected(np.array([70, 30]), confusion([[90, 10], [0, 3]]))
    assert found.notes == ("few checked faces truly are yes (3)",)


def test_one_face() -> None:
    found = corrected(np.array([0, 1]), confusion([[90, 10], [5, 95]]))
    assert found.shares.tolist() == [0, 1]
    assert found.low[1] < 0.5


def test_levels_are_matched_by_their_keys() -> None:
    read = coded("beard", ("yes", "no"), ["yes"] * 20 + ["no"] * 80 + [None] * 7)
    found = corrected_faces(read, confusion([[950, 50], [100, 900]]))
    assert found.levels == ("yes", "no")
    assert found.shares[0] == pytest.approx(0.15 / 0.85)
    assert found.counts.sum() == 100


def test_counts_of_other_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="3"):
        corrected(np.array([1, 2, 3]), confusion([[9, 1], [1, 9]]))


def test_equal_seeds_give_equal_intervals() -> None:
    first, second = (corrected(np.array([80, 20]), confusion([[9, 1], [2, 8]])) for _ in range(2))
    assert first.low.tolist() == second.low.tolist()


def test_intervals_widen_as_the_audit_shrinks() -> None:
    widths = []
    for scale in (1000, 100, 10, 1):
        audit = confusion(np.array([[18, 2], [1, 9]]) * scale)
        found = corrected(np.array([70_000, 30_000]), audit)
        widths.append(found.high[1] - found.low[1])
    assert widths == sorted(widths)
    assert widths[-1] > 10 * widths[0]


def test_a_perfect_but_small_audit_is_not_taken_for_certain() -> None:
    found = corrected(np.array([70_000, 30_000]), confusion([[20, 0], [0, 20]]))
    assert found.shares[1] == 0.3
    assert found.high[1] - found.low[1] > 0.05


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_corrected_shares_are_shares_within_their_intervals(size, seed) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 50, size) + np.eye(size, dtype=int)[0]
    audit = rng.integers(0, 5, (size, size)) + 10 * np.eye(size, dtype=int)
    found = corrected(counts, confusion(audit, tuple(map(str, range(size)))), draws=200)
    assert found.shares.sum() == pytest.approx(1)
    assert ((found.low <= found.shares) & (found.shares <= found.high)).all()
    assert (found.low >= 0).all()
    assert (found.high <= 1).all()


def hits(shares, matrix, faces: int, audited: int, repeats: int = 250) -> np.ndarray:
    """How often the interval of each level holds its true share."""
    rng = np.random.default_rng(0)
    true, rows = np.array(shares), np.array(matrix)
    levels = tuple(map(str, range(len(true))))
    held = []
    for seed in range(repeats):
        read = rng.multinomial(faces, true @ rows)
        audit = rng.multinomial(audited, (true[:, None] * rows).ravel()).reshape(rows.shape)
        found: Corrected = corrected(read, confusion(audit, levels), seed=seed, draws=300)
        held.append((found.low <= true) & (true <= found.high))
    return np.mean(held, axis=0)


@pytest.mark.parametrize(
    ("shares", "matrix", "faces", "audited"),
    [
        ([0.9, 0.1], [[0.95, 0.05], [0.1, 0.9]], 20_000, 200),
        ([0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]], 500, 100),
        ([0.7, 0.3], [[0.97, 0.03], [0.1, 0.9]], 70_000, 1000),
        ([0.5, 0.3, 0.2], THREE, 5000, 100),
        ([0.7, 0.25, 0.05], THREE, 5000, 500),
    ],
)
def test_95_percent_of_intervals_hold_the_truth(shares, matrix, faces, audited) -> None:
    # 250 repeats at 95 %: standard deviation 1.4 %
    found = hits(shares, matrix, faces, audited)
    assert (found >= 0.91).all()
    assert found.mean() <= 0.99
