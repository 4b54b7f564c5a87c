"""Put notes into an app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from facewright.server.catalogue import Catalogue, Label
from facewright.server.native import row_of
from facewright.server.notes import routes, selection_routes
from facewright.server.notes.book import Book
from facewright.server.notes.flags import Flags
from facewright.server.notes.labels import Labels
from facewright.server.notes.place import key_of, own_id
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
        labels, selections = Labels(book), Selections(book)
        for each in (Flags(book, folder), labels, selections):
            services.add(each)
        services.closing.callback(book.close)
        services.selection_ids = selections.face_ids
        services.library.labels_of = lambda catalogue: audited(labels, catalogue)
        services.notes_of.append(lambda face_id: _noted(services, face_id))
        app.include_router(routes.reading)
        app.include_router(selection_routes.reading)
        if not read_only:
            app.include_router(routes.writing)
            app.include_router(selection_routes.writing)

    return part


def audited(labels: Labels, catalogue: Catalogue) -> tuple[Sequence[Label], str]:
    """Labels of the datasets that a catalogue shows, by their public ids; and their version."""
    names = {key_of(shelf.root): number for number, shelf in enumerate(catalogue.shelves)}
    found = []
    for each in labels.held():
        number = names.get(each["dataset"])
        face_id = None if number is None else _public(catalogue, number, each["face_id"])
        if face_id is not None:
            found.append(Label(each["attribute"], face_id, each["value"]))
    return found, labels.version()


def _public(catalogue: Catalogue, number: int, face_id: str) -> str | None:
    """Public id of a dataset's face; None where it is not shown."""
    for public in (f"{face_id}@{catalogue.shelves[number].name}", face_id):
        row = catalogue.ids.find(public)
        if row is not None:
            shelf, own = catalogue.shelf_of(row)
            if shelf is catalogue.shelves[number] and own_id(shelf, own) == face_id:
                return public
    return None


def _noted(services: Services, face_id: str) -> dict[str, Any]:
    catalogue = services.library.catalogue
    assert catalogue is not None
    return routes.notes_of(services, catalogue, row_of(catalogue, face_id))
