import math

import numpy as np
import pytest

from facewright.attributes.face_table import Coded
from facewright.stats.association import associate, conditional
from helpers.coding import coded, coded_table

# Hair and eye colour of 592 students, Snee (1974), The American Statistician 28
SNEE = [[68, 119, 26, 7], [20, 84, 17, 94], [15, 54, 14, 10], [5, 29, 14, 16]]


def test_snee() -> None:
    found = associate(*coded_table(SNEE))
    # Its chi-square of 138.29 on 9 degrees is in every text; V without correction 0.279.
    assert found.faces == 592
    phi = 138.2898 / 592
    low = phi - 9 / 591
    assert found.cramers_v == pytest.approx(math.sqrt(low / (3 - 9 / 591)), abs=1e-5)
    assert found.p_value == pytest.approx(2.3253e-25, rel=1e-3)


def test_against_scipy() -> None:
    contingency = pytest.importorskip("scipy.stats").chi2_contingency
    rng = np.random.default_rng(0)
    for _ in range(10):
        table = rng.integers(10, 40, (3, 5))
        found, wanted = associate(*coded_table(table)), contingency(table, correction=False)
        n = table.sum()
        phi = max(0.0, wanted.statistic / n - 8 / (n - 1))
        assert found.p_value == pytest.approx(wanted.pvalue, rel=1e-8)
        assert found.cramers_v == pytest.approx(math.sqrt(phi / (2 - 4 / (n - 1))))


def test_against_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    a, b = coded_table(SNEE)
    found = associate(a, b)
    assert found.information == pytest.approx(metrics.mutual_info_score(a.codes, b.codes))
    wanted = metrics.normalized_mutual_info_score(a.codes, b.codes)
    assert found.normalised == pytest.approx(wanted)


def test_an_attribute_tells_itself() -> None:
    a, _ = coded_table(SNEE)
    found = associate(a, a)
    assert found.cramers_v == pytest.approx(1)
    assert found.normalised == pytest.approx(1)


def test_independent_attributes_have_none() -> None:
    found = associate(*coded_table([[10, 20], [30, 60]]))
    assert (found.cramers_v, found.p_value) == (0, pytest.approx(1))
    assert found.information == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("table", [[[5, 5]], [[0, 0], [0, 0]], [[1, 0], [0, 0]]])
def test_what_does_not_vary_has_no_v(table) -> None:
    a, b = coded_table(table)
    found = associate(a, b)
    assert math.isnan(found.cramers_v)
    assert math.isnan(found.p_value)


def test_two_faces_cannot_tell() -> None:
    assert math.isnan(associate(*coded_table([[1, 0], [0, 1]])).cramers_v)


def test_unknown_values_are_left_out() -> None:
    a = coded("a", ("x", "y"), ["x", "x", None, "y", "y", "y"])
    b = coded("b", ("x", "y"), ["x", "x", "y", "y", "y", None])
    assert associate(a, b).faces == 4
    assert associate(a, b).cramers_v == pytest.approx(1)


def test_many_levels_give_the_same_answer_as_few() -> None:
    a, b = coded_table(SNEE)
    wide = Coded(a.attribute, tuple(map(str, range(400_000))), a.codes)
    assert associate(wide, b) == associate(a, b)


def test_conditional_shares() -> None:
    smile = coded("smile", ("no", "yes"), ["yes", "yes", "no", "no", None])
    pose = coded("pose", ("left", "front", "up"), ["front", "front", "front", "left", "left"])
    found = conditional(smile, given=pose)
    assert found.counts.tolist() == [[1, 0], [1, 2], [0, 0]]
    np.testing.assert_allclose(found.shares, [[1, 0], [1 / 3, 2 / 3], [np.nan, np.nan]])
    np.testing.assert_allclose(found.overall, [0.5, 0.5])
    assert (found.low[2].tolist(), found.high[2].tolist()) == ([0, 0], [1, 1])
    assert (found.low[:2] <= found.shares[:2]).all()
    assert (found.high[:2] >= found.shares[:2]).all()
