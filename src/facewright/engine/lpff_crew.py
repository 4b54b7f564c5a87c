"""The workers of LPFF's path: photos in order, told of in order, whatever becomes of a worker.

A photo at which something unforeseen fails is told of as crashed. When a worker dies, all photos
that were under way are made again, each alone; one at which its own worker dies too, twice, is
told of as crashed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from facewright.engine.lpff_photo import Darkroom, RawPhoto
from facewright.engine.lpff_told import PhotoTold
from facewright.engine.process import keep_freed_memory, one_thread
from facewright.engine.processes import context
from facewright.errors import FacewrightError

_ATTEMPTS = 2
_AHEAD = 2  # photos a worker that are handed out before the first is told of

_darkrooms: list[Darkroom] = []  # a worker process's own, put here as it starts


@dataclass
class Crew:
    """Worker processes.

    Attributes:
        darkroom: what each works with.
        workers: how many.
    """

    darkroom: Darkroom
    workers: int
    _waiting: deque[RawPhoto] = field(default_factory=deque)

    def work(self, photos: Iterator[RawPhoto]) -> Iterator[PhotoTold]:
        """Make photos, in order.

        Raises:
            StorageError: writing failed.
            ModelError: a model is missing.
        """
        while True:
            try:
                yield from self._together(photos)
            except BrokenProcessPool:
                while self._waiting:
                    yield self._alone(self._waiting.popleft())
            else:
                return

    def _together(self, photos: Iterator[RawPhoto]) -> Iterator[PhotoTold]:
        futures: deque[Future[PhotoTold]] = deque()
        with self._pool(self.workers) as pool:
            try:
                for photo in photos:
                    self._waiting.append(photo)
                    futures.append(pool.submit(_make, photo))
                    if len(futures) > _AHEAD * self.workers:
                        yield self._next(futures)
                while futures:
                    yield self._next(futures)
            finally:
                pool.shutdown(cancel_futures=True)

    def _next(self, futures: deque[Future[PhotoTold]]) -> PhotoTold:
        told = _told(futures.popleft(), self._waiting[0])
        self._waiting.popleft()
        return told

    def _alone(self, photo: RawPhoto) -> PhotoTold:
        for _ in range(_ATTEMPTS):
            with self._pool(1) as pool:
                try:
                    return _told(pool.submit(_make, photo), photo)
                except BrokenProcessPool:
                    continue
        return _crashed(photo, f"the process that worked on it alone died {_ATTEMPTS} times")

    def _pool(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            workers, mp_context=context(), initializer=_start, initargs=(self.darkroom,)
        )


def _start(darkroom: Darkroom) -> None:
    keep_freed_memory()
    _darkrooms.append(darkroom)


def _make(photo: RawPhoto) -> PhotoTold:
    with one_thread():
        return _darkrooms[-1].make(photo)


def _told(future: Future[PhotoTold], photo: RawPhoto) -> PhotoTold:
    """Wait for a photo; raises what ends the run."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, FacewrightError | BrokenProcessPool) or not isinstance(error, Exception):
        raise error
    return _crashed(photo, f"{type(error).__name__}: {error}")


def _crashed(photo: RawPhoto, detail: str) -> PhotoTold:
    return PhotoTold(photo.entry.key, photo.raw, "crashed", detail)
