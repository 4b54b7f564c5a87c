"""Put notes into an app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from facewright.server.catalogue.catalogue import Catalogue, Label
from facewright.server.faces.in_page import row_of
from facewright.server.notes import routes, selection_routes
from facewright.server.notes.book import Book
from facewright.server.notes.flags import Flags
from facewright.server.notes.following import with_followers
from facewright.server.notes.labels import Labels
from facewright.server.notes.place import Place, Shown
from facewright.server.notes.selections import Selections
from facewright.server.services import Services


def noting(book: Book, folder: Path, *, read_only: bool) -> Callable[[FastAPI, Services], None]:
    """A part of the server that keeps notes.

    Args:
        book: where.
        folder: of the files that rules read, a folder a dataset.
        read_only: whether notes are shown only.
    """

    def part(app: FastAPI, services: Services) -> None:
        """Put the notes and their routes into an app."""
        flags, labels, selections = Flags(book, folder), Labels(book), Selections(book)
        for each in (flags, labels, selections):
            services.add(each)
        services.closing.callback(book.close)
        services.selected = selections.rows
        services.library.labels_of = lambda catalogue: audited(labels, catalogue)
        services.library.flagged_of = lambda catalogue: flagged(flags, catalogue)
        services.notes_of.append(lambda face_id: _noted(services, face_id))
        app.include_router(routes.reading)
        app.include_router(selection_routes.reading)
        if not read_only:
            app.include_router(routes.writing)
            app.include_router(selection_routes.writing)

    return part


def audited(labels: Labels, catalogue: Catalogue) -> tuple[Sequence[Label], str]:
    """Labels of the datasets that a catalogue shows, by their public ids; and their version."""
    shown = Shown(catalogue)
    told = (
        Label(each["attribute"], face_id, each["value"])
        for each in labels.held()
        for face_id in shown.public(Place(each["dataset"], each["face_id"]))
    )
    return list(with_followers(catalogue, told)), labels.version()


def flagged(flags: Flags, catalogue: Catalogue) -> Sequence[str]:
    """Public ids of the faces that are flagged."""
    shown = Shown(catalogue)
    return [face_id for place in flags.held() for face_id in shown.public(place)]


def _noted(services: Services, face_id: str) -> dict[str, Any]:
    catalogue = services.library.catalogue
    assert catalogue is not None
    return routes.notes_of(services, catalogue, row_of(catalogue, face_id))
