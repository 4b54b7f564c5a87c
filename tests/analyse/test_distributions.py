from __future__ import annotations

import pytest

from facewright.analyse.charts import CHARTS
from facewright.analyse.distributions import Distribution, distributions
from facewright.store.dataset import Dataset


@pytest.fixture(scope="module")
def found(dataset_root: object) -> dict[str, Distribution]:
    dataset = Dataset.open(str(dataset_root))
    return {one.chart.title: one for one in distributions(dataset, CHARTS)}


def known(one: Distribution) -> dict[str, int]:
    return {label: number for label, number in one.rows if number}


def test_every_chart_counts_every_kept_face(found: dict[str, Distribution]) -> None:
    assert list(found) == [chart.title for chart in CHARTS]
    assert {one.total for one in found.values()} == {6}


def test_classes_bins_and_unknown(found: dict[str, Distribution]) -> None:
    assert known(found["Apparent sex"]) == {"female": 3, "male": 2}
    assert found["Apparent sex"].unknown == 1
    ages = known(found["Apparent age"])  # 34, unknown, 48, 55, 62, 69
    assert ages == {"30 to 39": 1, "40 to 49": 1, "50 to 59": 1, "60 to 69": 2}
    assert found["Apparent age"].quartiles == (48, 55, 62)
    assert known(found["Expression"]) == {"happiness": 2, "neutral": 3}
    assert known(found["Hair colour"]) == {"brown": 5}
    assert known(found["Glasses"]) == {"no glasses": 3, "reading glasses": 2}
    assert known(found["Head turn (yaw)"]) == {
        "−15 to 0": 1,
        "0 to 15": 2,
        "15 to 30": 1,
        "30 to 45": 1,
    }


def test_the_word_unknown_counts_as_unknown(found: dict[str, Distribution]) -> None:
    one = found["Apparent ethnicity"]
    assert known(one) == {"White": 3}
    assert one.unknown == 3


def test_a_measure_that_nobody_has_is_all_unknown(dataset_root: object) -> None:
    chart = next(chart for chart in CHARTS if chart.title == "Face size")
    other = type(chart)("x", "gaze.yaw", {0: "0"}, measure="gaze.yaw")
    (one,) = distributions(Dataset.open(str(dataset_root)), [other])
    assert (one.unknown, one.quartiles, known(one)) == (6, None, {})
