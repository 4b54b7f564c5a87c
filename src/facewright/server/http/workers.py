"""Work off the event loop: threads with a limit each kind, and an end to the queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import anyio
import anyio.to_thread

from facewright.server.http.problems import ProblemError

T = TypeVar("T")


class Workers:
    """Threads for one kind of work, so that a slow kind does not hold up another.

    Args:
        threads: at the same time.
        most_waiting: calls in the queue from which on further ones are refused.
    """

    def __init__(self, threads: int, most_waiting: int) -> None:
        self._limiter = anyio.CapacityLimiter(threads)
        self._most_waiting = most_waiting

    async def run(self, work: Callable[..., T], *args: Any, **named: Any) -> T:
        """Do work in a thread.

        Raises:
            ProblemError: 503, the queue is full.
        """
        if self._limiter.statistics().tasks_waiting >= self._most_waiting:
            raise ProblemError(503, "too much is asked at once; try again", "busy", headers={
                "Retry-After": "1"
            })  # fmt: skip
        return await anyio.to_thread.run_sync(partial(work, *args, **named), limiter=self._limiter)
