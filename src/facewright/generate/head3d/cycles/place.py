"""The Python that has Blender's bpy: another one than ours, by need and by choice.

bpy 5.0 wants NumPy 1 and CPython 3.11, Facewright wants NumPy 2: no environment holds both. It is
also under the GNU GPL: a program of its own, which its user installs and which is started here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from platformdirs import user_data_path

from facewright.errors import UsageError

VARIABLE = "FACEWRIGHT_BPY"
"""Environment variable: the Python that has bpy."""
ASK_VERSION = "from importlib.metadata import version; print(version('bpy'))"


def default_place() -> Path:
    """The virtual environment that is looked for where the variable names no Python."""
    return user_data_path("facewright") / "bpy"


def blender_python() -> Path:
    """The Python that has bpy.

    Raises:
        UsageError: none was installed; the message is one line that says how.
    """
    named = os.environ.get(VARIABLE)
    found = Path(named) if named else _interpreter(default_place())
    if not named and not found.is_file():
        raise UsageError(missing())
    return found


def _interpreter(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def missing() -> str:
    """What is said where bpy is not there: how to get it, and how to do without."""
    place = default_place()
    return (
        "quality hq is rendered by Blender's Cycles, and bpy is missing: give it a Python 3.11 of"
        f" its own: python3.11 -m venv '{place}' && '{_interpreter(place)}' -m pip install"
        f" 'bpy>=5.0,<6' (or {VARIABLE}=python, of another that has it); or take Mitsuba:"
        " --option renderer=mitsuba"
    )


def bpy_version() -> str:
    """Version of the bpy that would render.

    Raises:
        UsageError: there is none.
    """
    return _version_in(blender_python())


@cache
def _version_in(python: Path) -> str:
    asked = run_python(python, ["-c", ASK_VERSION])
    if asked.returncode:
        raise UsageError(f"{VARIABLE}: {python} has no bpy")
    return asked.stdout.strip()


def run_python(
    python: Path,
    arguments: list[str],
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run another Python to its end, deaf to PYTHON... variables and its user's own packages.

    Args:
        python: its program.
        arguments: for it.
        folder: to work in.
        variables: of its environment, over ours.

    Raises:
        UsageError: it cannot be started.
    """
    try:
        return subprocess.run(  # noqa: S603 - the user names the program
            [str(python), "-E", "-s", *arguments],
            cwd=folder,
            env={**os.environ, **(variables or {})},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise UsageError(f"{VARIABLE}: {python} cannot be started: {error.strerror}") from None
