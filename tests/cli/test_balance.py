"""facewright balance, end to end: a bare CSV, and a small dataset."""

import csv
import json

import cyclopts
import pytest

from facewright import Recipe, build
from facewright.balance.order import Order
from facewright.cli.balance import BALANCE_EXAMPLES, balance
from facewright.cli.exchange import export
from facewright.errors import DatasetError, UsageError
from facewright.store.selection import Selection

app = cyclopts.App()
app.command(balance)
app.command(export)


def run(*words):
    return app([str(word) for word in words], exit_on_error=False, result_action="return_value")


@pytest.fixture
def table(tmp_path):
    """60 women and 20 men; half of them adults."""
    path = tmp_path / "faces.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "sex", "age", "head_pose.yaw", "studio"])
        for n in range(80):
            sex = "male" if n % 4 == 0 else "female"
            writer.writerow([f"p{n:02d}", sex, 30 if n // 4 % 2 else 8, n - 40, "ab"[n % 2]])
    return path


def test_a_selection_of_a_bare_table(table, tmp_path, capsys):
    out = tmp_path / "chosen.json.gz"
    assert run("balance", table, "--target", "50 % women, 50 % men", "-o", out) == 0
    chosen = Selection.load(out)
    assert len(chosen.face_ids) == 40
    assert sum(int(name[1:]) % 4 == 0 for name in chosen.face_ids) == 20
    assert chosen.target == "50 % women, 50 % men"
    assert chosen.distances["sex"]["after"]["total_variation"] == 0
    shown = capsys.readouterr().out
    assert "40 faces" in shown
    assert "total variation" in shown
    again = tmp_path / "again.json.gz"
    run("balance", table, "--target", "50 % women, 50 % men", "-o", again)
    assert again.read_bytes() == out.read_bytes()


def test_what_is_lacking_is_ordered(table, tmp_path, capsys):
    order, out = tmp_path / "order.toml", tmp_path / "chosen.csv"
    words = ("balance", table, "--target", "uniform:sex,age_group", "--size", 120)
    assert run(*words, "--order", order, "-o", out, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["faces"], data["lacking"]) == (60, 60)
    assert data["feasible"] == {"exact": 0, "within": 0, "tolerance": 0.01}
    assert data["files"] == {"selection": str(out), "order": str(order)}
    assert Order.load(order).total == 60
    lines = [line.flat() for line in Order.load(order).order]
    assert {"count": 20, "sex": "female", "age_group": "elderly"} in lines
    out.unlink()
    assert run(*words, "--order", order, "-o", out, "--strict") == 1
    assert not out.exists()
    assert "no selection is written" in capsys.readouterr().err


def test_targets_of_every_kind(table, tmp_path):
    (tmp_path / "t.toml").write_text("[target]\nsex = 'equal'\nstudio = { a = 50, b = 50 }\n")
    (tmp_path / "c.csv").write_text("sex,n\nfemale,1\nmale,1\n")
    for target in (
        tmp_path / "t.toml",
        tmp_path / "c.csv",
        f"census:{tmp_path / 'c.csv'}",
        f"like:{table}",
        f"like:{table}:sex,studio",
        "50 % a, 50 % b",
    ):
        out = tmp_path / "s.json"
        assert run("balance", table, "--target", target, "--strategy", "rake", "-o", out) == 0
        assert Selection.load(out).weights is not None
        out.unlink()


def test_weights_where_and_options(table, tmp_path):
    weights = tmp_path / "w.csv"
    run("balance", table, "--where", "age > 20", "--strategy", "resample", "--target",
        "50 % female, 50 % male", "-O", "cap=2", "--weights", weights)  # fmt: skip
    rows = list(csv.DictReader(weights.read_text().splitlines()))
    assert len(rows) == 40
    assert {row["weight"] for row in rows} != {"0"}


def test_a_strategy_of_its_own_rule(table, capsys):
    run("balance", table, "--strategy", "eg3d-yaw:head_pose.yaw", "--json")
    data = json.loads(capsys.readouterr().out)
    assert data["faces"] > data["different_faces"] == 80
    run("balance", table, "--strategy", "lpff-density:yaw,sex", "-O", "rarest=0.25",
        "--target", "uniform:sex", "--json")  # fmt: skip
    data = json.loads(capsys.readouterr().out)
    assert data["faces"] == 20
    assert data["distances"]["sex"]["after"]


def test_strategies_are_listed(capsys):
    assert run("balance", "--strategies") == 0
    text = capsys.readouterr().out
    assert "-O cap=10" in text
    run("balance", "--strategies", "--json")
    assert {entry["name"] for entry in json.loads(capsys.readouterr().out)} >= {"subset", "rake"}
    assert all(line.startswith("facewright ") for line in BALANCE_EXAMPLES)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "needs a target"),
        (["--target", "uniform:ethnicity"], "no attribute 'ethnicity'"),
        (["--target", "98 % women"], "98 %"),
        (["--target", "uniform:sex", "--strategy", "magic"], "known: eg3d-yaw"),
        (["--target", "uniform:sex", "-O", "best"], "NAME=VALUE"),
        (["--target", "uniform:sex", "--where", "age > 200"], "none is age > 200"),
        (["--target", "uniform:sex", "--where", "aeg > 2"], "aeg"),
        (["--target", "none.toml"], "cannot read the target"),
        (["--strategy", "lpff-density"], "no cameras"),
        (["--strategy", "lpff-density", "-O", "below=0.0001"], "no cameras"),
    ],
)
def test_wrong_use_is_told_in_one_line(table, words, told):
    with pytest.raises(UsageError, match=told) as caught:
        run("balance", table, *words)
    assert "\n" not in str(caught.value)


def test_empty_input(tmp_path):
    (tmp_path / "empty.csv").write_text("id,sex\n")
    with pytest.raises(DatasetError, match="has no rows"):
        run("balance", tmp_path / "empty.csv", "--target", "uniform:sex")
    with pytest.raises(UsageError, match="name a dataset"):
        run("balance")
    (tmp_path / "nulls.csv").write_text("id,sex\na,\nb,\n")
    with pytest.raises(UsageError, match=r"no face|no attribute"):
        run("balance", tmp_path / "nulls.csv", "--target", "uniform:sex")
    (tmp_path / "one.csv").write_text("id,sex\na,female\n")
    assert run("balance", tmp_path / "one.csv", "--target", "100 % female") == 0


@pytest.mark.slow
def test_a_balanced_dataset_is_exported(samples, tmp_path, capsys):
    faces, out = tmp_path / "faces", tmp_path / "chosen.json"
    build(samples, faces, Recipe(crops=("ffhq-fast:64",)), workers=1)
    assert (
        run("balance", faces, "--target", "uniform:sex", "--strategy", "resample", "-o", out) == 0
    )
    chosen = Selection.load(out)
    assert len(chosen.face_ids) > len(set(chosen.face_ids))
    run("export", faces, "--layout", "stylegan", "-o", tmp_path / "faces.zip", "--select", out)
    assert (tmp_path / "faces.zip").exists()
    run("balance", faces, "--strategy", "lpff-density", "-O", "repeat=true", "--json")
    assert '"faces"' in capsys.readouterr().out
