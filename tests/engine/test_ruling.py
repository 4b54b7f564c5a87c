"""Rules applied to a dataset that is there: written all at once, and equal to a build's own."""

import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pyarrow.compute as pc
import pytest

from facewright import Dataset, Recipe, build
from facewright.engine.judging import judge
from facewright.engine.ruling import apply, judge_dataset, rules_of
from facewright.errors import StorageError, UsageError
from facewright.recipe import RuleSettings
from facewright.store import pending
from facewright.store.counts import count
from facewright.store.manifest import Manifest
from helpers.judging import faces, write_dataset
from helpers.trees import content


def settings(**rules) -> RuleSettings:
    return RuleSettings.model_validate({"mesh_presence": 0, "min_face_size": 0, **rules})


BLUR = settings(blur={"max": 0.5})


@pytest.fixture
def root(tmp_path):
    """Nine faces in three parts, a little more blurred each."""
    return write_dataset(tmp_path / "set", faces(9, {"blur.value": np.linspace(0, 0.8, 9)}))


def test_it_judges_and_changes_nothing(root):
    before = content(root), (root / "dataset.json").read_bytes()
    found = judge(root, BLUR).judgement
    assert found.kept.tolist() == [True] * 6 + [False] * 3
    assert (found.newly_dropped, found.newly_kept) == (3, 0)
    assert (content(root), (root / "dataset.json").read_bytes()) == before
    assert not (root / ".work").exists()


def test_applied_it_is_what_the_tables_and_the_manifest_say(root):
    apply(root, BLUR)
    everything = Dataset.open(root, dropped=True)
    assert everything.table(["reasons"]).column(0).to_pylist() == [[]] * 6 + [["blur"]] * 3
    assert len(Dataset.open(root)) == 6
    manifest = Manifest.load(root)
    assert manifest.recipe.rules.tables == {"blur": {"max": 0.5}}
    assert manifest.counts == count(root)
    assert manifest.counts.faces_dropped == {"blur": 3}
    assert not (root / ".work").exists()
    assert not judge(root, rules_of(root)).judgement.changed.any()


def test_only_parts_that_change_are_written(root):
    before = content(root)
    apply(root, BLUR)
    changed = {name for name, digest in content(root).items() if before[name] != digest}
    assert changed == {"faces/part-00002.parquet"}


def test_loosened_they_come_back_as_they_were(root):
    before = Dataset.open(root).table()
    apply(root, BLUR)
    found = apply(root, settings()).judgement
    assert (found.newly_dropped, found.newly_kept) == (0, 3)
    assert Dataset.open(root).table().equals(before)
    assert Manifest.load(root).counts.faces_dropped == {}


def test_a_file_of_a_rule_is_named_relative_to_the_dataset(root, monkeypatch):
    (root.parent / "flags.jsonl").write_text('{"face_id": "f001", "reason": "not a face"}\n')
    monkeypatch.chdir(root.parent)
    apply(root.name, settings(flagged={"file": "flags.jsonl"}))
    stated = Manifest.load(root).recipe.rules.tables["flagged"]["file"]
    assert stated == "../flags.jsonl"
    monkeypatch.chdir("/")
    assert not judge(root, rules_of(root)).judgement.changed.any()
    (root.parent / "flags.jsonl").unlink()
    with pytest.raises(UsageError, match=r"rules\.flagged: .*flags\.jsonl: cannot read the flags"):
        judge(root, rules_of(root))


def test_what_it_does_not_apply_to(root, tmp_path):
    with pytest.raises(UsageError, match="no dataset"):
        apply(tmp_path / "a.csv", BLUR)
    manifest = Manifest.load(root)
    manifest.model_copy(update={"state": "building"}).save(root)
    with pytest.raises(UsageError, match="not complete"):
        apply(root, BLUR)
    assert judge_dataset(root, BLUR).judgement.newly_dropped == 3


def test_a_dataset_of_no_face(tmp_path):
    root = write_dataset(tmp_path / "none", faces(0, {"blur.value": np.zeros(0)}), parts=1)
    assert len(apply(root, BLUR).judgement) == 0
    shutil.rmtree(root / "faces")
    assert judge(root, BLUR).selection.face_ids == ()


def test_a_csv_can_be_tried_on(tmp_path):
    path = tmp_path / "faces.csv"
    path.write_text("face_id,blur.value,age\na,0.9,3\nb,0.1,\n")
    rules = settings(blur={"max": 0.5}, sql={"drop_where": "age > 5"})
    ruling = judge(path, rules)
    assert ruling.selection.face_ids == ("b",)
    assert [c.unknown for c in ruling.judgement.counts] == [0, 1]


# -- all at once ------------------------------------------------------------------------


def test_before_the_mark_the_old_state_reads_and_after_it_the_new_one(root, monkeypatch):
    class Killed(BaseException):
        """As kill -9: nothing is tidied up."""

    def die(*_args):
        raise Killed

    monkeypatch.setattr(pending, "write_atomic", die)
    with pytest.raises(Killed):
        apply(root, BLUR)
    assert len(Dataset.open(root)) == 9
    assert Manifest.load(root).recipe.rules.tables == {}
    monkeypatch.undo()
    monkeypatch.setattr(pending, "settle", die)
    with pytest.raises(Killed):
        apply(root, BLUR)
    monkeypatch.undo()
    assert pending.is_pending(root)
    assert len(Dataset.open(root)) == 6
    assert (
        Dataset.open(root).query("SELECT count(*) AS n FROM faces WHERE kept")["n"][0].as_py() == 6
    )
    assert Manifest.load(root).counts.faces_dropped == {"blur": 3}
    apply(root, BLUR)  # goes on
    assert not (root / ".work").exists()
    assert len(Dataset.open(root)) == 6


def test_a_disk_that_is_full_leaves_the_old_state(root, monkeypatch):
    def full(*_args):
        raise StorageError("the disk is full")

    monkeypatch.setattr("facewright.engine.ruling.write_part", full)
    with pytest.raises(StorageError):
        apply(root, BLUR)
    assert len(Dataset.open(root)) == 9


SCRIPT = """
import sys
from pathlib import Path
from facewright.engine.ruling import apply
from facewright.recipe import RuleSettings
rules = RuleSettings.model_validate_json(sys.argv[2])
print("ready", flush=True)
while True:
    for limit in (0.5, 0.9):
        rules = RuleSettings.model_validate({**rules.model_dump(), "blur": {"max": limit}})
        apply(Path(sys.argv[1]), rules)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_killed_at_any_moment_one_of_the_two_states_reads(tmp_path):
    """Every part is rewritten each time, so that a mixture would show."""
    values = np.tile([0.1, 0.6], 200)
    root = write_dataset(tmp_path / "set", faces(400, {"blur.value": values}), parts=20)
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    chance = np.random.default_rng(3)
    for _ in range(4):
        command = [sys.executable, script, root, settings().model_dump_json()]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(chance.uniform(0.05, 0.8))
        assert process.poll() is None, process.stderr.read().decode()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kept, counts = len(Dataset.open(root)), Manifest.load(root).counts
        assert kept in (200, 400)
        assert counts.faces_kept == kept
    apply(root, settings(blur={"max": 0.5}))
    assert len(Dataset.open(root)) == 200
    assert not list(root.rglob("*.partial"))
    assert not (root / ".work").exists()


# -- a build's own ----------------------------------------------------------------------

RULES = {
    "pose": {"yaw": [-90, 90]},
    "quality_percentile": {"lowest": 30, "of": "detection_score"},
    "crowded": {"overlap": 0.02},
    "sql": {"turned": {"drop_where": "abs(head_pose.roll) > 5"}},
}


@pytest.fixture(scope="module")
def recipe():
    return Recipe(annotators=("geometry",), crops=("ffhq-fast:64",), chunk=2)


@pytest.fixture(scope="module")
def plain(tmp_path_factory, samples, recipe):
    root = tmp_path_factory.mktemp("ruling") / "plain"
    build(samples.parent / "photos.csv", root, recipe, workers=1)
    return root


def with_rules(recipe: Recipe, **rules) -> Recipe:
    return recipe.model_copy(update={"rules": RuleSettings.model_validate(rules)})


def test_a_build_with_rules_is_one_without_and_rules_applied(tmp_path, samples, recipe, plain):
    built = build(samples.parent / "photos.csv", tmp_path / "own", with_rules(recipe, **RULES))
    later = tmp_path / "later"
    shutil.copytree(plain, later)
    apply(later, RuleSettings.model_validate(RULES))
    assert content(tmp_path / "own") == content(later)
    one, other = Manifest.load(tmp_path / "own"), Manifest.load(later)
    assert one.model_copy(update={"created": "", "source_path": ""}) == other.model_copy(
        update={"created": "", "source_path": ""}
    )
    assert 0 < built.counts.faces_kept < built.counts.faces
    assert set(built.counts.faces_dropped) >= {"quality_percentile"}
    again = build(samples.parent / "photos.csv", tmp_path / "own", with_rules(recipe, **RULES))
    assert again.counts == built.counts


def test_a_build_that_dies_while_it_puts_its_tables_in_place_goes_on(
    tmp_path, samples, recipe, monkeypatch
):
    class Killed(BaseException):
        """As kill -9: nothing is tidied up."""

    def die(*_args):
        raise Killed

    photos, root = samples.parent / "photos.csv", tmp_path / "out"
    monkeypatch.setattr(pending, "settle", die)
    with pytest.raises(Killed):
        build(photos, root, with_rules(recipe, **RULES), workers=1)
    monkeypatch.undo()
    assert pending.is_pending(root)
    kept = len(Dataset.open(root))
    assert kept < len(Dataset.open(root, dropped=True))
    build(photos, root, with_rules(recipe, **RULES))
    assert not (root / ".work").exists()
    assert len(Dataset.open(root)) == kept


def test_without_tables_nothing_is_judged_twice(plain):
    assert not judge(plain, rules_of(plain)).judgement.changed.any()


def test_what_the_gates_read_is_there_whichever_annotators_ran(plain):
    found = judge(plain, RuleSettings(min_face_size=70, mesh_presence=0.9)).judgement
    assert not found.unknown.any()
    assert 0 < found.newly_dropped < len(found)


def test_a_looser_gate_does_not_bring_back_what_was_never_cropped(tmp_path, samples, recipe):
    root = tmp_path / "large"
    build(samples.parent / "photos.csv", root, with_rules(recipe, min_face_size=70), workers=1)
    small = Manifest.load(root).counts.faces_dropped["min_face_size"]
    found = apply(root, RuleSettings()).judgement
    assert found.newly_kept == 0
    assert Manifest.load(root).counts.faces_dropped == {"no_crop": small}
    apply(root, RuleSettings(min_face_size=70))
    assert Manifest.load(root).counts.faces_dropped == {"min_face_size": small}


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"blurr": {}}, r"rules\.blurr"),
        ({"sql": {"drop_where": "agee < 3"}}, "agee"),
        ({"missing": {"attributes": ["earring"]}}, "earring"),
        ({"flagged": {"file": "/nowhere/flags.csv"}}, "cannot read the flags"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_made(tmp_path, samples, recipe, rules, said):
    with pytest.raises(UsageError, match=said):
        build(samples.parent / "photos.csv", tmp_path / "out", with_rules(recipe, **rules))
    assert not (tmp_path / "out").exists()


def test_shards_are_left_as_they_are(plain, tmp_path):
    root = tmp_path / "set"
    shutil.copytree(plain, root)
    before = {name: digest for name, digest in content(root).items() if name.endswith(".tar")}
    apply(root, RuleSettings.model_validate(RULES))
    assert {n: d for n, d in content(root).items() if n.endswith(".tar")} == before
    dropped = Dataset.open(root, dropped=True).where("NOT kept")
    assert pc.all(pc.greater(pc.list_value_length(dropped.table(["crops"]).column(0)), 0)).as_py()
    assert dropped.image(dropped.face_ids[0]).numpy().shape == (64, 64, 3)
