"""Progress of work that goes through steps, told to whoever wants to show it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

OnStep = Callable[[str, int, int], None]
"""Told what is being done, how much of it is, and of how much."""

_PAUSE: Final = 0.1  # seconds


def unwatched(_what: str, _done: int, _total: int) -> None:
    """Takes progress that nobody looks at."""


def paced(on_step: OnStep) -> OnStep:
    """Tells of a step's beginning and end, and ten times a second between: a bar shows no more."""
    due = 0.0

    def tell(what: str, done: int, total: int) -> None:
        """Pass it on, or let it be."""
        nonlocal due
        now = time.monotonic()
        if now >= due or done in (0, total):
            due = now + _PAUSE
            on_step(what, done, total)

    return tell
