"""What each rule drops, keeps and cannot judge."""

import json

import numpy as np
import pyarrow as pa
import pytest

from facewright.attributes.face_table import FaceTable
from facewright.engine.judging import judge
from facewright.errors import UsageError
from facewright.recipe import RuleSettings
from facewright.store.selection import Selection
from helpers.judging import OFF, dropped, faces, ruled, table, unknown, write_dataset

NAN = float("nan")


@pytest.mark.parametrize(
    ("leaf", "values", "rules", "gone"),
    [
        ("blur.value", [0.1, 0.75, 0.76], {"blur": {}}, [2]),
        ("blur.value", [0.1, 0.75, 0.76], {"blur": {"max": 0.05}}, [0, 1, 2]),
        ("exposure.value", [0.2, 0.25, 0.75, 0.8], {"exposure": {}}, [0, 3]),
        ("noise.value", [0.7, 0.71], {"noise": {}}, [1]),
        ("quality.sharpness", [1.4, 1.5], {"sharpness": {"min": 1.5}}, [0]),
        ("detection_score", [0.799, 0.8], {"detection_score": {}}, [0]),
        ("mesh_presence", [0.499, 0.5], {"mesh_presence": 0.5}, [0]),
        ("quality.face_size", [63.99, 64.0], {"min_face_size": 64}, [0]),
        ("head_pose.yaw", [-46, -45, 45, 45.1], {"pose": {"yaw": [-45, 45]}}, [0, 3]),
        ("head_pose.pitch", [-46, 1, 45.1], {"pose": {"pitch": [0, 5], "roll": [0, 1]}}, [0, 2]),
    ],
)
def test_limits_belong_to_what_is_kept(leaf, values, rules, gone):
    """0.7 of 32 bits is 0.7, not a little below it."""
    shown = table({leaf: np.array([*values, NAN])})
    assert dropped(shown, **rules) == gone
    assert len(values) in unknown(shown, **rules)


def test_pose_judges_the_axes_that_it_knows():
    shown = table({"head_pose.yaw": np.array([60.0, 0.0]), "head_pose.roll": np.array([NAN, NAN])})
    rules = {"pose": {"yaw": [-45, 45], "roll": [-5, 5]}}
    assert dropped(shown, **rules) == [0]
    assert unknown(shown, **rules) == [1]


EYES = {
    "eye_state.left": ["closed", "closed", "squint", "open", None, "closed"],
    "eye_state.right": ["closed", "open", "squint", "open", "closed", None],
    "confidence.eye_state": np.array([0.9, 0.9, 0.9, 0.9, 0.9, 0.2]),
}


@pytest.mark.parametrize(
    ("rule", "gone", "silent"),
    [
        ({}, [0], [4, 5]),
        ({"which": "either"}, [0, 1, 4, 5], []),
        ({"which": "either", "sure": 0.5}, [0, 1, 4], [5]),
        ({"drop": "squint"}, [0, 2], [4, 5]),
    ],
)
def test_eyes(rule, gone, silent):
    assert dropped(table(EYES), eyes=rule) == gone
    assert unknown(table(EYES), eyes=rule) == silent


def test_occlusion_by_part_and_sureness():
    shown = table(
        {
            "occlusion.mouth": [True, False, None],
            "occlusion.forehead": [False, True, True],
            "confidence.mouth_occluded": np.array([0.4, 0.9, NAN]),
        }
    )
    assert dropped(shown, occlusion={"parts": ["mouth"]}) == [0]
    assert unknown(shown, occlusion={"parts": ["mouth"]}) == [2]
    assert dropped(shown, occlusion={"parts": ["forehead", "mouth"]}) == [0, 1, 2]
    assert dropped(shown, occlusion={"parts": ["mouth"], "sure": 0.5}) == []
    assert unknown(shown, occlusion={"parts": ["mouth"], "sure": 0.5}) == [0, 2]
    assert unknown(shown, occlusion={"parts": ["eye"]}) == [0, 1, 2]


def test_the_lowest_of_the_dataset():
    shown = table({"quality.overall": np.array([0.5, 0.1, 0.9, 0.3, NAN])})
    assert dropped(shown, quality_percentile={"lowest": 50}) == [1, 3]
    assert dropped(shown, quality_percentile={"lowest": 0}) == []
    assert dropped(shown, quality_percentile={"lowest": 100}) == [0, 1, 2, 3]
    assert unknown(shown, quality_percentile={}) == [4]


def test_ties_at_the_percentile_are_kept():
    shown = table({"quality.overall": np.array([0.2, 0.2, 0.2, 0.9])})
    assert dropped(shown, quality_percentile={"lowest": 50}) == []


def test_the_lowest_of_each_class():
    shown = table(
        {
            "quality.overall": np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9, 0.0]),
            "sex": [*["male"] * 3, *["female"] * 3, None],
        }
    )
    assert dropped(shown, quality_percentile={"lowest": 34, "within": "sex"}) == [0, 3]
    assert unknown(shown, quality_percentile={"lowest": 34, "within": "sex"}) == [6]


def crowd(**changes):
    """Two faces side by side, one far away, one alone in its photo."""
    columns = {
        "photo_id": ["p000", "p000", "p000", "p001"],
        "rectangle.left": np.array([0, 90, 500, 0]),
        "rectangle.top": np.array([0, 0, 0, 0]),
        "rectangle.width": np.array([100, 20, 100, 100]),
        "rectangle.height": np.array([100, 100, 100, 100]),
        "mesh_presence": np.ones(4),
    }
    return table({**columns, **changes})


def test_boxes_that_overlap():
    """Half of the narrow face is covered, a tenth of the wide one."""
    assert dropped(crowd(), crowded={"overlap": 0.1, "eyes": False}) == [1]
    assert dropped(crowd(), crowded={"overlap": 0.09, "eyes": False}) == [0, 1]
    assert dropped(crowd(), crowded={"overlap": 1, "eyes": False}) == []


def test_detections_that_are_no_faces_crowd_nobody():
    ghost = crowd(mesh_presence=np.array([0.1, 1, 1, 1]))
    assert dropped(ghost, crowded={"overlap": 0, "eyes": False}) == [0]


def test_unknown_boxes_are_said():
    columns = {"rectangle.left": [0, None, 500, None]}
    rules = {"crowded": {"overlap": 0.2, "eyes": False}}
    assert dropped(crowd(**columns), **rules) == []
    assert unknown(crowd(**columns), **rules) == [0, 1, 2]


def crop(left, top, side):
    right, bottom = left + side, top + side
    quad = [left, top, left, bottom, right, bottom, right, top]
    place = {"shard": "crops/x/0.tar", "offset": 512, "length": 9, "outside": 0.0}
    return {
        "alignment": "ffhq",
        "size": 64,
        "format": "png",
        **place,
        "quad": list(map(float, quad)),
    }


def points(shifts):
    """Six points of an eye at (40, 40), moved to the right."""
    moved = np.full((len(shifts), 6, 2), 40.0)
    moved[:, :, 0] += np.array(shifts)[:, None]
    return moved


def test_eyes_of_another_in_the_crop(tmp_path):
    """The right eye of the second face lies in the crop of the first; boxes hardly touch."""
    columns = {
        "photo_id": ["p", "p", "q"],
        "rectangle.left": [20, 85, 0],
        "rectangle.top": [0, 0, 0],
        "rectangle.width": [60, 80, 50],
        "rectangle.height": [90, 90, 50],
        "crops": [[crop(0, 0, 100)], [crop(80, 0, 100)], [crop(0, 0, 60)]],
        "landmarks.right_eye": points([0, 55, 0]),
        "landmarks.left_eye": points([30, 110, 20]),
    }
    root = write_dataset(tmp_path / "set", faces(3, columns), parts=1)
    found = judge(root, RuleSettings.model_validate({**OFF, "crowded": {}})).judgement
    assert found.kept.tolist() == [False, True, True]
    assert not found.unknown.any()
    bare = table(columns)  # the long columns of a bare table are not read
    assert unknown(bare, crowded={}) == [0, 1]
    assert dropped(bare, crowded={"eyes": False}) == []


def test_already_aligned():
    crops = [[crop(-0.5, -0.5, 100)], [crop(30, 30, 40)], [crop(-0.5, -0.5, 100)], []]
    shown = table({"crops": crops}, {"width": [100, 100, 100, 100], "height": [100, 100, 120, 100]})
    assert dropped(shown, already_aligned={}) == [0]
    assert unknown(shown, already_aligned={}) == [3]
    assert dropped(shown, already_aligned={"tolerance": 2.0}) == [0, 1]


LICENCES = {
    "licence": ["CC BY 4.0", "CC BY-NC-SA 2.0", "CC0", None, "my own words", "All rights reserved"],
}


@pytest.mark.parametrize(
    ("rule", "gone", "silent"),
    [
        ({"commercial": True}, [1, 5], [3, 4]),
        ({"commercial": True, "unknown": True}, [1, 3, 4, 5], []),
        ({"allow": ["cc-by-4*", "CC0*"]}, [1, 3, 4, 5], []),
        ({"deny": ["*-NC-*", "my own*"]}, [1, 4], []),
        ({"audience": "public"}, [5], []),
        ({"audience": "private", "unknown": True}, [3, 4], []),
    ],
)
def test_licences(rule, gone, silent):
    shown = table({"age": np.ones(6)}, LICENCES)
    assert dropped(shown, licence_policy=rule) == gone
    assert unknown(shown, licence_policy=rule) == silent


def test_values_that_must_be_known():
    shown = table(
        {
            "sex": ["male", None, "female", None],
            "age": np.array([3, 4, NAN, NAN]),
            "apparent_ethnicity": ["unknown", "white", "white", "white"],
        }
    )
    assert dropped(shown, missing={"attributes": ["sex", "age"]}) == [1, 2, 3]
    assert dropped(shown, missing={"attributes": ["sex", "age"], "which": "all"}) == [3]
    assert dropped(shown, missing={"attributes": ["apparent_ethnicity"]}) == [0]
    assert dropped(shown, missing={"attributes": ["apparent_ethnicity", "hair"]}) == [0, 1, 2, 3]
    with pytest.raises(UsageError, match=r"rules\.missing.*'sexx'.*near: sex"):
        dropped(shown, missing={"attributes": ["sexx"]})


def test_conditions_of_sql_several_of_them_and_of_the_photo():
    shown = table(
        {"age": np.array([10, 40, NAN]), "head_pose.yaw": np.array([1, 50, 2])},
        {"licence": ["CC0", None, "CC0"]},
    )
    assert dropped(shown, sql={"drop_where": "age < 18"}) == [0]
    assert unknown(shown, sql={"drop_where": "age < 18"}) == [2]
    several = {"young": {"drop_where": "age < 18"}, "turned": {"drop_where": "head_pose.yaw > 30"}}
    ruling = ruled(shown, sql=several)
    assert ruling.judgement.names == ("sql.young", "sql.turned")
    assert ruling.judgement.column().to_pylist() == [["sql.young"], ["sql.turned"], []]
    assert dropped(shown, sql={"drop_where": "photo.licence = 'CC0' and age is null"}) == [2]
    assert dropped(shown, sql={"drop_where": "age = max(age) over ()  -- the oldest"}) == [1]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("age <", "syntax error"),
        ("agee < 3", "agee"),
        ("true; DROP TABLE faces", "syntax error"),
        ("(SELECT count(*) FROM read_csv('/etc/passwd')) > 0", "disabled"),
        ("(SELECT count(*) FROM 'https://example.org/x.parquet') > 0", "disabled"),
        ("(SELECT count(*) FROM glob('*')) > 0", "disabled"),
        ("1) FROM read_text('/etc/hostname') WHERE (true", "syntax error"),
        ("count(*) > 3", "condition on each face"),
        ("sex", "condition on each face"),
    ],
)
def test_conditions_that_are_none_or_reach_out(condition, said):
    shown = table({"age": np.ones(3), "sex": ["male"] * 3})
    with pytest.raises(UsageError, match=said) as caught:
        dropped(shown, sql={"drop_where": condition})
    assert "rules.sql: drop_where" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_flags_the_last_word_counts(tmp_path):
    lines = [
        {"face_id": "f000", "reason": "not a face"},
        {"face_id": "f001", "reason": "take-down"},
        {"face_id": "f002", "reason": "not a face"},
        {"face_id": "f002", "reason": None},
        {"face_id": "of another dataset", "reason": "x"},
    ]
    (tmp_path / "flags.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    (tmp_path / "flags.csv").write_text("face_id,reason\nf001,take-down\nf000,x\nf000,\n")
    shown = table({"age": np.ones(4)})
    assert dropped(shown, flagged={"file": str(tmp_path / "flags.jsonl")}) == [0, 1]
    assert dropped(shown, flagged={"file": str(tmp_path / "flags.csv")}) == [1]
    wanted = {"file": str(tmp_path / "flags.jsonl"), "reasons": ["take-down"]}
    assert dropped(shown, flagged=wanted) == [1]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("none.jsonl", None, "cannot read"),
        ("a.jsonl", '{"face_id": "a"\n', "line 1 is no JSON"),
        ("a.jsonl", "[1]\n", "line 1 is no JSON object"),
        ("a.jsonl", '\n{"reason": "x"}\n', "line 2 needs a face_id"),
        ("a.csv", "id,why\na,b\n", "line 2 needs a face_id"),
        ("a.jsonl", b"\xff\xfe", "cannot read"),
    ],
)
def test_flags_that_cannot_be_read(tmp_path, name, text, said):
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError, match=said):
        dropped(table({"age": np.ones(2)}), flagged={"file": str(path)})


def test_selections_keep_or_drop(tmp_path):
    path = tmp_path / "unique.json"
    Selection(("f000", "f002")).save(path)
    shown = table({"age": np.ones(3)})
    assert dropped(shown, duplicates={"file": str(path)}) == [1]
    assert dropped(shown, selection={"file": str(path), "drop": True}) == [0, 2]
    Selection(("of another dataset",)).save(path)
    assert dropped(shown, duplicates={"file": str(path)}) == []
    assert unknown(shown, duplicates={"file": str(path)}) == [0, 1, 2]


EVERY = {
    "mesh_presence": 0.5,
    "min_face_size": 32,
    "max_outside": 0.3,
    "blur": {},
    "exposure": {},
    "noise": {},
    "sharpness": {"min": 1},
    "detection_score": {},
    "pose": {"yaw": [-45, 45]},
    "eyes": {},
    "occlusion": {},
    "quality_percentile": {"within": "sex"},
    "crowded": {},
    "already_aligned": {},
    "licence_policy": {"commercial": True},
    "sql": {"drop_where": "age < 18"},
}


def test_columns_of_nulls_keep_all_and_say_so():
    shown = table({"age": np.full(5, NAN)})
    ruling = ruled(shown, **EVERY)
    assert ruling.judgement.kept.all()
    silent = {count.name: count.unknown for count in ruling.judgement.counts}
    assert silent.pop("crowded") == 0  # each is alone in its photo
    assert set(silent.values()) == {5}


def test_no_faces_at_all():
    ruling = ruled(table({"age": np.zeros(0)}), **EVERY)
    assert [count.alone for count in ruling.judgement.counts] == [0] * len(EVERY)
    assert ruling.selection.face_ids == ()


def test_a_table_of_somebody_elses_columns():
    shown = FaceTable("csv", pa.table({"face_id": ["a", "b"], "blur": pa.array([0.9, 0.1])}))
    assert unknown(shown, blur={}) == [0, 1]
    assert dropped(shown, sql={"drop_where": "blur > 0.5"}) == [0]
    words = FaceTable("csv", pa.table({"face_id": ["a"], "detection_score": ["high"]}))
    with pytest.raises(UsageError, match=r"rules\.detection_score: column .* holds no numbers"):
        dropped(words, detection_score={})
