"""facewright analyse, called as the command calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from facewright.cli.analyse import analyse
from facewright.errors import UsageError


@pytest.fixture
def told(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("sex,age\n" + "female,30\n" * 6 + "male,30\n" * 3 + "male,70\n")
    return path


def test_it_writes_a_folder_and_prints_the_essentials(
    told: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    analyse(told, output=tmp_path / "out")
    said = capsys.readouterr().out
    assert "10 faces counted" in said
    assert "Largest gap: female · adult has 60.0 %" in said
    assert "female" in said
    assert str(tmp_path / "out" / "report.html") in said.replace("\n", "")
    assert (tmp_path / "out" / "report.html").exists()


def test_json_is_the_whole_report(
    told: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    analyse(told, told, output=tmp_path / "out", by=" sex , age_group", where="age < 60", json=True)
    found = json.loads(capsys.readouterr().out)
    assert [one["counts"]["analysed"] for one in found["sets"]] == [9, 9]
    assert found["sets"][0]["part"] == "faces where age < 60"
    assert found["distances"][0]["total_variation"] == 0.0
    assert found == json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))


def test_nothing_to_analyse() -> None:
    with pytest.raises(UsageError, match="name a dataset"):
        analyse()
