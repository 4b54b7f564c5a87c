"""Keeper: starts jobs, some at a time, and knows of every one how it stands.

A job is in the book before its id is told. Jobs of a server that is gone are `interrupted`, and
can be begun again: an order goes on where it stopped, the others start anew.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import shutil
import threading
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from facewright.errors import FacewrightError
from facewright.server.http.problems import ProblemError
from facewright.server.jobs.owners import Owner
from facewright.server.jobs.running import Running
from facewright.server.jobs.settings import JobSettings
from facewright.server.jobs.shapes import OVER
from facewright.server.jobs.task import RESULT, Task
from facewright.server.notes.book import Book
from facewright.server.notes.flags import now

Finish = Callable[[str, Task, dict[str, Any]], dict[str, Any]]
"""Makes of a job's id, task and result what is told; called before the job is `done`."""

_LOG: Final = logging.getLogger(__name__)
_TOLD: Final = (
    "SELECT id, kind, title, state, progress, message, result, created, changed,"
    " json_extract(asked, '$.options.dataset') AS dataset FROM jobs"
)


_PATH: Final = re.compile(r"(?<![\w:/.])/(?:[^\s/'\"|:,;]+/)+([^\s/'\"|:,;]+)")
"""A path from the root of the machine; addresses of the web are none."""


class Showing(Protocol):
    """Shows what orders make, from their first faces on until they are forgotten."""

    def show(self, root: Path) -> None:
        """Serve a dataset once it has a face; called again and again."""
        ...

    def name(self, root: Path) -> str | None:
        """Its name; None while it is not served."""
        ...

    def hide(self, root: Path) -> None:
        """Serve it no more: its files are about to go."""
        ...


class Keeper:
    """All jobs of a folder. May be used from any thread.

    Args:
        book: where they are kept.
        folder: of their files.
        settings: limits.
        finish: what is done with results, by kind.
        showing: shows what orders make.

    Raises:
        StorageError: the folder cannot be used.
    """

    def __init__(
        self,
        book: Book,
        folder: Path,
        settings: JobSettings,
        finish: Mapping[str, Finish],
        showing: Showing,
    ) -> None:
        self.settings = settings
        self._book = book
        self._folder = folder
        self._finish = finish
        self._showing = showing
        self._lock = threading.RLock()
        self._queue: deque[str] = deque()
        self._running: dict[str, Running] = {}
        self._closing = False
        self._owner = Owner(folder / "servers")
        self._find_interrupted()

    def start(self, kind: str, title: str, task_of: Callable[[Path], Task]) -> str:
        """Accept a job.

        Args:
            kind: of job.
            title: for people.
            task_of: makes its task, given its folder.

        Returns:
            Its id; by now it is kept.

        Raises:
            ProblemError: 503, too many wait.
            StorageError: it cannot be kept.
        """
        with self._lock:
            self._check_queue()
        job_id = secrets.token_hex(8)
        task = task_of(self.folder_of(job_id))
        time = now()
        told = (job_id, kind, title, task.model_dump_json(), "queued", 0.0, "waiting", None)
        with self._lock:
            self._book.write(
                "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*told, self._owner.id, time, time),
            )
            self._queue.append(job_id)
            self._pump()
        return job_id

    def all(self) -> list[dict[str, Any]]:
        """All jobs, newest first."""
        return [self._told(row) for row in self._book.rows(f"{_TOLD} ORDER BY rowid DESC")]

    def one(self, job_id: str) -> dict[str, Any]:
        """A job as it is now.

        Raises:
            ProblemError: 404.
        """
        found = self._book.rows(f"{_TOLD} WHERE id = ?", (job_id,))
        if not found:
            raise ProblemError(404, f"no job {job_id[:80]!r}", "no-job")
        return self._told(found[0])

    def end(self, job_id: str) -> None:
        """Cancel a job that is not over; forget one that is, and its files.

        Raises:
            ProblemError: 404; 409, what it made is being served, or another server works on it.
        """
        with self._lock:
            job = self.one(job_id)
            running = self._running.get(job_id)
            if running is not None:
                running.cancel()
            elif job["state"] not in OVER:
                if job_id not in self._queue:
                    raise ProblemError(409, "another server is working on it", "state")
                self._queue.remove(job_id)
                self._note(job_id, "cancelled", 0.0, "cancelled before it began")
            elif job["kind"] == "generate" and job["state"] == "done":
                raise ProblemError(409, "the faces that it made are being served", "served")
            else:
                for root in made_by(self.task(job_id)):
                    self._showing.hide(root)
                self._book.write("DELETE FROM jobs WHERE id = ?", (job_id,))
                shutil.rmtree(self.folder_of(job_id), ignore_errors=True)
        if running is not None:
            running.join(10.0)

    def again(self, job_id: str) -> None:
        """Begin a job again that did not end well.

        Raises:
            ProblemError: 404; 409, it runs or is done; 503, too many wait.
        """
        with self._lock:
            state = self.one(job_id)["state"]
            if state not in OVER or state == "done":
                raise ProblemError(409, f"the job is {state}", "state")
            self._check_queue()
            self._book.write(
                "UPDATE jobs SET state = 'queued', progress = 0, message = 'waiting',"
                " result = NULL, owner = ?, changed = ? WHERE id = ?",
                (self._owner.id, now(), job_id),
            )
            self._queue.append(job_id)
            self._pump()

    def folder_of(self, job_id: str) -> Path:
        """Where a job's files lie. `job_id` must be one that the book knows, or is about to."""
        return self._folder / "jobs" / job_id

    def task(self, job_id: str) -> Task:
        """The task of a job that is kept."""
        found = self._book.rows("SELECT asked FROM jobs WHERE id = ?", (job_id,))
        return Task.model_validate_json(found[0]["asked"])

    def done(self, kind: str) -> list[tuple[str, Task, dict[str, Any]]]:
        """Id, task and result of all jobs of a kind that are done, oldest first."""
        rows = self._book.rows(
            "SELECT id, asked, result FROM jobs WHERE kind = ? AND state = 'done' ORDER BY rowid",
            (kind,),
        )
        return [
            (row["id"], Task.model_validate_json(row["asked"]), json.loads(row["result"] or "{}"))
            for row in rows
        ]

    def close(self) -> None:
        """End what runs; it is `interrupted`, and so is what waits."""
        with self._lock:
            self._closing = True
            running, waiting = list(self._running.values()), list(self._queue)
            self._queue.clear()
            for each in running:
                each.cancel()
            for job_id in waiting:
                self._note(job_id, "interrupted", 0.0, "the server was stopped before it began")
        for each in running:
            each.join(10.0)
        self._owner.leave()

    # -- inner works --------------------------------------------------------------------

    def _find_interrupted(self) -> None:
        """Jobs that servers left behind which are gone."""
        rows = self._book.rows("SELECT id, owner FROM jobs WHERE state IN ('queued', 'running')")
        gone = {owner for owner in {row["owner"] for row in rows} if self._owner.is_gone(owner)}
        for row in rows:
            if row["owner"] in gone:
                self._note(row["id"], "interrupted", 0.0, "the server was stopped; begin it again")

    def _check_queue(self) -> None:
        if len(self._queue) >= self.settings.waiting:
            raise ProblemError(
                503, "too many jobs are waiting", "busy", headers={"Retry-After": "30"}
            )

    def _pump(self) -> None:
        """Begin what may begin; called with the lock held."""
        while self._queue and len(self._running) < self.settings.running and not self._closing:
            job_id = self._queue.popleft()
            try:
                task = self.task(job_id)
                if task.kind != "generate":  # an order goes on with what it has
                    shutil.rmtree(task.result, ignore_errors=True)
                running = Running(task, partial(self._ended, job_id), self._news)
            except (FacewrightError, OSError) as error:
                self._note(job_id, "failed", 0.0, f"cannot be begun: {error}")
                continue
            self._running[job_id] = running
            self._note(job_id, "running", 0.0, "starting")
            running.begin()

    def _news(self, task: Task) -> None:
        """A job has gone on; called from its listener's thread."""
        for root in made_by(task):
            try:
                self._showing.show(root)
            except FacewrightError as error:
                _LOG.warning("what an order makes cannot be shown yet: %s", error)

    def _ended(self, job_id: str, ended: Running) -> None:
        """The process is gone; called from its listener's thread."""
        state, message, result = "failed", ended.error, None
        if ended.result is not None:
            try:
                finish = self._finish.get(ended.task.kind, _as_it_is)
                result = finish(job_id, ended.task, ended.result)
                state, message = "done", "done"
            except (FacewrightError, ProblemError) as error:
                message = str(error)
        elif ended.cancelled:
            state = "interrupted" if self._closing else "cancelled"
            message = "the server was stopped; begin it again" if self._closing else "cancelled"
        with self._lock:
            self._running.pop(job_id, None)
            progress = 1.0 if state == "done" else ended.progress
            try:
                self._note(job_id, state, progress, _without_paths(message, ended.task), result)
            except FacewrightError:
                _LOG.exception("job %s is %s, which cannot be kept", job_id, state)
            self._pump()

    def _note(
        self,
        job_id: str,
        state: str,
        progress: float,
        message: str,
        result: dict[str, Any] | None = None,
    ) -> None:
        told = None if result is None else json.dumps(result)
        self._book.write(
            "UPDATE jobs SET state = ?, progress = ?, message = ?, result = ?, changed = ?"
            " WHERE id = ?",
            (state, progress, message, told, now(), job_id),
        )

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        running = self._running.get(row["id"])
        if row["dataset"] is not None:
            root = self.folder_of(row["id"]) / RESULT / row["dataset"]
            row = {**row, "dataset": self._showing.name(root)}
        result = None if row["result"] is None else json.loads(row["result"])
        if running is None or row["state"] != "running":
            return {**row, "result": result}
        return {**row, "progress": running.progress, "message": running.message, "result": None}


def made_by(task: Task) -> list[Path]:
    """The dataset that a task makes, in a list; none of other tasks than orders."""
    return [task.result / task.options["dataset"]] if task.kind == "generate" else []


def _as_it_is(job_id: str, task: Task, result: dict[str, Any]) -> dict[str, Any]:
    del job_id, task
    return result


def _without_paths(message: str, task: Task) -> str:
    """An error without places of this machine, which are nobody's business."""
    places = {str(task.folder): "the job's folder"}
    places |= {str(root): name for name, root in task.served.items()}
    places |= {str(each.root): each.name for each in task.sets}
    for place in sorted(places, key=len, reverse=True):
        message = message.replace(place, places[place])
    return _PATH.sub(r"\1", message)
