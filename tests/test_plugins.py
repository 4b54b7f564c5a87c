"""Parts found by entry point: what is registered, what shadows what, what is told of the rest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from facewright import plugins
from facewright.errors import UsageError

CODE = """
from facewright import plugins
print(plugins.load("strategies", "subset").__name__, "subset" in plugins.own("strategies"))
print(plugins.load("strategies", "coin"), "coin" in plugins.own("strategies"))
"""


def register(folder: Path, package: str, lines: str) -> Path:
    """A folder for the path with a package's metadata in it, as pip would leave it."""
    info = folder / f"{package}-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[facewright.strategies]\n{lines}\n")
    return folder


def test_what_comes_first_on_the_path_wins(tmp_path):
    first = register(tmp_path / "a", "one", "coin = math:tau\nsubset = math:floor")
    second = register(tmp_path / "b", "two", "coin = math:pi")
    path = os.pathsep.join([str(first), str(second), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.stdout.splitlines() == ["floor False", "6.283185307179586 False"], done.stderr


def test_own_parts_are_those_of_this_package():
    assert plugins.own("annotators") == plugins.names("annotators")


def test_an_unknown_part_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match=r"no 'magic' among the strategies; known: .*rake"):
        plugins.load("strategies", "magic")
    with pytest.raises(UsageError, match="known: none"):
        plugins.load("wands", "magic")
