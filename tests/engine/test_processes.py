"""Worker processes: they start although what they are forked from has died."""

import os
import signal
import sys
import time
from multiprocessing import forkserver

import pytest

from facewright.engine.processes import context, start, start_early
from helpers.children import say, threads_and_models

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="nothing is forked")


def answer(work, *words):
    """What a process says that does `work(pipe, *words)`."""
    ours, theirs = context().Pipe()
    process = context().Process(target=work, args=(theirs, *words))
    start(process)
    theirs.close()
    try:
        return ours.recv()
    finally:
        process.join()


@linux_only
def test_a_worker_starts_though_the_server_was_killed_a_moment_ago():
    for pause in (0.0, 0.01, 0.2):
        start_early()
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
        time.sleep(pause)
        assert answer(say, "here") == "here"


@linux_only
def test_workers_are_born_with_the_models_and_one_thread():
    start_early()
    threads, ready = answer(threads_and_models)
    assert threads == 1
    assert {"face_landmarks_478", "yunet_2023mar"} <= set(ready)
