from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from facewright.analyse.report.files import write_report
from facewright.analyse.report.measure import measure
from facewright.analyse.report.study import Settings
from facewright.engine.tabling import open_table
from facewright.errors import StorageError


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_folder_holds_the_same_numbers_three_times(tmp_path: Path) -> None:
    told = tmp_path / "t.csv"
    told.write_text("sex,age\nfemale,30\nfemale,70\nmale,30\n,30\n")
    written = write_report(measure([open_table(told)], Settings()), tmp_path / "out")
    assert written[-1].name == "report.html"
    assert all(path.stat().st_size for path in written)
    data = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    (sex,) = (one for one in data["sets"][0]["attributes"] if one["name"] == "sex")
    table = [
        row for row in rows_of(tmp_path / "out/tables/attributes.csv") if row["attribute"] == "sex"
    ]
    assert [int(row["faces"]) for row in table] == [2, 1, 1]
    assert table[-1]["label"] == "unknown"
    assert [float(row["share"]) for row in table[:2]] == [one["share"] for one in sex["levels"]]
    cells = rows_of(tmp_path / "out/tables/intersections.csv")
    assert {row["levels"]: int(row["faces"]) for row in cells}["female | adult"] == 1
    schema = json.loads((tmp_path / "out/report.schema.json").read_text())
    assert set(schema["properties"]) == set(data)


def test_no_cell_is_a_spreadsheets_formula(tmp_path: Path) -> None:
    told = tmp_path / "t.csv"
    told.write_text("what\n=1+1\n@x\n=1+1\n")
    write_report(measure([open_table(told)], Settings()), tmp_path / "out")
    for row in rows_of(tmp_path / "out/tables/attributes.csv"):
        assert not row["level"].startswith(("=", "@"))


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    told = tmp_path / "t.csv"
    told.write_text("sex\nmale\n")
    with pytest.raises(StorageError):
        write_report(measure([open_table(told)], Settings()), told / "below-a-file")
