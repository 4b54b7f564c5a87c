"""Opening whatever has faces in rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from facewright.engine.tabling import open_table
from facewright.errors import DatasetError, FacewrightError, LayoutError, UsageError
from facewright.store.selection import Selection


def write_csv(path: Path) -> Path:
    path.write_text(
        "face_id,photo_id,sex,age,head_pose.yaw,photo.licence\n"
        "a,p,female,30,-20,CC0\n"
        "b,p,male,70,2,CC0\n"
        "c,q,,5,,CC BY 4.0\n"
    )
    return path


def counted(path: Path, name: str, **how: object) -> dict[str, int]:
    table = open_table(path, **how)  # type: ignore[arg-type]
    (coded,) = table.coded([table.attribute(name)])
    return {k: n for k, n in zip(coded.levels, coded.counts.tolist(), strict=True) if n}


def test_a_csv_by_the_names_of_the_record(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv")
    assert counted(path, "pose") == {"left": 1, "front": 1}
    assert counted(path, "licence") == {"CC0": 2, "CC BY 4.0": 1}
    assert counted(path, "age_group") == {"adult": 1, "child": 1, "elderly": 1}


def test_a_condition_and_a_selection_narrow_it(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv")
    Selection(("c", "a", "a")).save(tmp_path / "s.json")
    assert open_table(path, select=tmp_path / "s.json").face_ids == ["c", "a", "a"]
    assert open_table(path, where="age > 20", select=tmp_path / "s.json").face_ids == ["a", "a"]
    Selection(("x",)).save(tmp_path / "bad.json")
    with pytest.raises(UsageError, match="no face 'x'"):
        open_table(path, select=tmp_path / "bad.json")


def test_parquet_and_jsonl(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"file": ["1.png", "2.png"], "race": ["A", "B"]}), tmp_path / "t.parquet"
    )
    assert open_table(tmp_path / "t.parquet").face_ids == ["1.png", "2.png"]
    (tmp_path / "t.jsonl").write_text('{"id": 1, "hair": {"bald": 0.9}}\n{"id": 2}\n')
    assert counted(tmp_path / "t.jsonl", "bald") == {"yes": 1}


def test_rows_without_a_name_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("sex\tn\nmale\t1\nmale\t1\n")
    assert open_table(tmp_path / "t.tsv").face_ids == ["0", "1"]


def test_a_layout_is_read_without_its_pictures(tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text(
        "file,face_id,photo_id,age,head_pose.yaw\nimages/gone.png,a_01,a,61,-40\n"
    )
    assert counted(tmp_path, "age_group") == {"elderly": 1}
    assert counted(tmp_path, "pose") == {"left": 1}


def test_a_layout_without_a_face_says_why(tmp_path: Path) -> None:
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "00000.json").write_text('[{"faceId": 3}]')
    with pytest.raises(LayoutError, match=r"no face .*00000\.json"):
        open_table(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.csv", "face_id,sex\na,male\na,male\n", "occurs twice"),
        ("t.csv", "face_id,sex\n", "no rows"),
        ("t.parquet", "no parquet", "t.parquet"),
        ("t.jsonl", "{[", "t.jsonl"),
    ],
)
def test_what_is_broken_is_said_in_one_line(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DatasetError, match=says) as raised:
        open_table(tmp_path / name)
    assert "\n" not in str(raised.value)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    for name in ("none", "none.csv"):
        with pytest.raises(FacewrightError, match="none"):
            open_table(tmp_path / name)
