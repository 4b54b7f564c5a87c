"""Waiting for what other processes do, and not for a time."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


def wait_for(
    told: Callable[[], T],
    what: str = "what was waited for",
    *,
    alive: subprocess.Popen[Any] | None = None,
    seconds: float = 180.0,
    pause: float = 0.02,
) -> T:
    """Wait until something is told that counts as true, and give it back.

    Fails the test when it does not come, or when `alive` has ended without it. The time is that of
    the pauses, so that nothing fails because the whole machine stood still.
    """
    for _ in range(round(seconds / pause)):
        ended = alive is not None and alive.poll() is not None
        if found := told():
            return found
        if ended:
            pytest.fail(f"the process ended before {what}")
        time.sleep(pause)
    pytest.fail(f"{what} did not come in {seconds:.0f} s")
