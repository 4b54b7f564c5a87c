"""What a selection says of how it was balanced, in the report."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from facewright.analyse.report.balanced import balanced
from facewright.analyse.report.measure import measure
from facewright.analyse.report.study import Settings
from facewright.attributes.face_table import FaceTable
from facewright.store.selection import Selection


def test_before_and_after_are_told(tmp_path: Path) -> None:
    sides = {
        "before": {"total_variation": 0.25, "kl_divergence": None},
        "after": {"total_variation": 0.0, "kl_divergence": 0.0},
    }
    path = tmp_path / "s.json"
    Selection(("a", "b"), target="equal over sex", distances={"sex": sides}).save(path)
    (moved,) = balanced(path)
    assert (moved.total_variation_before, moved.total_variation_after) == (0.25, 0.0)
    assert (moved.kl_before, moved.kl_after) == (None, 0.0)
    table = FaceTable("t", pa.table({"face_id": ["a", "b"], "sex": ["female", "male"]}))
    report = measure([table], Settings(select=path)).report
    assert report.sets[0].balanced == (moved,)
    assert report.sets[0].findings[0].startswith("Balanced for equal over sex: sex lay 25.0 %")


def test_other_selections_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    Selection(("a",)).save(path)
    assert balanced(path) == ()
    assert balanced(None) == ()
    path.write_text(
        '{"face_ids": ["a"], "distances": {"sex": 3, "age": {"before": {"total_variation": "x"}}}}'
    )
    assert [row.total_variation_before for row in balanced(path)] == [None, None]
