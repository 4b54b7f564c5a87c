from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from facewright.annotators.learn.linear import Head, load_heads, save_heads, softmax
from facewright.errors import UsageError


def make_head(**changes) -> Head:
    rng = np.random.default_rng(0)
    head = Head(
        name="hats",
        classes=("none", "cap", "crown"),
        features=("a", "b"),
        widths=(2, 3),
        coef=rng.normal(size=(5, 3)).astype(np.float32),
        intercept=np.array([0.1, 0.2, 0.3], np.float32),
        slope=0.7,
        offset=np.array([0.5, 0.0, -0.5], np.float32),
        report={"n": 3},
    )
    return replace(head, **changes)


FEATURES = {"a": np.ones((4, 2)), "b": np.arange(12.0).reshape(4, 3), "other": np.zeros((4, 9))}


def test_predicts_the_calibrated_softmax_of_all_groups():
    head = make_head()
    rows = np.concatenate([FEATURES["a"], FEATURES["b"]], axis=1)
    scores = rows @ head.coef + head.intercept
    expected = softmax(0.7 * scores + head.offset)
    assert head.predict(FEATURES) == pytest.approx(expected, abs=1e-6)
    assert head.probability(FEATURES, "cap") == pytest.approx(expected[:, 1], abs=1e-6)


@given(arrays(np.float64, (5, 3), elements=st.floats(-1e3, 1e3)), st.floats(-50, 50))
def test_softmax_sums_to_one_and_ignores_a_shift(scores, shift):
    shares = softmax(scores)
    assert shares.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert softmax(scores + shift) == pytest.approx(shares, abs=1e-4)


def test_no_rows_and_unknown_rows():
    head = make_head()
    assert head.predict({"a": np.zeros((0, 2)), "b": np.zeros((0, 3))}).shape == (0, 3)
    with_gap = {**FEATURES, "a": np.array([[np.nan, 1], [1, 1], [1, 1], [1, 1]])}
    assert np.isnan(head.predict(with_gap)).any(axis=1).tolist() == [True, False, False, False]


def test_says_which_feature_is_missing_or_of_another_width():
    with pytest.raises(UsageError, match="'b'"):
        make_head().predict({"a": np.ones((4, 2))})
    with pytest.raises(UsageError, match=r"\(N, 2\)"):
        make_head().predict({**FEATURES, "a": np.ones((4, 7))})


def test_a_saved_head_comes_back_the_same_and_saves_to_the_same_bytes(tmp_path):
    head = make_head()
    save_heads(tmp_path / "one.npz", [head, make_head(name="again")])
    first, second = load_heads(tmp_path / "one.npz")
    assert first.sha256 == head.sha256
    assert (first.name, second.name, first.report) == ("hats", "again", {"n": 3})
    assert np.array_equal(first.predict(FEATURES), head.predict(FEATURES))
    save_heads(tmp_path / "two.npz", [first, second])
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_sha256_covers_what_decides_the_prediction_and_nothing_else():
    head = make_head()
    assert make_head(slope=0.71).sha256 != head.sha256
    assert make_head(offset=np.zeros(3, np.float32)).sha256 != head.sha256
    assert make_head(report={}).sha256 == head.sha256


def test_files_that_are_no_heads_are_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        load_heads(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("hello")
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    np.savez(tmp_path / "pickle.npz", meta=np.array([{"a": 1}], object))
    save_heads(tmp_path / "odd.npz", [make_head(widths=(2, 2))])
    save_heads(tmp_path / "cut.npz", [make_head()])
    whole = (tmp_path / "cut.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[: len(whole) // 2])
    for name in ("text", "other", "pickle", "odd", "cut"):
        with pytest.raises(UsageError, match="not a heads file"):
            load_heads(tmp_path / f"{name}.npz")
