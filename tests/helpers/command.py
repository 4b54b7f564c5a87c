"""The command: as it is installed and a user runs it, or called in this process."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import warnings
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

COMMAND = Path(sys.executable).with_name("facewright")


def run(*words: object, code: int = 0, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `facewright` with these words and hold its exit code against what is expected.

    Args:
        words: of the command line, paths among them.
        code: that it is to end with.
        options: of `subprocess.run`.
    """
    answer = subprocess.run(
        [COMMAND, *map(str, words)], capture_output=True, text=True, check=False, **options
    )
    assert answer.returncode == code, answer.stderr + answer.stdout
    return answer


def called(
    *words: object, code: int = 0, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """What `run` does without a process, whose start takes longer than most that a test asks for.

    Args:
        words: of the command line, paths among them.
        code: that it is to end with.
        env: variables of the environment besides those that are there.
        cwd: the folder that it runs in.
    """
    from facewright.cli import main

    typed = [str(COMMAND), *map(str, words)]
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", typed),
        mock.patch.dict(os.environ, env or {}),
        chdir(cwd or Path.cwd()),
        redirect_stdout(out),
        redirect_stderr(err),
        warnings.catch_warnings(),
    ):
        # It sees pytest, and takes it for an oversight that sys.argv is parsed.
        warnings.filterwarnings("ignore", "Cyclopts application invoked without tokens")
        try:
            main()
        except SystemExit as end:
            ended = end.code
        else:
            ended = 0
    assert ended == code, err.getvalue() + out.getvalue()
    return subprocess.CompletedProcess(typed, code, out.getvalue(), err.getvalue())
