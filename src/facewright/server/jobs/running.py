"""A job's process as the server sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from facewright.server.jobs.task import Task
from facewright.store.atomic import make_folder

_LOG: Final = "log.txt"
_TAIL: Final = 2000  # bytes of the log that are looked at
_PATIENCE: Final = 10.0  # seconds that a process has to end by itself when its work is done

Ended = Callable[["Running"], None]
News = Callable[[Task], None]
"""Called from the listener's thread whenever a job has told how far it is."""


class Running:
    """A process at work; a thread listens to it.

    Args:
        task: what it does.
        on_end: called once, from that thread, when the process is gone.
        on_news: called from that thread when there are news.

    Attributes:
        progress: 0 to 1. message: words.
        result: what it made; None until it has.
        error: why it failed; "" where it did not.
        cancelled: whether it was told to end.
    """

    def __init__(self, task: Task, on_end: Ended, on_news: News) -> None:
        self.task = task
        self.progress = 0.0
        self.message = "starting"
        self.result: dict[str, Any] | None = None
        self.error = ""
        self.cancelled = False
        self._on_end = on_end
        self._on_news = on_news
        make_folder(task.folder)
        with (task.folder / _LOG).open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "facewright.server.jobs.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=task.folder,
                start_new_session=True,
            )
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def begin(self) -> None:
        """Hand over the task and listen."""
        assert self._process.stdin is not None
        with suppress(OSError):  # it has died already; the listener says so
            self._process.stdin.write(self.task.model_dump_json().encode() + b"\n")
            self._process.stdin.flush()
        self._thread.start()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def cancel(self) -> None:
        """End it, and all that it started."""
        self.cancelled = True
        if sys.platform == "win32":
            self._process.kill()
            return
        with suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def join(self, seconds: float) -> None:
        """Wait until the listener has said how it ended."""
        self._thread.join(seconds)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._hear(line)
        self._end()
        if self.result is None and not self.error and not self.cancelled:
            self.error = self._how_it_died()
        self._on_end(self)

    def _hear(self, line: bytes) -> None:
        try:
            told = json.loads(line)
        except ValueError:
            return  # half a line of one that was killed
        if "result" in told:
            self.result = told["result"]
        elif "error" in told:
            self.error = told["error"]
        else:
            self.progress, self.message = told["progress"], told["message"]
            if not self.cancelled:
                self._on_news(self.task)

    def _end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if sys.platform != "win32":
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)  # what it left behind
        with suppress(OSError):
            self._process.stdin.close()
        self._process.stdout.close()

    def _how_it_died(self) -> str:
        try:
            tail = (self.task.folder / _LOG).read_bytes()[-_TAIL:].decode("utf-8", "replace")
        except OSError:
            tail = ""
        lines = tail.strip().splitlines()
        code = self._process.returncode
        return lines[-1][:500] if code == 1 and lines else f"the job's process died ({code})"
