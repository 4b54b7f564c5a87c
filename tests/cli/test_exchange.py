import json
import subprocess
import sys

import pytest

from facewright import Dataset, Recipe, build


def run(*words):
    command = [sys.executable, "-m", "facewright", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, samples):
    out = tmp_path_factory.mktemp("exchange") / "faces"
    build(samples, out, Recipe(crops=("ffhq-fast:64",)), workers=1)
    return Dataset.open(out)


@pytest.mark.slow
def test_out_in_and_together(dataset, tmp_path):
    out = run("export", dataset.root, "--layout", "csv", "-o", tmp_path / "out.zip")
    assert out.returncode == 0, out.stderr
    assert f"{len(dataset)} faces written" in out.stdout
    done = run("import", "auto", tmp_path / "out.zip", tmp_path / "again", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["faces"] == len(dataset)
    both = run("merge", dataset.root, tmp_path / "again", tmp_path / "both")
    assert both.returncode == 0, both.stderr
    assert "Licence of the whole" in both.stdout
    assert len(Dataset.open(tmp_path / "both")) == 2 * len(dataset)


def test_a_selection_is_kept_in_its_order(dataset, tmp_path):
    chosen = [dataset.face_ids[2], dataset.face_ids[0], dataset.face_ids[2]]
    (tmp_path / "chosen.txt").write_text("\n".join(chosen))
    where = tmp_path / "out"
    done = run(
        *("export", dataset.root, "--layout", "csv", "-o", where),
        *("--select", tmp_path / "chosen.txt", "--json"),
    )
    assert json.loads(done.stdout)["faces"] == 3
    lines = (where / "records.csv").read_text().splitlines()
    assert len(lines) == 4
    assert chosen[0] in lines[1]
    assert chosen[1] in lines[2]


@pytest.mark.slow
def test_what_is_wrong_is_one_line(dataset, tmp_path):
    for words, says in (
        (("export", dataset.root, "--layout", "none", "-o", tmp_path / "o"), "no 'none' among"),
        (("export", dataset.root, "--layout", "csv", "-o", dataset.root), "exists"),
        (
            ("export", dataset.root, "--layout", "csv", "-o", tmp_path / "o", "--where", "1=0"),
            "no faces to export",
        ),
        (
            ("export", dataset.root, "--layout", "csv", "-o", tmp_path / "o", "--terms", "xy"),
            "no published set xy",
        ),
        (("import", "csv", tmp_path / "nowhere", tmp_path / "o"), "nothing at"),
        (("merge", dataset.root, tmp_path / "o"), "two datasets or more"),
    ):
        done = run(*words)
        assert done.returncode in {2, 3}, done.stderr
        assert says in done.stderr
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "o").exists()


def test_layouts_are_listed():
    done = run("layouts")
    assert done.returncode == 0
    for name in ("ffhq", "eg3d", "webdataset", "tfrecords"):
        assert name in done.stdout
