"""The workers of an import. A chunk that none survives is made without the items that kill them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

from facewright.engine.crew import Crew
from facewright.engine.import_chunk import ImportDone, ImportJob, make_import_chunk
from facewright.engine.workplace import WORK
from facewright.errors import FacewrightError
from facewright.store.atomic import make_folder

_TRIAL = "trial"


def import_crew(root: Path, workers: int) -> Crew[ImportJob, ImportDone]:
    """Worker processes that make chunks of the dataset in `root`."""
    make = partial(make_import_chunk, root)
    return Crew(make, partial(_without_culprits, root), workers)


def _without_culprits(root: Path, job: ImportJob, _why: str) -> ImportDone:
    """Make a chunk in which the items that cannot be worked on are excluded as crashed.

    Raises:
        FacewrightError: no single item is to blame.
    """
    trial = root / WORK / _TRIAL
    for folder in ("photos", "faces"):
        make_folder(trial / folder)
    everyone = range(len(job.items))
    blamed = _culprits(Crew(partial(_survives, trial), _blamed, workers=1), job, everyone)
    shutil.rmtree(trial, ignore_errors=True)
    items = [
        replace(item, faces=(), problem=("crashed", blamed[n])) if n in blamed else item
        for n, item in enumerate(job.items)
    ]
    rest = Crew(partial(make_import_chunk, root), _ended, workers=1)
    return rest.alone(replace(job, items=items))


def _culprits(trial: Crew[ImportJob, str], job: ImportJob, suspects: range) -> dict[int, str]:
    """Numbers of the items that kill their workers, and what was seen of it, by halving."""
    items = [job.items[n] for n in suspects]
    why = trial.alone(replace(job, items=items, new_photos=[True] * len(items)))
    if not why:
        return {}
    if len(items) == 1:
        return {suspects[0]: why}
    half = len(items) // 2
    return _culprits(trial, job, suspects[:half]) | _culprits(trial, job, suspects[half:])


def _survives(trial: Path, job: ImportJob) -> str:
    make_import_chunk(trial, job)
    return ""


def _blamed(_job: ImportJob, why: str) -> str:
    return why


def _ended(_job: ImportJob, why: str) -> ImportDone:
    raise FacewrightError(
        f"a chunk of the import cannot be made: {why}; with more memory the same command goes on"
    )
