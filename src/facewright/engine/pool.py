"""Worker processes that may die: the pool notices, starts another, and the work goes on."""

from __future__ import annotations

import multiprocessing as mp
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Self

from facewright.engine.attempts import Attempts
from facewright.engine.plan import Planned
from facewright.engine.worker import (
    Cleared,
    Failed,
    Finished,
    InHand,
    Job,
    Message,
    Progress,
    Setup,
    split_suspects,
    work,
)
from facewright.errors import FacewrightError

_IDLE_DEATHS = 3  # workers that die without a photo in hand will not get better


@dataclass
class _Worker:
    """A process, the pool's end of its pipe, and what it has in hand."""

    process: SpawnProcess
    pipe: Connection
    job: Job | None = None
    in_hand: set[str] = field(default_factory=set)
    alone: bool = False


class Pool:
    """Runs chunks in `count` spawned processes; use as a context manager.

    The processes start at once, so that they load their models while the caller still plans.
    """

    def __init__(self, setup: Setup, count: int) -> None:
        self._context = mp.get_context("spawn")
        self._setup = setup
        self._workers: list[_Worker] = []
        self._idle_deaths = 0
        for _ in range(count):
            self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()

    def run(
        self, chunks: Iterable[tuple[int, tuple[Planned, ...]]], attempts: Attempts
    ) -> Iterator[Progress | Finished]:
        """Make all chunks, in any order, and yield what happens.

        Raises:
            FacewrightError: the run cannot go on; committed chunks stay.
        """
        todo = deque(chunks)
        plans = dict(todo)
        while todo or any(worker.job for worker in self._workers):
            self._hand_out(todo, attempts)
            by_pipe: dict[Any, _Worker] = {worker.pipe: worker for worker in self._workers}
            for ready in connection.wait(list(by_pipe)):
                worker = by_pipe[ready]
                try:
                    message: Message = worker.pipe.recv()
                except (EOFError, ConnectionResetError):
                    if lost := self._bury(worker, attempts):
                        todo.appendleft((lost.number, plans[lost.number]))
                    continue
                yield from self._take(worker, message, attempts)
        for worker in self._workers:
            worker.pipe.send(None)

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs, self._setup), daemon=True)
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))

    def _hand_out(self, todo: deque[tuple[int, tuple[Planned, ...]]], attempts: Attempts) -> None:
        for worker in self._workers:
            if worker.job is None and todo:
                number, plan = todo.popleft()
                plan = split_suspects(plan, attempts.blamed)
                suspects = attempts.suspects & {item.entry.key for item in plan}
                worker.job = Job(number, plan, frozenset(suspects))
                try:
                    worker.pipe.send(worker.job)
                except (BrokenPipeError, ConnectionResetError):
                    continue  # it is dead; its pipe will say so

    def _take(
        self, worker: _Worker, message: Message, attempts: Attempts
    ) -> Iterator[Progress | Finished]:
        self._idle_deaths = 0
        match message:
            case InHand(key, alone):
                worker.in_hand.add(key)
                worker.alone = alone
            case Cleared(key):
                worker.in_hand.discard(key)
                attempts.cleared(key)
            case Progress():
                worker.in_hand.clear()
                yield message
            case Finished():
                worker.in_hand.clear()
                worker.job = None
                yield message
            case Failed(error):
                raise error

    def _bury(self, worker: _Worker, attempts: Attempts) -> Job | None:
        """Note what a dead worker had in hand, start another, give its job back."""
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        detail = f"a worker died with {_exit_text(worker.process.exitcode)}; see {self._log_name}"
        if worker.in_hand:
            attempts.died(worker.in_hand, alone=worker.alone, detail=detail)
        else:
            self._idle_deaths += 1
            if self._idle_deaths >= _IDLE_DEATHS:
                last = _last_line(self._setup.log)
                raise FacewrightError(f"workers die before they start: {last or detail}")
        self._start()
        return worker.job

    @property
    def _log_name(self) -> str:
        return f"{self._setup.log.parent.name}/{self._setup.log.name}"


def _exit_text(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _last_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""
