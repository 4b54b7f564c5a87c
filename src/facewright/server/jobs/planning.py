"""From what was asked for to a task: names become the server's own paths, or are refused."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright import plugins
from facewright.balance.sentence import parse_target
from facewright.layouts.base import layout_names
from facewright.server.asking.comparing import is_sentence
from facewright.server.asking.filters import FilterError
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.http.problems import ProblemError
from facewright.server.jobs.ordering import planned, spec_of
from facewright.server.jobs.settings import JobSettings
from facewright.server.jobs.shapes import (
    BalanceAsked,
    ExportAsked,
    GenerateAsked,
    ReportAsked,
)
from facewright.server.jobs.task import FaceSet, Task
from facewright.server.notes.choosing import by_dataset, by_filter, rows_of
from facewright.server.notes.labels import Labels
from facewright.server.notes.place import key_of
from facewright.server.notes.selections import Selections
from facewright.server.services import Services
from facewright.store.atomic import make_folder, write_atomic

OfFaces = ExportAsked | BalanceAsked | ReportAsked


def title_of(asked: OfFaces | GenerateAsked) -> str:
    """What people call a job."""
    if asked.name:
        return asked.name
    if isinstance(asked, ExportAsked):
        return f"Export as {asked.layout}"
    return {"balance": "Balance", "generate": "Order", "report": "Report"}[asked.kind]


def check(asked: OfFaces | GenerateAsked, catalogue: Catalogue, settings: JobSettings) -> None:
    """Refuse what cannot be, before a job is made of it.

    Raises:
        UsageError, ProblemError: says what.
    """
    if isinstance(asked, ExportAsked) and asked.layout not in layout_names():
        known = ", ".join(layout_names())
        raise FilterError("layout", f"no layout {asked.layout!r}; there are {known}")
    if isinstance(asked, BalanceAsked) and asked.strategy not in plugins.names("strategies"):
        raise FilterError("strategy", f"{asked.strategy!r} is not installed")
    if isinstance(asked, BalanceAsked | ReportAsked):
        if is_sentence(asked.target):
            parse_target(asked.target)
        for name in asked.by:
            if name in catalogue.further.leaves and name not in catalogue.columns:
                raise FilterError("by", f"{name} is no attribute; jobs go by attributes only")
            if name not in catalogue.columns:
                raise FilterError("by", f"no attribute {name[:80]!r}")
    if isinstance(asked, GenerateAsked):
        planned(asked, settings)


def task_of(
    asked: OfFaces | GenerateAsked, services: Services, catalogue: Catalogue,
    settings: JobSettings, folder: Path,
) -> Task:  # fmt: skip
    """The task; to be called in a thread. Writes the lists of faces into the job's folder.

    Raises:
        UsageError, ProblemError: no such selection or face, or no face at all.
    """
    served = {name: root.resolve() for name, root in services.library.roots.items()}
    if isinstance(asked, GenerateAsked):
        make_folder(folder)
        options = {"workers": settings.workers, "dataset": f"order-{secrets.token_hex(3)}"}
        spec = spec_of(asked, settings).model_dump(exclude_none=True)
        return Task(kind="generate", folder=folder, asked=spec, options=options)
    rows = _rows(asked, services, catalogue)
    if not len(rows):
        raise ProblemError(422, "there is no face to work on", "empty")
    sets = _sets(catalogue, rows, folder, services.part(Labels))
    told = asked.model_dump(exclude={"face_ids", "filter", "selection"})
    return Task(kind=asked.kind, folder=folder, sets=sets, served=served, asked=told)


def _rows(asked: OfFaces, services: Services, catalogue: Catalogue) -> NDArray[np.int64]:
    said = [each for each in (asked.selection, asked.face_ids, asked.filter) if each is not None]
    if len(said) > 1:
        raise ProblemError(422, "give one of selection, face_ids and filter", "invalid")
    if asked.selection is not None:
        return _selected(asked.selection, services, catalogue)
    if asked.face_ids is not None:
        return np.array(rows_of(catalogue, asked.face_ids), np.int64)
    return by_filter(services, catalogue, asked.filter or "").astype(np.int64)


def _selected(selection: str, services: Services, catalogue: Catalogue) -> NDArray[np.int64]:
    picked = services.part(Selections).picked(selection)
    if picked is None:
        raise FilterError("selection", f"no selection {selection!r}")
    rows = picked.rows(catalogue)
    if (missing := int((rows < 0).sum())) > 0:
        raise ProblemError(
            422,
            f"{missing} of the selection's faces are not shown: their dataset is not served, or"
            " rules dropped them; keep the others as a new one",
            "no-face",
        )
    return rows


def _sets(
    catalogue: Catalogue, chosen: NDArray[np.int64], folder: Path, labels: Labels
) -> tuple[FaceSet, ...]:
    make_folder(folder)
    found = []
    for number, (shelf, rows) in enumerate(by_dataset(catalogue, chosen)):
        start = catalogue.starts[catalogue.shelves.index(shelf)]
        own = shelf.face_ids.take(pa.array(rows - start)).to_pylist()
        public = catalogue.ids.take(rows)
        file = folder / f"faces-{number}.json"
        write_atomic(file, json.dumps({"own": own, "public": public}).encode())
        wanted = set(own)
        held = tuple(
            said for said in labels.of_dataset(key_of(shelf.manifest)) if said.face_id in wanted
        )
        root = shelf.root.resolve()
        found.append(FaceSet(root=root, name=shelf.name, file=file, labels=held))
    return tuple(found)
