"""What every run of chunks does: make those that are not there yet, then count and close."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from facewright.engine.attempts import Attempts
from facewright.engine.plan import Planned
from facewright.engine.pool import Pool
from facewright.engine.ruling import conclude
from facewright.engine.worker import Progress
from facewright.engine.workplace import WORK
from facewright.store.atomic import remove_partials, write_atomic
from facewright.store.counts import count
from facewright.store.manifest import Counts, Manifest
from facewright.store.tables import committed

CRASH_LOG = "crashes.log"


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build is.

    photos, total: finished so far (earlier runs included) and in all (0: not known).
    faces: found in this run. made: photos finished in this run. seconds: since the run began.
    """

    photos: int
    total: int
    faces: int
    made: int
    seconds: float


def run_chunks(
    pool: Pool,
    root: Path,
    parts: Sequence[tuple[int, tuple[Planned, ...]]],
    on_progress: Callable[[BuildProgress], None] | None,
) -> BuildProgress:
    """Make the chunks that are not committed.

    Args:
        pool: the workers.
        root: the dataset's folder.
        parts: numbers of all chunks of the run, and their photos.
        on_progress: called after each batch of photos.

    Raises:
        FacewrightError: the run cannot go on; committed chunks stay.
    """
    began = time.monotonic()
    remove_partials(root)
    ready = committed(root)
    total = sum(len(part) for _, part in parts)
    todo = [(number, part) for number, part in parts if number not in ready]
    before = total - sum(len(part) for _, part in todo)
    made = faces = 0
    now = BuildProgress(before, total, 0, 0, 0.0)
    attempts = Attempts.load(root / WORK / "attempts.json")
    for event in pool.run(todo, attempts):
        if isinstance(event, Progress):
            made, faces = made + event.photos, faces + event.faces
            # A chunk that is made again after a worker's death is counted twice here.
            done = min(before + made, total)
            now = BuildProgress(done, total, faces, made, time.monotonic() - began)
            if on_progress:
                on_progress(now)
    return now


def finish(root: Path, wanted: Manifest) -> Counts:
    """Count, judge by the rules, mark the dataset complete, and keep the log of what crashed."""
    remove_partials(root)
    counts = count(root)
    if counts.photos_excluded.get("crashed"):
        logs = sorted((root / WORK).glob("*.log"))
        write_atomic(root / CRASH_LOG, b"".join(log.read_bytes() for log in logs))
    return conclude(root, wanted.model_copy(update={"state": "complete", "counts": counts})).counts
