import json

import pytest

from facewright import Dataset, Recipe, build
from helpers.command import called, run


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, samples):
    out = tmp_path_factory.mktemp("exchange") / "faces"
    build(samples, out, Recipe(crops=("ffhq-fast:64",)), workers=1)
    return Dataset.open(out)


@pytest.mark.slow
def test_out_in_and_together(dataset, tmp_path):
    out = run("export", dataset.root, "--layout", "csv", "-o", tmp_path / "out.zip")
    assert f"{len(dataset)} faces written" in out.stdout
    done = called("import", "auto", tmp_path / "out.zip", tmp_path / "again", "--json")
    assert json.loads(done.stdout)["counts"]["faces"] == len(dataset)
    assert all(json.loads(line) for line in done.stderr.splitlines())
    both = called("merge", dataset.root, tmp_path / "again", tmp_path / "both")
    assert "Licence of the whole" in both.stdout
    assert len(Dataset.open(tmp_path / "both")) == 2 * len(dataset)


def test_a_selection_is_kept_in_its_order(dataset, tmp_path):
    chosen = [dataset.face_ids[2], dataset.face_ids[0], dataset.face_ids[2]]
    (tmp_path / "chosen.txt").write_text("\n".join(chosen))
    where = tmp_path / "out"
    done = called(
        *("export", dataset.root, "--layout", "csv", "-o", where),
        *("--select", tmp_path / "chosen.txt", "--json"),
    )
    assert json.loads(done.stdout)["faces"] == 3
    lines = (where / "records.csv").read_text().splitlines()
    assert len(lines) == 4
    assert chosen[0] in lines[1]
    assert chosen[1] in lines[2]


def test_what_is_wrong_is_one_line(dataset, tmp_path):
    for code, words, says in (
        (2, ("export", dataset.root, "--layout", "none", "-o", tmp_path / "o"), "no 'none' among"),
        (2, ("export", dataset.root, "--layout", "csv", "-o", dataset.root), "exists"),
        (
            2,
            ("export", dataset.root, "--layout", "csv", "-o", tmp_path / "o", "--where", "1=0"),
            "no faces to export",
        ),
        (
            2,
            ("export", dataset.root, "--layout", "csv", "-o", tmp_path / "o", "--terms", "xy"),
            "no published set xy",
        ),
        (3, ("import", "csv", tmp_path / "nowhere", tmp_path / "o"), "nothing at"),
        (2, ("merge", dataset.root, tmp_path / "o"), "two datasets or more"),
    ):
        done = called(*words, code=code)
        assert says in done.stderr
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "o").exists()


def test_layouts_are_listed():
    done = called("layouts")
    for name in ("ffhq", "eg3d", "webdataset", "tfrecords"):
        assert name in done.stdout
