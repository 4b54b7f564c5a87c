"""How much memory the largest process of a command takes, read from /proc while it runs."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

_PAUSE = 0.2


def largest_process(command: Sequence[str]) -> float | None:
    """Run a command; MB (of 1000 kB) that the largest process had, of it and all that it started.

    Returns:
        None where there is no /proc; the command is not run then.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    if not Path("/proc/self/task").exists():
        return None
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    largest = 0
    while run.poll() is None:
        largest = max([largest, *map(_peak, _below(run.pid))])
        time.sleep(_PAUSE)
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, command)
    return largest * 1024 / 1e6


def _below(pid: int) -> list[int]:
    """A process and all that it and its own processes started."""
    try:
        listing = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [pid, *(deeper for child in listing.split() for deeper in _below(int(child)))]


def _peak(pid: int) -> int:
    """Largest resident memory that a process has had, in KiB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line), 0)
