"""Disk full, quota, read-only: a clear error, and what was committed stays readable."""

import os
import subprocess
import sys

import pytest

from facewright import Dataset, build
from facewright.errors import StorageError

LIMITED = """
import resource, sys
from facewright import Recipe, build
from facewright.errors import StorageError
if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), resource.RLIM_INFINITY))
    try:
        build(sys.argv[1], sys.argv[2], Recipe.model_validate_json(sys.argv[3]), workers=1)
    except StorageError as error:
        print(error)
        sys.exit(error.exit_code)
"""


@pytest.fixture
def small_disk(tmp_path):
    """A file system of two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if os.name != "posix" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_file_that_may_not_grow_is_said_and_the_run_goes_on_later(tmp_path, portraits, recipe):
    script = tmp_path / "run.py"
    script.write_text(LIMITED)
    big = recipe.model_copy(update={"crops": ("ffhq-fast:512",)})
    command = [sys.executable, script, portraits, tmp_path / "out", big.model_dump_json(), "300000"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 3, answer.stderr
    assert "cannot write" in answer.stdout
    assert "limit" in answer.stdout
    assert Dataset.open(tmp_path / "out").manifest.state == "building"
    report = build(portraits, tmp_path / "out", big)
    assert report.counts.faces_kept == 12


def test_disk_full(small_disk, portraits, recipe):
    big = recipe.model_copy(update={"crops": ("ffhq-fast:512",)})
    with pytest.raises(StorageError, match="disk is full"):
        build(portraits, small_disk / "out", big, workers=1)
    opened = Dataset.open(small_disk / "out")
    committed = len(opened)
    assert all(opened.image(face_id).numpy().shape == (512, 512, 3) for face_id in opened.face_ids)
    assert committed < 12
    assert not list((small_disk / "out").rglob("*.partial"))
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert build(portraits, small_disk / "out", big).counts.faces_kept == 12


def test_read_only_output(small_disk, portraits, recipe):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StorageError, match="read-only"):
        build(portraits, small_disk / "out", recipe)


def test_output_below_a_file_is_said(tmp_path, portraits, recipe):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot write"):
        build(portraits, tmp_path / "file" / "out", recipe)
