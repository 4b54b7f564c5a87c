"""The `facewright` command: thin files, one a group of commands.

Nothing heavy is imported until a command runs, so that --help answers at once.
"""

from __future__ import annotations


def main() -> None:
    """Entry point of the command."""
    from facewright.cli.app import run

    run()
