"""Adding a command: its examples, and a usage line that names what it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cyclopts
from cyclopts import Group, Parameter


def telling(default: Any) -> str | None:
    """A default as help shows it; None where it says no more than that the option is left out."""
    return None if default in (None, (), "") or default is False else str(default)


DEFAULTS = Parameter(show_default=telling)


def examples_text(examples: Sequence[str]) -> str:
    """Commands to copy, as the end of a help page, in Markdown."""
    return "Examples:\n\n" + "\n".join(f"    {line}" for line in examples)


def add_command(
    app: cyclopts.App,
    command: Callable[..., object],
    examples: Sequence[str],
    *,
    name: str | None = None,
    group: Group | None = None,
    takes: str | None = None,
) -> None:
    """Register a command.

    Args:
        app: that it belongs to.
        command: the function.
        examples: commands to copy.
        name: where it is another than the function's.
        group: of the list of commands.
        takes: its arguments for the usage line, where some can be left out or repeated.
    """
    name = name or command.__name__
    words = [*dict.fromkeys(["facewright", *app.name]), name, "[OPTIONS]", takes]
    usage = None if takes is None else f"Usage: {' '.join(word for word in words if word)}"
    epilogue = examples_text(examples)
    app.command(
        command,
        name=name,
        group=group,
        help_epilogue=epilogue,
        help_format="markdown",
        usage=usage,
    )
