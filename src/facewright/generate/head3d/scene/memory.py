"""Memory that a finished rendering no longer needs, handed back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import sys


def give_back() -> None:
    """Empty Dr.Jit's store of freed blocks and let glibc return its own.

    Each person has other hair and so other sizes of blocks: kept, they pile up to half a gigabyte
    over eighty people. Does nothing beyond Dr.Jit's part where the C library cannot.
    """
    import drjit

    drjit.flush_malloc_cache()
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # musl has no such function
            ctypes.CDLL(None).malloc_trim(0)
