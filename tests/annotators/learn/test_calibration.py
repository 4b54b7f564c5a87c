import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.annotators.learn.calibration import (
    auc,
    averaged,
    expected_calibration_error,
    fit_calibration,
    report,
)


def drawn(slope: float, offset: float, count: int = 4000):
    """Scores (N, 2) and labels whose true log odds are slope x score + offset."""
    rng = np.random.default_rng(3)
    scores = np.stack([np.zeros(count), rng.normal(0, 2, count)], axis=1)
    odds = slope * scores[:, 1] + offset
    return scores, (rng.random(count) < 1 / (1 + np.exp(-odds))).astype(np.intp)


@pytest.mark.slow
@settings(deadline=None, max_examples=15)
@given(st.floats(0.3, 3.0), st.floats(-2.0, 2.0))
def test_finds_the_slope_and_offset_that_labels_were_drawn_with(slope, offset):
    scores, labels = drawn(slope, offset)
    found = fit_calibration(scores, labels)
    assert found.slope == pytest.approx(slope, rel=0.25)
    assert found.offset[1] - found.offset[0] == pytest.approx(offset, abs=0.3)
    assert expected_calibration_error(found(scores), labels) < 0.03


def test_separable_scores_do_not_end_in_certainty():
    scores = np.stack([np.zeros(20), np.linspace(-5, 5, 20)], axis=1)
    labels = (scores[:, 1] > 0).astype(np.intp)
    shares = fit_calibration(scores, labels)(scores)
    assert (shares.argmax(axis=1) == labels).all()
    assert shares.max() < 0.9999


def test_a_class_that_nobody_has_and_balance():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(60, 3))
    labels = (rng.random(60) < 0.1).astype(np.intp)
    plain = fit_calibration(scores, labels)(scores)
    assert np.isfinite(plain).all()
    balanced = fit_calibration(scores, labels, balanced=True)(scores)
    assert balanced[:, 1].mean() > plain[:, 1].mean() + 0.2


def test_auc_counts_pairs():
    truth, score = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.4, 0.9])
    assert auc(truth, score) == pytest.approx((1 + 1 + 1 + 0.5) / 4)
    assert np.isnan(auc(np.ones(3), np.arange(3)))


def test_report_breaks_errors_down():
    shares = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.7, 0.3], [np.nan, np.nan]])
    labels = np.array([0, 0, 1, 1, -1])
    found = report(("no", "yes"), shares, labels, {"sex": np.array(["f", "f", "f", "m", "m"])})
    assert found["confusion"] == [[2, 0], [1, 1]]
    assert (found["n"], found["accuracy"], found["recall"]["yes"]) == (4, 0.75, 0.5)
    assert found["by"]["sex"]["f"]["accuracy"] == 1.0
    assert found["by"]["sex"]["m"] == {**found["by"]["sex"]["m"], "n": 1, "accuracy": 0.0}
    assert averaged([found, found]) == found
