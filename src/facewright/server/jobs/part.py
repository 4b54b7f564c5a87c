"""Put jobs into an app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from facewright.server.catalogue.library import Library
from facewright.server.jobs import order_routes, routes
from facewright.server.jobs.keeper import Keeper, made_by
from facewright.server.jobs.settings import JobSettings
from facewright.server.jobs.task import Task
from facewright.server.jobs.works import SELECTION
from facewright.server.notes.book import Book
from facewright.server.notes.choosing import rows_of
from facewright.server.notes.picked import Picked
from facewright.server.notes.selections import Selections
from facewright.server.services import Services
from facewright.store.selection import Selection
from facewright.store.tables import parts


def doing_jobs(
    book: Book, folder: Path, settings: JobSettings, *, read_only: bool
) -> Callable[[FastAPI, Services], None]:
    """A part of the server that runs jobs; to be put behind the notes.

    Args:
        book: where jobs are kept.
        folder: of their files.
        settings: limits.
        read_only: whether jobs are shown only.
    """

    def part(app: FastAPI, services: Services) -> None:
        """Put the jobs and their routes into an app."""

        def keep_selection(job_id: str, task: Task, result: dict[str, Any]) -> dict[str, Any]:
            """Make a selection of what a balance chose, and name it in the result."""
            del job_id
            chosen = Selection.load(task.result / SELECTION)
            name = task.asked["name"] or "Balanced"
            catalogue = services.library.catalogue
            assert catalogue is not None
            picked = Picked.of_rows(catalogue, rows_of(catalogue, chosen.face_ids))
            kept = services.part(Selections).make(name, picked, chosen.why)
            return {"selection": kept["id"], "faces": kept["faces"], **result["balance"]}

        def serve_dataset(job_id: str, task: Task, result: dict[str, Any]) -> dict[str, Any]:
            del job_id
            name = services.library.add(task.result / task.options["dataset"])
            return {"dataset": name, **result}

        finish = {"balance": keep_selection, "generate": serve_dataset}
        keeper = Keeper(book, folder, settings, finish, InLibrary(services.library))
        services.add(keeper)
        services.closing.callback(keeper.close)
        app.include_router(routes.reading)
        app.include_router(order_routes.reading)
        if not read_only:
            app.include_router(routes.writing)

    return part


class InLibrary:
    """Shows what orders make among the served datasets.

    A dataset is served from its first committed part on; the library then looks by itself, every
    few seconds, what was committed since.

    Args:
        library: of the server.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def show(self, root: Path) -> None:
        """Serve a dataset once a part of it is committed.

        Raises:
            UsageError: too many are served.
            DatasetError: it is broken.
        """
        if self._library.name_of(root) is None and has_faces(root):
            self._library.add(root)

    def name(self, root: Path) -> str | None:
        """Its name; None while nothing of it is shown."""
        name, catalogue = self._library.name_of(root), self._library.catalogue
        is_shown = catalogue is not None and name in catalogue.columns["dataset"].index
        return name if is_shown else None

    def hide(self, root: Path) -> None:
        """Serve it no more."""
        self._library.remove(root)


def made_datasets(book: Book) -> list[Path]:
    """Datasets that orders have made or begun, and that are still there."""
    rows = book.rows("SELECT asked FROM jobs WHERE kind = 'generate'")
    tasks = (Task.model_validate_json(row["asked"]) for row in rows)
    return [root for task in tasks for root in made_by(task) if has_faces(root)]


def has_faces(root: Path) -> bool:
    """Whether a dataset is there and a part of it is committed."""
    return (root / "dataset.json").exists() and bool(parts(root, "faces"))
