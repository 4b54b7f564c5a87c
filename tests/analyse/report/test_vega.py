from __future__ import annotations

from pathlib import Path

import pytest

from facewright.analyse.report.measure import measure
from facewright.analyse.report.model import Report
from facewright.analyse.report.study import Settings
from facewright.analyse.report.vega import plots
from facewright.engine.tabling import open_table


@pytest.fixture
def report(tmp_path: Path) -> Report:
    tables = []
    for name in ("mine.csv", "theirs.csv"):
        rows = ["female,30,5,1,a", "male,50,-20,3,b", "male,30,1,-9,a"] * 4
        (tmp_path / name).write_text("\n".join(["sex,age,head_pose.yaw,head_pose.pitch,x", *rows]))
        tables.append(open_table(tmp_path / name))
    return measure(tables, Settings()).report


def test_plots_hold_the_reports_numbers(report: Report) -> None:
    found = dict(plots(report))
    assert set(found) == {"attributes", "intersections", "pairs", "poses"}
    cells = found["intersections"]["data"]["values"]
    adult = next(row for row in cells if row["intersection"] == "male · adult")
    assert adult["share"] == pytest.approx(2 / 3)
    assert sum(row["faces"] for row in found["poses"]["data"]["values"]) == 24


def test_altair_takes_them(report: Report) -> None:
    altair = pytest.importorskip("altair")
    for _, spec in plots(report):
        altair.Chart.from_dict(spec, validate=True)


def test_nothing_to_plot_is_no_plot(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sex\nmale\n")
    found = dict(plots(measure([open_table(tmp_path / "t.csv")], Settings()).report))
    assert set(found) == {"attributes", "intersections"}
