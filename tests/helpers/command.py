"""The installed command, run as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

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
