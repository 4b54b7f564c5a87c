"""Where to look next, after a command has made something."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text


def print_next(console: Console, steps: Sequence[tuple[str, str]]) -> None:
    """Print commands, each with what it gives: beside it, or below where lines are too short.

    Commands are never broken or cut, to be copied; paths in them are words, never markup.

    Args:
        console: where to.
        steps: command and what it gives.
    """
    wide = max(cell_len(command) for command, _ in steps)
    fits = 2 + wide + 2 + max(cell_len(gives) for _, gives in steps) <= console.width
    for command, gives in steps:
        line = f"  {set_cell_size(command, wide)}  {gives}" if fits else f"  {command}"
        console.print(Text(line), soft_wrap=True)
        if not fits:
            console.print(Text(f"      {gives}", style="dim"), soft_wrap=True)
