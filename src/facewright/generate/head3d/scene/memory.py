"""Memory that a finished rendering no longer needs, handed back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from itertools import count

_SCENES_OF_KERNELS = 8
"""After so many scenes their compiled code is forgotten; most is made for one scene alone."""
_scenes = count(1)


def give_back() -> None:
    """Empty Dr.Jit's store of freed blocks and let glibc return its own.

    Each person has other hair and so other sizes of blocks: kept, they pile up to half a gigabyte
    over eighty people. Kernels that are never used again are another 2 to 3 megabytes a person.
    Does nothing beyond Dr.Jit's part where the C library cannot.
    """
    import drjit

    if next(_scenes) % _SCENES_OF_KERNELS == 0:
        drjit.flush_kernel_cache()
    drjit.flush_malloc_cache()
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # musl has no such function
            ctypes.CDLL(None).malloc_trim(0)
