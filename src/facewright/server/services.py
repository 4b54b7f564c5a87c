"""Services: what the routes of one server share, handed to them by FastAPI's dependencies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Annotated, Any, TypeVar, cast

import anyio
import numpy as np
from fastapi import Depends, Request
from numpy.typing import NDArray

from facewright.errors import FacewrightError
from facewright.server.asking.conditions import Conditions
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.library import Library
from facewright.server.http.problems import ProblemError
from facewright.server.http.workers import Workers
from facewright.server.neighbours.search import Neighbours
from facewright.server.pictures.crops import Shards
from facewright.server.pictures.ready_made import ReadyAnswers
from facewright.server.pictures.thumbnails import Thumbnails
from facewright.server.settings import ServeSettings

T = TypeVar("T")
RowsOf = Callable[[Catalogue, str], NDArray[np.int64] | None]
"""Rows of a stored selection's faces, those that are shown; None where there is no such."""
NotesOf = Callable[[str], Mapping[str, Any]]
"""Further fields of a face's answer, by its public id: flags, corrections."""

_LOG = logging.getLogger(__name__)
_REST = 5
"""Times as long as looking took, the datasets are left alone: a large one may be growing."""


class Services:
    """What routes share. Parts of the server add theirs with `add`, and find them by their class.

    Attributes:
        settings: what may be spent.
        library: the datasets.
        conditions: answers `where=`.
        neighbours: finds similar faces.
        shards: their open shards.
        thumbnails: the cache.
        ready_answers: thumbnails that are sent without routing.
        selected: asked for `select=`; a part sets it.
        notes_of: asked for further fields of one face; parts append to it.
        closing: what is to be closed at the end.
        compute: threads for counting and listing.
        sql: threads for conditions and queries of visitors.
        pictures: threads for pictures.
        search: threads for similar faces.
        processes: for queries, at the same time.
    """

    def __init__(self, library: Library, settings: ServeSettings) -> None:
        self.settings = settings
        self.library = library
        self.conditions = Conditions(settings)
        self.neighbours = Neighbours(settings.cache / "similar")
        self.shards = Shards()
        self.thumbnails = Thumbnails(settings.cache, settings.thumbnail_memory)
        self.ready_answers = ReadyAnswers(settings.thumbnail_memory)
        self.selected: RowsOf = lambda _, __: None
        self.notes_of: list[NotesOf] = []
        self.closing = ExitStack()
        self.closing.callback(self.thumbnails.close)
        most = settings.most_waiting
        self.compute = Workers(settings.threads, most)
        self.sql = Workers(settings.threads, most)
        self.pictures = Workers(settings.picture_threads, 4 * most)
        self.search = Workers(1, most)
        self.processes = anyio.CapacityLimiter(2)
        self._parts: dict[type[Any], Any] = {}
        self._loaded = anyio.Event()
        self._failure = ""

    def add(self, part: object) -> None:
        """Keep a part of the server; one of each class."""
        self._parts[type(part)] = part

    def part(self, kind: type[T]) -> T:
        """The part of a class.

        Raises:
            ProblemError: 501, this server has no such part.
        """
        if kind not in self._parts:
            raise ProblemError(501, f"this server has no {kind.__name__.lower()}")
        return cast(T, self._parts[kind])

    @property
    def ready(self) -> bool:
        """Whether the datasets are loaded."""
        return self.library.catalogue is not None

    @property
    def failure(self) -> str:
        """Why loading failed; "" where it did not."""
        return self._failure

    async def load(self) -> None:
        """Load the datasets, then look every few seconds whether one has changed."""
        while True:
            begun = anyio.current_time()
            try:
                await anyio.to_thread.run_sync(self.library.refresh)
                self._failure = ""
            except FacewrightError as error:
                self._failure = str(error)
                _LOG.error("%s", error)
            self._loaded.set()
            took = anyio.current_time() - begun
            await anyio.sleep(max(self.settings.refresh_seconds, _REST * took))

    async def catalogue(self) -> Catalogue:
        """What is shown now; waits while datasets are being loaded.

        Raises:
            ProblemError: 503, they are not loaded.
        """
        if not self._loaded.is_set():
            with anyio.move_on_after(self.settings.load_seconds):
                await self._loaded.wait()
        found = self.library.catalogue
        if found is None:
            raise ProblemError(
                503, self._failure or "the datasets are being loaded", "loading",
                headers={"Retry-After": "2"},
            )  # fmt: skip
        return found


def services_of(request: Request) -> Services:
    """The services of the app that a request came to."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found


async def catalogue_of(request: Request) -> Catalogue:
    """The catalogue that one request sees from its first line to its last."""
    return await services_of(request).catalogue()


ServicesNow = Annotated[Services, Depends(services_of)]
CatalogueNow = Annotated[Catalogue, Depends(catalogue_of)]
