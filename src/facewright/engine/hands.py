"""Worker processes that are given one task each, over a pipe of their own.

They share no queue, so that one that is killed leaves no lock behind for which others would wait.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Self, TypeVar

from facewright.engine.processes import start_piped
from facewright.errors import FacewrightError

Task = TypeVar("Task")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Success(Generic[Done]):
    """A task is done."""

    done: Done


@dataclass(frozen=True, slots=True)
class Failure:
    """Something failed: a FacewrightError, or its description where nobody foresaw it."""

    error: FacewrightError | str


@dataclass(frozen=True, slots=True)
class Death:
    """The worker died at the task."""


Answer = Success[Done] | Failure | Death


@dataclass
class _Hand(Generic[Task]):
    process: BaseProcess
    pipe: Connection
    number: int
    task: Task


class Hands(Generic[Task, Done]):
    """Up to `count` processes, started as they are needed; use as a context manager.

    Args:
        do: what they do with a task; a function of a module, or a partial of one.
        start: called in each process as it starts, unless None.
        count: how many processes.
    """

    def __init__(
        self, do: Callable[[Task], Done], start: Callable[[], None] | None, count: int
    ) -> None:
        self._do = do
        self._start = start
        self._count = count
        self._idle: list[tuple[BaseProcess, Connection]] = []
        self._busy: list[_Hand[Task]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        for hand in self._busy:
            hand.process.kill()
        ending = [*self._idle, *((hand.process, hand.pipe) for hand in self._busy)]
        for _, pipe in ending:
            pipe.close()
        for process, _ in ending:
            process.join()

    @property
    def free(self) -> int:
        """How many tasks can be given now."""
        return self._count - len(self._busy)

    def give(self, number: int, task: Task) -> None:
        """Give a task to a process that has none."""
        process, pipe = (
            self._idle.pop() if self._idle else start_piped(serve, self._do, self._start)
        )
        self._busy.append(_Hand(process, pipe, number, task))
        try:
            pipe.send(task)
        except (BrokenPipeError, ConnectionResetError):
            return  # it is dead; its pipe will say so

    def wait(self) -> list[tuple[int, Task, Answer[Done]]]:
        """Wait until some are done; their numbers, tasks and answers. Nothing if none has any."""
        by_pipe: dict[Any, _Hand[Task]] = {hand.pipe: hand for hand in self._busy}
        ready = connection.wait(list(by_pipe)) if by_pipe else []
        return [
            (hand.number, hand.task, self._answer(hand))
            for hand in (by_pipe[pipe] for pipe in ready)
        ]

    def wait_for_all(self) -> list[tuple[int, Task, Answer[Done]]]:
        """Wait until none has a task any more."""
        told = []
        while self._busy:
            told += self.wait()
        return told

    def _answer(self, hand: _Hand[Task]) -> Answer[Done]:
        self._busy.remove(hand)
        try:
            answer: Answer[Done] = hand.pipe.recv()
        except (EOFError, OSError):  # at the end of the pipe, or in the middle of an answer
            hand.process.join()
            hand.pipe.close()
            return Death()
        self._idle.append((hand.process, hand.pipe))
        return answer


def serve(pipe: Connection, do: Callable[[Task], Done], start: Callable[[], None] | None) -> None:
    """Entry point of a worker process: do tasks until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    if start is not None:
        start()
    try:
        while True:
            pipe.send(_attempt(do, pipe.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent needs us no more, or is gone


def _attempt(do: Callable[[Task], Done], task: Task) -> Success[Done] | Failure:
    try:
        return Success(do(task))
    except FacewrightError as error:
        return Failure(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent decides about it
        return Failure(f"{type(error).__name__}: {error}")
