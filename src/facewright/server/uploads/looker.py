"""Looker: hands pictures to the process that looks at them, and starts another where it dies."""

from __future__ import annotations

import logging
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final

from facewright.engine.processes import start_early, start_piped
from facewright.server.http.problems import ProblemError
from facewright.server.uploads.looking import Refused, Seen, look
from facewright.server.uploads.settings import UploadSettings

_LOG: Final = logging.getLogger(__name__)
_START_SECONDS: Final = 60.0
_STATUS: Final = {
    "too_large_file": 413,
    "too_many_pixels": 413,
    "not_an_image": 415,
    "unsupported_format": 415,
}


class Looker:
    """One process, one picture at a time; the first picture starts it.

    Args:
        settings: limits.
    """

    def __init__(self, settings: UploadSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def look(self, data: bytes) -> Seen:
        """Faces of a picture; to be called in a thread.

        Raises:
            ProblemError: 413 or 415 or 422, the picture's fault; 503, the process cannot start.
        """
        with self._lock:
            pipe = self._ready()
            try:
                pipe.send_bytes(data)
                in_time = pipe.poll(self.settings.seconds)
                answer = pipe.recv() if in_time else None
            except (EOFError, OSError):
                self._stop()
                _LOG.warning("the process that looks at pictures died; the next one starts another")
                raise ProblemError(
                    422, "the picture cannot be looked at: it is broken or hostile", "picture"
                ) from None
            if answer is None:
                self._stop()
                raise ProblemError(422, "the picture takes too long to look at", "picture")
        if isinstance(answer, Refused):
            status = _STATUS.get(answer.reason, 422)
            raise ProblemError(status, f"{answer.reason}: {answer.detail}", "picture")
        assert isinstance(answer, Seen)
        return answer

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return None if self._process is None else self._process.pid

    def _ready(self) -> Connection:
        """The pipe to a process that waits for a picture."""
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self._stop()
        start_early()
        self._process, pipe = start_piped(look, self.settings)
        self._pipe = pipe
        try:
            started = pipe.poll(_START_SECONDS) and pipe.recv() is None
        except (EOFError, OSError):
            started = False
        if not started:
            self._stop()
            raise ProblemError(503, "the process that looks at pictures does not start", "picture")
        return pipe

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None
