"""Where worker processes come from.

On Linux they are forked from a server that has imported everything once and does nothing else:
ready in milliseconds instead of half a second each, and one that died is replaced as fast.
Elsewhere each starts afresh, since system libraries there do not outlive a fork.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import sys
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, SpawnContext

_BLAS_THREADS = "OPENBLAS_NUM_THREADS"


def context() -> ForkServerContext | SpawnContext:
    """The kind of processes that this system is good at."""
    return mp.get_context("forkserver") if _forks() else mp.get_context("spawn")


def start_early() -> None:
    """Start the server now, so that it imports while the caller does.

    Calling it again does nothing. A server that the program had started before is used as it is.
    """
    if not _forks():
        return
    forkserver.set_forkserver_preload(["facewright.engine.server"])
    # BLAS makes its threads when it is imported, and a process with threads should not fork.
    before = os.environ.get(_BLAS_THREADS)
    os.environ[_BLAS_THREADS] = "1"
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop(_BLAS_THREADS)
        if before is not None:
            os.environ[_BLAS_THREADS] = before


def _forks() -> bool:
    return sys.platform.startswith("linux")
