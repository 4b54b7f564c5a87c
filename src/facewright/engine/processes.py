"""Where worker processes come from.

On Linux they are forked from a server that has imported everything once and does nothing else:
ready in milliseconds instead of half a second each, and one that died is replaced as fast.
Elsewhere each starts afresh, since system libraries there do not outlive a fork.
"""

from __future__ import annotations

import multiprocessing as mp
import os
import sys
import time
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

_BLAS_THREADS = "OPENBLAS_NUM_THREADS"
_START_TRIES = 5
_START_PAUSE = 0.2  # seconds


def context() -> ForkServerContext | SpawnContext:
    """The kind of processes that this system is good at."""
    return mp.get_context("forkserver") if _forks() else mp.get_context("spawn")


def start(process: BaseProcess) -> None:
    """Start a worker process, and once more where the server died that was to fork it.

    Raises:
        EOFError | ConnectionError: server after server dies.
    """
    for tries_left in reversed(range(_START_TRIES)):
        try:
            process.start()
        except (EOFError, ConnectionError):
            if not tries_left:
                raise
            time.sleep(_START_PAUSE)  # killed a moment ago, it counts as alive until it is reaped
        else:
            return


def start_piped(target: Callable[..., None], *args: object) -> tuple[BaseProcess, Connection]:
    """Start a worker process with a pipe; the process, and our end of its pipe.

    Args:
        target: what it does; a function of a module.
        args: the target's arguments after the first, which is its end of the pipe.

    Raises:
        EOFError | ConnectionError: server after server dies.
    """
    ours, theirs = context().Pipe()
    process = context().Process(target=target, args=(theirs, *args), daemon=True)
    start(process)
    theirs.close()
    return process, ours


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
