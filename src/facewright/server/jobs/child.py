"""A job's process: `python -m facewright.server.jobs.child`.

stdin: the task in one line; then nothing, until its end says that the server is gone.
stdout: lines of JSON, {"progress", "message"} and at last {"result"} or {"error"}.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import IO, Any, Final

_EVERY: Final = 0.2  # seconds between two lines of progress
_NICE: Final = 5  # whoever waits for a page comes first


class _Teller:
    """Writes lines to the server."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._last = 0.0

    def progress(self, done: float, message: str) -> None:
        """Say how far it is, not too often."""
        now = time.monotonic()
        if now - self._last >= _EVERY:
            self._last = now
            self.say({"progress": min(max(done, 0.0), 1.0), "message": message})

    def say(self, line: dict[str, Any]) -> None:
        """Say something."""
        with self._lock:
            self._out.write(json.dumps(line) + "\n")
            self._out.flush()


def main() -> None:
    """Do the task that stdin names."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is none of the server's lines
    logging.basicConfig(level=logging.WARNING)
    first = sys.stdin.buffer.readline()
    threading.Thread(target=_end_with_server, daemon=True).start()
    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(_NICE)
    teller = _Teller(out)

    from facewright.errors import FacewrightError
    from facewright.server.jobs.task import Task
    from facewright.server.jobs.works import work

    try:
        teller.say({"result": work(Task.model_validate_json(first), teller.progress)})
    except FacewrightError as error:
        teller.say({"error": str(error)})


def _end_with_server() -> None:
    """Without the server nobody can cancel this, so it ends, and all that it started with it."""
    with suppress(OSError):
        while os.read(0, 1):  # not by sys.stdin, whose lock a thread would hold at exit
            pass
    if sys.platform != "win32":
        with suppress(OSError):
            os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
