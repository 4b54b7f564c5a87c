"""The workers of LPFF's path; a photo that nobody can work on is told of as crashed."""

from __future__ import annotations

from functools import partial

from facewright.engine.crew import Crew
from facewright.engine.lpff_photo import Darkroom, RawPhoto
from facewright.engine.lpff_told import PhotoTold
from facewright.engine.process import keep_freed_memory, one_thread

LPFFCrew = Crew[RawPhoto, PhotoTold]

_darkrooms: list[Darkroom] = []  # a worker process's own, put here as it starts


def lpff_crew(darkroom: Darkroom, workers: int) -> LPFFCrew:
    """Worker processes.

    Args:
        darkroom: what each works with.
        workers: how many.
    """
    return Crew(_make, _crashed, workers, partial(_start, darkroom))


def _start(darkroom: Darkroom) -> None:
    keep_freed_memory()
    _darkrooms.append(darkroom)


def _make(photo: RawPhoto) -> PhotoTold:
    with one_thread():
        return _darkrooms[-1].make(photo)


def _crashed(photo: RawPhoto, detail: str) -> PhotoTold:
    return PhotoTold(photo.entry.key, photo.raw, "crashed", detail)
