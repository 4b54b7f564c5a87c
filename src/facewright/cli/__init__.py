"""The `facewright` command: thin files, one a group of commands.

Nothing heavy is imported until a command runs, so that --help answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

_WITH_WORKERS = frozenset({"build", "generate", "import", "lpff", "reproduce"})
_HELP = frozenset({"--help", "-h"})


def main() -> None:
    """Entry point of the command."""
    if will_work(sys.argv[1:]):
        from facewright.engine.processes import start_early

        start_early()  # a fifth of a second before the command line has been understood
    from facewright.cli.app import run

    run()


def will_work(words: Sequence[str]) -> bool:
    """Whether a command line is one that hands work to other processes."""
    return len(words) > 1 and words[0] in _WITH_WORKERS and _HELP.isdisjoint(words)
