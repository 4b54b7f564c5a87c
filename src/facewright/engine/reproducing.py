"""Reproduce a published set: in parallel, resumable, with a report of every picture."""

from __future__ import annotations

import json
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path

from facewright.engine.crew import Crew
from facewright.engine.process import one_thread
from facewright.engine.processes import start_early
from facewright.engine.running import BuildProgress
from facewright.engine.workplace import WORK, locked
from facewright.errors import UsageError
from facewright.layouts.seam.tree import Tree
from facewright.limits import Limits
from facewright.reproduce.entries import listed
from facewright.reproduce.make import make
from facewright.reproduce.place import Ready, Sources, ready
from facewright.reproduce.task import ABSENT, GOOD, Outcome
from facewright.store.atomic import write_atomic

REPORT = "reproduce-report.json"
_JOURNAL = "reproduce-made.jsonl"
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class ReproduceReport:
    """What became of a set.

    Attributes:
        out: the folder.
        counts: pictures by status.
        outcomes: of every picture that is not as it was published or cannot be compared.
    """

    out: Path
    counts: dict[str, int]
    outcomes: tuple[Outcome, ...]

    @property
    def faithful(self) -> bool:
        """Whether nothing that was there went wrong: missing photos are no fault."""
        return all(outcome.status in GOOD | ABSENT for outcome in self.outcomes)


def reproduce(
    name: str,
    metadata: str | Path,
    source: str | Path,
    out: str | Path,
    *,
    unaligned: bool = False,
    workers: int | None = None,
    limits: Limits | None = None,
    on_progress: Callable[[BuildProgress], None] | None = None,
) -> ReproduceReport:
    """Make a published set's pictures again and verify each; run again to go on.

    Args:
        name: "ffhq" or "metfaces".
        metadata: the set's JSON file.
        source: folder or archive with whatever part of the source photos is at hand.
        out: folder for the pictures and the report.
        unaligned: make FFHQ-U or MetFaces-U.
        workers: processes; None for one a core.
        limits: what one photo may cost.
        on_progress: called as pictures are done.

    Raises:
        UsageError: no such set, or `out` is a file.
        LayoutError: the metadata cannot be read.
        StorageError: writing failed; what was made stays.
    """
    start_early()
    root, bounds = Path(out), limits or Limits()
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file; give a folder for the pictures")
    entries = list(listed(name, Path(metadata), unaligned=unaligned))
    tasks = ready(entries, Sources(Tree(source)), bounds)
    with locked(root, keep=True):
        journal = _Journal(root / WORK / _JOURNAL, f"{name}{'-u' if unaligned else ''}")
        outcomes: list[Outcome] = []
        count: Counter[str] = Counter()
        began = time.monotonic()
        for outcome in _made(tasks, root, bounds, journal, workers or os.cpu_count() or 1):
            count[outcome.status] += 1
            if outcome.status != "verified":
                outcomes.append(outcome)
            if on_progress:
                done = count.total()
                spent = time.monotonic() - began
                on_progress(BuildProgress(done, len(entries), done, done, spent))
        report = ReproduceReport(root, dict(count), tuple(outcomes))
        _write(report, name)
    return report


class _Journal:
    """Which pictures an earlier run made, with their checksums, so that none is made twice."""

    def __init__(self, path: Path, what: str) -> None:
        self._path = path
        self._what = what
        self._known: dict[str, Outcome] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                self._read(line)

    def _read(self, line: str) -> None:
        try:
            data = json.loads(line)
        except ValueError:  # the machine stopped in the middle of this line
            return
        if data.pop("set") == self._what:
            self._known[data["name"]] = Outcome(**data)

    def known(self, name: str, root: Path) -> Outcome | None:
        """What an earlier run made of it, if the file is still the same."""
        outcome = self._known.get(name)
        if outcome is None:
            return None
        try:
            same = sha256((root / name).read_bytes()).hexdigest() == outcome.sha256
        except OSError:
            return None
        return outcome if same else None

    def note(self, outcomes: list[Outcome]) -> None:
        """Remember what was written."""
        with self._path.open("a", encoding="utf-8") as file:
            for outcome in outcomes:
                if outcome.sha256:
                    file.write(json.dumps({"set": self._what, **asdict(outcome)}) + "\n")


def _made(
    tasks: Iterator[Ready | Outcome], root: Path, limits: Limits, journal: _Journal, workers: int
) -> Iterator[Outcome]:
    """Outcomes of all pictures, those of earlier runs and those without a photo included."""
    told: deque[Outcome] = deque()  # of what needs no worker

    def todo() -> Iterator[list[Ready]]:
        """Pictures to be made, some at once; of the others it is told what became of them."""
        while batch := list(islice(tasks, _AT_ONCE)):
            some: list[Ready] = []
            for item in batch:
                if isinstance(item, Outcome):
                    told.append(item)
                elif (before := journal.known(item.task.name, root)) is not None:
                    told.append(before)
                else:
                    some.append(item)
            if some:
                yield some

    crew = Crew(partial(_make_some, root, limits), partial(_one_by_one, root, limits), workers)
    for outcomes in crew.work(todo()):
        journal.note(outcomes)
        yield from outcomes
        while told:
            yield told.popleft()
    yield from told


def _one_by_one(root: Path, limits: Limits, tasks: list[Ready], why: str) -> list[Outcome]:
    """Make pictures one at a time, after all at once could not be made."""
    if len(tasks) == 1:
        return [Outcome(tasks[0].task.name, "failed", f"{tasks[0].picture.name}: {why}")]
    crew = Crew(partial(_make_some, root, limits), partial(_one_by_one, root, limits), workers=1)
    return [outcome for task in tasks for outcome in crew.alone([task])]


def _make_some(root: Path, limits: Limits, tasks: list[Ready]) -> list[Outcome]:
    with one_thread():
        return [make(task, root, limits) for task in tasks]


def _write(report: ReproduceReport, name: str) -> None:
    shown = [
        {"name": o.name, "status": o.status, "detail": o.detail}
        for o in report.outcomes
        if o.status != "made"
    ]
    data = {"set": name, "counts": report.counts, "not_as_published": shown}
    write_atomic(
        report.out / REPORT, json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n"
    )
