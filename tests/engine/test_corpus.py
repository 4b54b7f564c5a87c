"""Over a hundred broken and odd files: each has its one right outcome in the tables."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from make_corpus import make_corpus

from facewright import Dataset
from helpers.processes import descendants, peak

# Root reads everything; without these capabilities it is like anybody else.
UNPRIVILEGED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def as_anybody() -> list[str]:
    """Words that run a command without root's right to read every file; [] where not root."""
    if os.name != "posix" or os.geteuid() != 0:
        return []
    words = [*UNPRIVILEGED, "--inh-caps=-dac_override,-dac_read_search"]
    if shutil.which("setpriv") is None or subprocess.run([*words, "true"], check=False).returncode:
        pytest.skip("root cannot drop its rights here (setpriv)")
    return words


@pytest.fixture(scope="module")
def built(tmp_path_factory, samples):
    folder, out = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("out") / "ds"
    cases = make_corpus(folder, samples / "astronaut.png")
    recipe = out.parent / "recipe.toml"
    recipe.write_text('annotators = ["geometry"]\ncrops = ["ffhq-fast:128"]\n')
    command = [*as_anybody(), sys.executable, "-m", "facewright", "build", folder, out]
    run = subprocess.Popen([*map(str, command), "--recipe", str(recipe), "--workers", "2"])
    largest = 0
    while run.poll() is None:
        largest = max([largest, *map(peak, (run.pid, *descendants(run.pid)))])
        time.sleep(0.05)
    assert run.returncode == 0
    return cases, Dataset.open(out), largest / 1024


@pytest.mark.slow
def test_every_file_has_one_row_with_the_right_outcome(built):
    cases, dataset, _ = built
    rows = {row["key"]: row for row in dataset.photos.to_pylist()}
    expected = {case.key: case for case in cases if case.status != "ignored"}
    assert set(rows) == set(expected)
    assert len(expected) >= 60
    wrong = []
    for key, case in expected.items():
        row = rows[key]
        outcome = "face" if row["status"] == "used" else row["reason"]
        if outcome != case.status or (case.faces and row["faces"] != case.faces):
            wrong.append((key, case.kind, case.status, outcome, row["faces"], row["detail"]))
    assert not wrong


@pytest.mark.slow
def test_rows_say_what_was_found(built):
    _, dataset, _ = built
    for row in dataset.photos.to_pylist():
        assert (row["reason"] is None) == (row["status"] == "used")
        assert row["status"] == "used" or row["detail"]
    ids = dataset.photos["photo_id"].to_pylist()
    assert len(set(ids)) == len(ids)
    for face_id in dataset.face_ids:
        assert dataset.image(face_id).numpy().shape == (128, 128, 3)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="memory is read from /proc")
def test_memory_stays_under_the_limit(built):
    assert 50 < built[2] < 1500, "peak resident megabytes of a process"
