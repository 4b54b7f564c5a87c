"""Tasks at which workers die or fail, importable in their processes."""

from __future__ import annotations

import os
import signal

from facewright.errors import StorageError


def tenfold(number: int) -> int:
    """Ten times a number; from 100 on it kills the process, -1 and -2 raise."""
    if number >= 100:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == -1:
        raise ValueError("nobody thought of this")
    if number == -2:
        raise StorageError("the disk is full")
    return 10 * number
