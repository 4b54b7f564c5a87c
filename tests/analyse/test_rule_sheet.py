"""Contact sheets of dropped faces, on a small real dataset."""

import pytest
from PIL import Image

from facewright.analyse.rule_sheet import write_rule_sheets
from facewright.engine.ruling import judge_dataset
from facewright.errors import UsageError
from facewright.recipe import RuleSettings


@pytest.fixture
def ruling(dataset_root):
    rules = {"pose": {"yaw": [-15, 10]}, "sql": {"drop_where": "sex = 'male'"}, "blur": {}}
    return judge_dataset(dataset_root, RuleSettings.model_validate(rules))


def test_one_picture_has_a_row_a_rule(ruling, tmp_path):
    made = write_rule_sheets(ruling, tmp_path / "dropped.png")
    assert [sheet.reason for sheet in made] == ["min_face_size", "pose", "sql"]
    counts = {count.name: count.alone for count in ruling.judgement.counts}
    assert {sheet.reason: sheet.dropped for sheet in made} == {
        name: counts[name] for name in ("min_face_size", "pose", "sql")
    }
    with Image.open(tmp_path / "dropped.png") as sheet:
        assert sheet.height > 3 * 200
        assert sheet.width > 8 * 200


def test_a_folder_has_a_picture_a_rule(ruling, tmp_path):
    made = write_rule_sheets(ruling, tmp_path / "dropped", limit=2)
    assert sorted(path.name for path in (tmp_path / "dropped").iterdir()) == [
        "min_face_size.jpg",
        "pose.jpg",
        "sql.jpg",
    ]
    assert all(sheet.shown <= 2 for sheet in made)


def test_where_nothing_is_dropped_it_says_so(dataset_root, tmp_path):
    nothing = RuleSettings(mesh_presence=0, min_face_size=0)
    ruling = judge_dataset(dataset_root, nothing)
    assert [s.reason for s in write_rule_sheets(ruling, tmp_path / "a.jpg")] == ["no_crop"]


def test_wrong_use(ruling, tmp_path):
    with pytest.raises(UsageError, match=r"\.jpg, \.png or \.webp"):
        write_rule_sheets(ruling, tmp_path / "sheet.gif")
    with pytest.raises(UsageError, match="1 to"):
        write_rule_sheets(ruling, tmp_path / "folder", limit=0)
