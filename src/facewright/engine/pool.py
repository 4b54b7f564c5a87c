"""Worker processes that may die: the pool notices, starts another, and the work goes on."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self

from facewright.engine.attempts import DEATHS_TO_BLAME, Attempts
from facewright.engine.plan import Planned
from facewright.engine.processes import start_piped
from facewright.engine.worker import (
    Cleared,
    Failed,
    Finished,
    InHand,
    Job,
    Message,
    Progress,
    Retired,
    Setup,
    split_suspects,
    work,
)
from facewright.errors import FacewrightError

_IDLE_DEATHS = 3  # workers that die without a photo in hand will not get better
_SAME_BLAME = 3  # photos blamed on one and the same Python error: that is no photo's fault
_CHUNK_DEATHS = 6  # of one chunk with nobody to blame


@dataclass
class _Worker:
    """A process, the pool's end of its pipe, and what it has in hand."""

    process: BaseProcess
    pipe: Connection
    log: Path
    job: Job | None = None
    in_hand: set[str] = field(default_factory=set)
    alone: bool = False


class Pool:
    """Runs chunks in `count` processes; use as a context manager.

    The processes start at once, so that they load their models while the caller still plans.
    """

    def __init__(self, setup: Setup, count: int) -> None:
        self._setup = setup
        self._workers: list[_Worker] = []
        self._started = 0
        self._idle_deaths = 0
        self._chunk_deaths: Counter[int] = Counter()
        self._errors: Counter[str] = Counter()
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
                except (EOFError, OSError):  # at a message's end, or in its middle
                    if lost := self._bury(worker, attempts):
                        todo.appendleft((lost.number, plans[lost.number]))
                    continue
                if isinstance(message, Retired):
                    if waiting := self._replace(worker):
                        todo.appendleft((waiting.number, plans[waiting.number]))
                    continue
                yield from self._take(worker, message, attempts)
        for worker in self._workers:
            with suppress(BrokenPipeError, ConnectionResetError):  # it has retired
                worker.pipe.send(None)

    def _start(self) -> None:
        self._started += 1
        log = self._setup.logs / f"worker-{self._started}.log"
        process, pipe = start_piped(work, self._setup, log)
        self._workers.append(_Worker(process, pipe, log))

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

    def _replace(self, worker: _Worker) -> Job | None:
        """Start another for one that retired; give back the job that it was sent meanwhile."""
        self._remove(worker)
        self._start()
        return worker.job

    def _remove(self, worker: _Worker) -> None:
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)

    def _bury(self, worker: _Worker, attempts: Attempts) -> Job | None:
        """Note what a dead worker had in hand, start another, give its job back.

        Raises:
            FacewrightError: it will not get better by trying again.
        """
        self._remove(worker)
        detail = _how_it_died(worker)
        if worker.in_hand:
            attempts.died(worker.in_hand, alone=worker.alone, detail=detail)
        self._give_up(worker, detail)
        self._start()
        return worker.job

    def _give_up(self, worker: _Worker, detail: str) -> None:
        """Stop where deaths are nobody's fault but the program's or the machine's."""
        self._idle_deaths += not worker.in_hand
        if self._idle_deaths >= _IDLE_DEATHS:
            raise FacewrightError(f"workers die before they start: {detail}")
        if worker.alone and worker.process.exitcode == 1:
            self._errors[detail] += 1
        if self._errors[detail] >= _SAME_BLAME * DEATHS_TO_BLAME:
            raise FacewrightError(f"the same error on photo after photo: {detail}")
        if worker.job is not None and worker.in_hand and not worker.alone:
            self._chunk_deaths[worker.job.number] += 1
            if self._chunk_deaths[worker.job.number] >= _CHUNK_DEATHS:
                raise FacewrightError(
                    f"workers die on several photos at once, on none of them alone: {detail};"
                    " is there enough memory? try --workers 1"
                )


def _how_it_died(worker: _Worker) -> str:
    """The error of a Python exception, else the signal or exit code."""
    code = worker.process.exitcode
    last = _last_line(worker.log)
    return last if code == 1 and last else f"a worker died with {_exit_text(code)}"


def _exit_text(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _last_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""
