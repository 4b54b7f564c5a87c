"""What the C library does with memory that is freed."""

from __future__ import annotations

import ctypes
import sys

# Names and limits: glibc's malloc.h and mallopt(3).
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEEP_BYTES = 512 * 1024 * 1024
_MMAP_BYTES = 32 * 1024 * 1024


def keep_freed_memory() -> None:
    """Let glibc keep what one batch frees for the next one; other C libraries are left alone.

    Batches take and free the same few hundred megabytes again and again. Given back to the
    system each time, they are faulted in and cleared each time, page by page: up to 500 faults
    a face, one to three milliseconds. The peak stays what it is.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _KEEP_BYTES)
