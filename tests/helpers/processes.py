"""Processes that a command started, found through /proc."""

from pathlib import Path


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
