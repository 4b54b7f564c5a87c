"""What fits into memory, said before it is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from facewright.errors import UsageError

_MEMINFO = Path("/proc/meminfo")
_SHARE = 0.8  # of the free memory that is used
_MOST_AT_ONCE = 32
_MARKS = ("out of memory", "not enough memory", "can't allocate memory")


def free_bytes(device: str) -> int | None:
    """Free memory of a device; None where nobody tells."""
    if device.startswith("cuda"):
        return int(torch.cuda.mem_get_info(device)[0])
    if not _MEMINFO.is_file():
        return None
    for line in _MEMINFO.read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def how_many(needs: Callable[[int], int], free: int | None, what: str, advice: str) -> int:
    """How many pictures fit at once, at most 32.

    Args:
        needs: bytes for so many pictures.
        free: as `free_bytes` says.
        what: one picture, for the error: "a picture of 1024 pixels".
        advice: what to do where not even one fits.

    Raises:
        UsageError: not even one does.
    """
    if free is None:
        return 1
    room = _SHARE * free
    if needs(1) > room:
        raise UsageError(
            f"{what} needs about {needs(1) / 1e9:.2g} GB and {free / 1e9:.2g} GB are free; {advice}"
        )
    fitting = 1
    while fitting < _MOST_AT_ONCE and needs(2 * fitting) <= room:
        fitting *= 2
    return fitting


@contextmanager
def told_of_memory(what: str, advice: str) -> Iterator[None]:
    """Turn PyTorch's out-of-memory errors into ours.

    Raises:
        UsageError: memory ran out all the same.
    """
    try:
        yield
    except RuntimeError as error:
        if any(mark in str(error).lower() for mark in _MARKS):
            raise UsageError(f"memory ran out while making {what}; {advice}") from None
        raise
