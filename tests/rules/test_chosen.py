"""Which rules a recipe names, and what is said where it names them wrongly."""

import os
import subprocess
import sys

import pytest

from facewright import Recipe
from facewright.errors import RecipeError
from facewright.recipe import RuleSettings
from facewright.rules.chosen import chosen_rules, known_rules, meaning_of, resolved
from facewright.rules.words import words


def settings(**rules) -> RuleSettings:
    return RuleSettings.model_validate(rules)


def test_an_old_recipe_means_what_it_did():
    names = [rule.name for rule in chosen_rules(settings())]
    assert names == ["mesh_presence", "min_face_size"]
    assert RuleSettings().model_dump() == {
        "mesh_presence": 0.5,
        "min_face_size": 32,
        "max_outside": 1.0,
    }


def test_order_is_that_of_the_recipe_with_the_gates_first():
    found = chosen_rules(settings(pose={"yaw": [-1, 1]}, blur={}, max_outside=0.2))
    assert [rule.name for rule in found] == [
        *("mesh_presence", "min_face_size", "max_outside"),
        *("pose", "blur"),
    ]


def test_it_reads_what_it_writes_and_writes_all():
    rules = settings(blur={}, sql={"drop_where": "age < 3", "b": {"drop_where": "sex is null"}})
    full = resolved(rules)
    assert full.tables["blur"] == {"max": 0.75}
    assert RuleSettings.model_validate_json(full.model_dump_json()) == full
    assert [r.name for r in chosen_rules(full)] == [r.name for r in chosen_rules(rules)]
    assert resolved(full) == full


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"blurr": {}}, r"rules\.blurr: there is no such rule; near: blur; known: .*pose"),
        ({"blur": {"mx": 1}}, r"rules\.blur\.mx: no such parameter; near: max; known: max"),
        ({"blur": {"max": "high"}}, r"rules\.blur\.max: .*number"),
        ({"blur": {"max": 1.5}}, r"rules\.blur\.max: .*less than or equal to 1"),
        ({"blur": {"max": float("nan")}}, r"rules\.blur\.max: .*finite"),
        ({"blur": {"max": None}}, r"rules\.blur\.max"),
        ({"sharpness": {}}, r"rules\.sharpness\.min: field required"),
        ({"pose": {}}, r"rules\.pose: give yaw, pitch or roll"),
        ({"pose": {"yaw": [45, -45]}}, r"rules\.pose\.yaw: the first limit, 45"),
        ({"occlusion": {"parts": ["nose"]}}, r"rules\.occlusion\.parts\.0"),
        ({"sql": {"drop_where": "age <"}}, r"rules\.sql: drop_where: syntax error"),
        ({"sql": {"a": {"where": "age"}}}, r"rules\.sql\.a\.where: no such parameter"),
        ({"eyes": {"mine": {}}}, r"rules\.eyes\.mine: no such parameter"),
    ],
)
def test_mistakes_name_the_key(rules, said):
    with pytest.raises(RecipeError, match=said) as caught:
        chosen_rules(settings(**rules))
    assert "\n" not in str(caught.value)


def test_a_key_that_is_no_table_is_a_slip_of_the_pen(tmp_path):
    (tmp_path / "r.toml").write_text("[rules]\nmin_face_sise = 3")
    with pytest.raises(RecipeError, match=r"rules: min_face_sise: no such key; known: .*--list"):
        Recipe.load(tmp_path / "r.toml")


def test_files_are_beside_the_recipe(tmp_path):
    (tmp_path / "r.toml").write_text(
        '[rules.flagged]\nfile = "f.csv"\n[rules.flagged.b]\nfile="/g"'
    )
    rules = Recipe.load(tmp_path / "r.toml").rules
    assert [rule.settings.file for rule in chosen_rules(rules)[2:]] == [
        str(tmp_path / "f.csv"),
        "/g",
    ]


def test_every_rule_says_what_it_means_and_what_its_parameters_are():
    for name, rule in known_rules().items():
        assert rule.name == name
        assert rule.meaning
        assert meaning_of(name)
        for key, info in rule.table.model_fields.items():
            assert info.description or key == "limit", f"{name}.{key}"
    assert meaning_of("sql.young") == "a condition of the recipe holds: young"
    assert meaning_of("nobody's") == ""


def test_parameters_in_few_words():
    (*_, rule) = chosen_rules(settings(pose={"yaw": [-45, 45]}))
    assert words(rule) == ["yaw -45 to 45"]
    (*_, rule) = chosen_rules(settings(crowded={"overlap": 0, "eyes": False}))
    assert words(rule) == ["overlap 0", "presence 0.5"]


PLUGIN = """
from typing import Annotated
from pydantic import Field
from facewright.rules.rule import Rule, RuleTable, below

class Smile(RuleTable):
    least: Annotated[float, Field(ge=0, le=1, description="smile, 0-1")] = 0.5

def judge(faces, settings):
    return below(faces.numbers("smile"), settings.least)

SMILE = Rule("smiling", "the face does not smile", Smile, ("smile",), judge)
"""


def test_a_rule_of_ones_own_is_an_entry_point(tmp_path):
    """As docs/rules.md shows it; in a process of its own, since plugins are looked up once."""
    (tmp_path / "grin.py").write_text(PLUGIN)
    info = tmp_path / "grin-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: grin\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[facewright.rules]\nsmiling = grin:SMILE\n")
    code = """
import numpy as np, pyarrow as pa
from facewright.attributes.face_table import FaceTable
from facewright.engine.ruling import judge_table
from facewright.recipe import RuleSettings
from facewright.rules.chosen import chosen_rules
faces = FaceTable("f", pa.table({"face_id": ["a", "b", "c"], "smile": [0.2, 0.9, None]}))
rules = chosen_rules(RuleSettings.model_validate({"smiling": {"least": 0.4}}))
print(judge_table(faces, rules).judgement.column().to_pylist())
"""
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.stdout.strip() == "[['smiling'], [], []]", done.stderr
