"""Processes that tests start: found through /proc, and killed together."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path


def start_group(*command: object) -> subprocess.Popen[bytes]:
    """Start a command that `kill_group` can kill with whatever it starts."""
    words = [str(word) for word in command]
    return subprocess.Popen(words, start_new_session=True, stderr=subprocess.DEVNULL)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill -9, and wait until it has ended; it may have ended by itself."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def naming(path: Path) -> set[int]:
    """Processes that have a path among the words of their command; where there is /proc."""
    found = set()
    for words in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has just ended
            if str(path).encode() in words.read_bytes().split(b"\0"):
                found.add(int(words.parent.name))
    return found


def descendants(pid: int) -> list[int]:
    """Processes that a process and its own processes started: a server, and the workers."""
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        found = [int(child) for child in listing.read_text().split()]
    except OSError:  # it has just ended
        return []
    return found + [deeper for child in found for deeper in descendants(child)]


def peak(pid: int) -> int:
    """Largest resident memory that a process has had, in kB; 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line), 0)
