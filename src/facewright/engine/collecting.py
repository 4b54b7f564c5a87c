"""When Python looks for garbage that reference counts do not find."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_later() -> Iterator[None]:
    """Let Python look for cycles afterwards only, if it does so at all.

    While tens of thousands of rows are made, each with dozens of values and none with a cycle,
    looking for cycles takes a quarter of the time and finds nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
