"""Where to look next, after a command has made something."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_next(console: Console, steps: Sequence[tuple[str, str]]) -> None:
    """Print commands, each with what it gives; paths in them are words, never markup.

    Args:
        console: where to.
        steps: command and what it gives.
    """
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for command, gives in steps:
        table.add_row(Text(command), gives)
    console.print(table)
