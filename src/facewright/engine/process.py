"""How a process that works on pictures treats its threads and its memory."""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
from threadpoolctl import ThreadpoolController

# Names and limits: glibc's malloc.h and mallopt(3).
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEEP_BYTES = 512 * 1024 * 1024
_MMAP_BYTES = 32 * 1024 * 1024


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep OpenCV and NumPy's BLAS to the calling thread; afterwards it is as it was.

    Processes share the cores. BLAS threads moreover spin for some time after each product, which
    took four milliseconds of a core for every face.
    """
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with ThreadpoolController().limit(limits=1, user_api="blas"):
            yield
    finally:
        cv2.setNumThreads(before)


def resident_bytes() -> int | None:
    """Memory of this process that is in use now; None where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return None
    return int(pages) * mmap.PAGESIZE


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
