"""facewright rules: what it prints, writes and refuses."""

import json

import cyclopts
import numpy as np
import pytest

from facewright import Dataset
from facewright.cli.rules import RULES_EXAMPLES, rules
from facewright.errors import UsageError
from facewright.rules.chosen import known_rules
from facewright.store.manifest import Manifest
from facewright.store.selection import Selection
from helpers.judging import faces, write_dataset

APP = cyclopts.App()
APP.command(rules)


def run(*words):
    APP(["rules", *map(str, words)], result_action="return_value", exit_on_error=False)


@pytest.fixture
def root(tmp_path):
    columns = {
        "blur.value": np.linspace(0, 0.9, 10),
        "age": np.array([5.0, *range(20, 29)]),
        "sex": ["male", None] * 5,
    }
    return write_dataset(tmp_path / "set", faces(10, columns))


def test_it_shows_what_each_rule_does(root, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    run(root, "--set", "blur.max=0.5", "--set", "sql.minors.drop_where=age < 18")
    out = capsys.readouterr().out
    lines = {line.split()[0]: line.split() for line in out.splitlines() if line}
    assert lines["blur"] == ["blur", "max", "0.5", "4", "4", "4", "6", "–"]
    assert lines["sql.minors"][-5:] == ["1", "1", "5", "5", "–"]
    assert "5 of 10 faces are kept; before: 10" in out
    assert "--apply" in out
    assert len(Dataset.open(root)) == 10


def test_json_says_the_same(root, capsys):
    run(root, "--set", "blur.max=0.5", "--set", "missing.attributes=['sex']", "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["faces"], said["kept"], said["kept_before"], said["applied"]) == (10, 3, 10, False)
    blur = next(rule for rule in said["rules"] if rule["name"] == "blur")
    assert blur["parameters"] == {"max": 0.5}
    assert (blur["alone"], blur["only"], blur["dropped"], blur["kept"]) == (4, 2, 4, 6)


def test_applied_then_taken_out_again(root, capsys):
    run(root, "--set", "blur=on", "--apply")
    assert len(Dataset.open(root)) == 8
    assert Manifest.load(root).recipe.rules.tables == {"blur": {"max": 0.75}}
    run(root)  # the dataset's own rules: nothing changes
    assert "0 would be dropped, 0 would be back" in capsys.readouterr().out
    run(root, "--set", "blur=off", "--apply")
    assert len(Dataset.open(root)) == 10
    assert Manifest.load(root).recipe.rules.tables == {}


def test_a_recipe_replaces_the_datasets_rules(root, tmp_path, capsys):
    (tmp_path / "flags.csv").write_text("face_id,reason\nf003,not a face\n")
    recipe = tmp_path / "strict.toml"
    recipe.write_text('[rules]\nmesh_presence = 0\n[rules.flagged]\nfile = "flags.csv"')
    run(root, "--set", "blur.max=0.5", "--apply")
    run(root, "--recipe", recipe, "-o", tmp_path / "kept.json")
    assert "f003" not in Selection.load(tmp_path / "kept.json").face_ids
    assert len(Selection.load(tmp_path / "kept.json").face_ids) == 9
    assert len(Dataset.open(root)) == 6
    assert "4 would be back" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name a dataset"),
        (("--set", "blur"), "write RULE.PARAMETER=VALUE"),
        (("--set", "blur.max=high"), r"rules\.blur\.max"),
        (("--set", "nose=on"), r"rules\.nose: there is no such rule"),
        (("--set", "nose=off"), r"rules\.nose is not set"),
        (("--set", "nose=3"), "nose: no such key"),
        (("--set", "min_face_size.limit=3"), "write min_face_size=VALUE"),
        (("--set", "blur=on", "--apply", "-o", "x.json"), "take one of them"),
        (("--recipe", "none.toml"), "cannot read the recipe"),
        (("--set", "blur.max=0.5", "--sheet", "x.jpg"), "no pictures"),
    ],
)
def test_wrong_use_is_one_line(root, words, said):
    with pytest.raises(UsageError, match=said) as caught:
        run(*((root,) if words else ()), *words)
    assert "\n" not in str(caught.value)


def test_a_bare_table_is_judged_but_not_changed(tmp_path, capsys):
    path = tmp_path / "faces.jsonl"
    path.write_text('{"face_id": "a", "blur": {"value": 0.9}}\n{"face_id": "b"}\n')
    run(path, "--set", "blur=on", "--json")
    assert json.loads(capsys.readouterr().out)["kept"] == 1
    with pytest.raises(UsageError, match="is no dataset"):
        run(path, "--set", "blur=on", "--apply")


def test_the_list_has_every_rule_with_its_parameters(capsys):
    run("--list")
    out = capsys.readouterr().out
    assert all(name in out for name in known_rules())
    run("--list", "--json")
    listed = {row["name"]: row for row in json.loads(capsys.readouterr().out)["rules"]}
    assert listed["blur"]["parameters"][0] == {
        "key": "blur.max",
        "default": 0.75,
        "description": "blur.value, 0-1: high from .75 on",
    }
    assert listed["sharpness"]["parameters"][0]["required"]
    assert listed["min_face_size"]["parameters"][0]["default"] == 32
    assert len(RULES_EXAMPLES) > 3
