"""A worker process: takes chunks from a pipe, says what it has in hand, survives nothing.

An error that is not foreseen ends the process; the pool then learns which photo was in hand.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from facewright.engine.plan import Planned
from facewright.errors import FacewrightError
from facewright.recipe import Recipe
from facewright.sources.base import Source

if TYPE_CHECKING:
    from facewright.engine.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Setup:
    """What every worker of a run is given. logs: folder of their logs."""

    source: Source
    recipe: Recipe
    root: Path
    device: str
    logs: Path


@dataclass(frozen=True, slots=True)
class Job:
    """One chunk to make. suspects: keys that were in hand when a worker died."""

    number: int
    plan: tuple[Planned, ...]
    suspects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class InHand:
    """A photo is being worked on; alone when nothing else is."""

    key: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Cleared:
    """A suspect was worked on alone and nothing happened."""

    key: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Photos and faces that were finished since the last message."""

    photos: int
    faces: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The chunk is committed."""

    number: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The run cannot go on: the disk is full, a model is missing."""

    error: FacewrightError


@dataclass(frozen=True, slots=True)
class Retired:
    """The worker ends: libraries have not given its memory back. Another is to take its place."""


Message = InHand | Cleared | Progress | Finished | Failed | Retired


def work(pipe: Connection, setup: Setup, log: Path) -> None:
    """Entry point of a worker process: make chunks until the pipe says None or closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    _log_to(log)
    from facewright.engine.process import one_thread, resident_bytes

    try:
        with one_thread():
            workshop = _workshop(setup)
            workshop.warm()
            first: int | None = None
            while (job := pipe.recv()) is not None:
                _clear_suspects(pipe, workshop, job)
                _make(pipe, workshop, setup.root, job)
                now = resident_bytes() or 0
                first = now if first is None else first
                if now > first + workshop.may_grow_bytes:
                    pipe.send(Retired())
                    return
    except FacewrightError as error:
        pipe.send(Failed(error))
    except (EOFError, BrokenPipeError):
        return  # the parent is gone; what is not committed will be made again


def _workshop(setup: Setup) -> Workshop:
    """The workshop for photographs, or the one that makes pictures first."""
    from facewright.engine.making import MakingWorkshop, OrderSource
    from facewright.engine.process import keep_freed_memory
    from facewright.engine.workshop import Workshop

    if isinstance(setup.source, OrderSource):
        # Freed memory is not kept: the blocks of every scene have other sizes, and would pile up.
        return MakingWorkshop(setup.source, setup.recipe, setup.device)
    keep_freed_memory()
    return Workshop(setup.source, setup.recipe, setup.device)


def _make(pipe: Connection, workshop: Workshop, root: Path, job: Job) -> None:
    from facewright.engine.chunk import process_chunk

    process_chunk(
        workshop,
        root,
        job.number,
        job.plan,
        _Teller(pipe),
    )
    pipe.send(Finished(job.number))


def _clear_suspects(pipe: Connection, workshop: Workshop, job: Job) -> None:
    """Work on each suspect alone and throw the result away.

    The chunk itself is then made in the same batches as if nothing had happened, so that its
    values are the same.
    """
    for planned in job.plan:
        if planned.entry.key in job.suspects and not planned.problem:
            _say(pipe, InHand(planned.entry.key, alone=True))
            for _ in workshop.make([workshop.load(planned)]):
                pass
            pipe.send(Cleared(planned.entry.key))


@dataclass(frozen=True, slots=True)
class _Teller:
    """Watches a chunk and tells the pool."""

    pipe: Connection

    def hand(self, key: str) -> None:
        """Say that this photo was taken in hand."""
        _say(self.pipe, InHand(key, alone=False))

    def done(self, photos: int, faces: int) -> None:
        """Say that photos were finished."""
        _say(self.pipe, Progress(photos, faces))


def _say(pipe: Connection, message: Message) -> None:
    parent = parent_process()
    if parent is not None and not parent.is_alive():
        raise EOFError
    pipe.send(message)


def _log_to(path: Path) -> None:
    """Send this process's stderr, native libraries' included, to a file."""
    with path.open("ab", buffering=0) as file:
        os.dup2(file.fileno(), 2)
    sys.stderr = open(2, "w", buffering=1, closefd=False, encoding="utf-8")  # noqa: SIM115
    faulthandler.enable()


def split_suspects(plan: Sequence[Planned], blamed: dict[str, str]) -> tuple[Planned, ...]:
    """The chunk's photos with those that killed workers marked as crashed."""
    return tuple(
        Planned(item.entry, "crashed", blamed[item.entry.key]) if item.entry.key in blamed else item
        for item in plan
    )
