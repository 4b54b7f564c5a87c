"""Put jobs into an app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from facewright.server.jobs import order_routes, routes
from facewright.server.jobs.keeper import Keeper
from facewright.server.jobs.settings import JobSettings
from facewright.server.jobs.task import Task
from facewright.server.jobs.works import SELECTION
from facewright.server.notes.book import Book
from facewright.server.notes.choosing import rows_of
from facewright.server.notes.picked import Picked
from facewright.server.notes.selections import Selections
from facewright.server.services import Services
from facewright.store.selection import Selection


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
        keeper = Keeper(book, folder, settings, finish)
        services.add(keeper)
        services.closing.callback(keeper.close)
        app.include_router(routes.reading)
        app.include_router(order_routes.reading)
        if not read_only:
            app.include_router(routes.writing)

    return part


def made_datasets(book: Book) -> list[Path]:
    """Datasets that orders have made, and that are still there."""
    rows = book.rows("SELECT asked FROM jobs WHERE kind = 'generate' AND state = 'done'")
    tasks = (Task.model_validate_json(row["asked"]) for row in rows)
    roots = (task.result / task.options["dataset"] for task in tasks)
    return [root for root in roots if (root / "dataset.json").exists()]
