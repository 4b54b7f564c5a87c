"""Worker processes that do tasks in order, whatever becomes of a worker.

When one dies, all tasks that were under way are done again, each alone in a process of its own. One
at which that dies too, twice, is handed back: what killed its workers is in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Generic, TypeVar

from facewright.engine.processes import context
from facewright.errors import FacewrightError

ATTEMPTS = 2
_AHEAD = 2  # tasks a worker that are handed out before the first has its answer

Task = TypeVar("Task")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Crew(Generic[Task, Done]):
    """Workers.

    Attributes:
        do: what they do with a task; a function of a module, or a partial of one.
        give_up: what comes of a task that cannot be done, and why, in words: its workers died, or
            something failed that nobody foresaw. Called in this process.
        workers: how many.
        start: called in each worker as it starts.
    """

    do: Callable[[Task], Done]
    give_up: Callable[[Task, str], Done]
    workers: int
    start: Callable[[], None] | None = None

    def work(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Do tasks; their results in order.

        Raises:
            FacewrightError: of a task, as a full disk: it ends the work.
        """
        waiting: deque[Task] = deque()
        to_come = iter(tasks)
        while True:
            try:
                yield from self._together(to_come, waiting)
            except BrokenProcessPool:
                while waiting:
                    done = self.alone(waiting[0])
                    waiting.popleft()
                    yield done
            else:
                return

    def alone(self, task: Task) -> Done:
        """Do one task in a process of its own."""
        for _ in range(ATTEMPTS):
            with self._pool(1) as pool:
                try:
                    return self._result(pool.submit(self.do, task), task)
                except BrokenProcessPool:
                    continue
        return self.give_up(task, f"the process that worked on it alone died {ATTEMPTS} times")

    def _together(self, tasks: Iterator[Task], waiting: deque[Task]) -> Iterator[Done]:
        futures: deque[Future[Done]] = deque()
        with self._pool(self.workers) as pool:
            try:
                for task in tasks:
                    waiting.append(task)
                    futures.append(pool.submit(self.do, task))
                    while len(futures) > _AHEAD * self.workers or (futures and futures[0].done()):
                        yield self._next(futures, waiting)
                while futures:
                    yield self._next(futures, waiting)
            finally:
                pool.shutdown(cancel_futures=True)

    def _next(self, futures: deque[Future[Done]], waiting: deque[Task]) -> Done:
        done = self._result(futures.popleft(), waiting[0])
        waiting.popleft()
        return done

    def _result(self, future: Future[Done], task: Task) -> Done:
        """Wait for a task; raises what ends the work."""
        error = future.exception()
        if error is None:
            return future.result()
        ends = isinstance(error, FacewrightError | BrokenProcessPool)
        if ends or not isinstance(error, Exception):
            raise error
        return self.give_up(task, f"{type(error).__name__}: {error}")

    def _pool(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, mp_context=context(), initializer=self.start)
