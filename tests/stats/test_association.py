import math

import numpy as np
import pytest

from facewright.attributes.attribute import Attribute
from facewright.attributes.face_table import Coded
from facewright.stats.association import (
    associate,
    associations,
    conditional,
    cramers_v,
    mutual_information,
)
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
        table = rng.integers(1, 30, (3, 5))
        found, wanted = associate(*coded_table(table)), contingency(table, correction=False)
        n = table.sum()
        phi = max(0.0, wanted.statistic / n - 8 / (n - 1))
        assert found.p_value == pytest.approx(wanted.pvalue, rel=1e-8)
        assert found.cramers_v == pytest.approx(math.sqrt(phi / (2 - 4 / (n - 1))))


def test_against_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    a, b = coded_table(SNEE)
    found = associate(a, b)
    assert mutual_information(a, b) == pytest.approx(metrics.mutual_info_score(a.codes, b.codes))
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
    assert math.isnan(cramers_v(a, b))
    assert math.isnan(associate(a, b).p_value)


def test_two_faces_cannot_tell() -> None:
    assert math.isnan(cramers_v(*coded_table([[1, 0], [0, 1]])))


def test_unknown_values_are_left_out() -> None:
    a = coded("a", ("x", "y"), ["x", "x", None, "y", "y", "y"])
    b = coded("b", ("x", "y"), ["x", "x", "y", "y", "y", None])
    assert associate(a, b).faces == 4
    assert cramers_v(a, b) == pytest.approx(1)


def test_many_levels_give_the_same_answer_as_few() -> None:
    a, b = coded_table(SNEE)
    wide = Coded(a.attribute, tuple(map(str, range(400_000))), a.codes)
    assert associate(wide, b) == associate(a, b)


def test_pairs_come_strongest_first_and_those_without_v_last() -> None:
    a, b = coded_table(SNEE)
    same = Coded(Attribute("same", "same", "same"), a.levels, a.codes)
    still = Coded(Attribute("still", "still", "still"), ("0",), np.zeros(592, np.int32))
    found = associations([a, b, still, same])
    assert [(each.first, each.second) for each in found][:1] == [("row", "same")]
    assert [math.isnan(each.cramers_v) for each in found] == [False] * 3 + [True] * 3
    assert associations([a]) == []


def test_pairs_made_from_one_column_are_left_out() -> None:
    a, b = coded_table(SNEE)
    of_yaw = [
        Coded(
            Attribute(name, name, name, None, {"head_pose.yaw": "number"}), each.levels, each.codes
        )
        for name, each in (("pose", a), ("yaw", b))
    ]
    assert [each.second for each in associations([*of_yaw, b])] == ["column", "column"]


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
