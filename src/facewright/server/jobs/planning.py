"""From what was asked for to a task: names become the server's own paths, or are refused."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from facewright import plugins
from facewright.generate.base import check_order, generator
from facewright.generate.order import plan_order
from facewright.generate.spec import Spec
from facewright.layouts.base import layout_names
from facewright.server.catalogue import Catalogue
from facewright.server.filters import FilterError
from facewright.server.jobs.settings import GeneratorChoice, JobSettings
from facewright.server.jobs.shapes import (
    MOST_MADE,
    BalanceAsked,
    ExportAsked,
    GenerateAsked,
    ReportAsked,
)
from facewright.server.jobs.task import FaceSet, Task
from facewright.server.notes.choosing import by_dataset, by_filter
from facewright.server.notes.labels import Labels
from facewright.server.notes.place import key_of, own_id
from facewright.server.notes.selections import Selections
from facewright.server.problems import ProblemError
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
        for name in asked.by:
            if name not in catalogue.columns:
                raise FilterError("by", f"no attribute {name[:80]!r}")
    if isinstance(asked, GenerateAsked):
        spec = Spec.from_dict(_spec(asked, _generator(asked, settings)))
        if _most_pictures(asked) > MOST_MADE:  # before each of them is thought of
            raise FilterError("count", f"more than {MOST_MADE} pictures")
        pictures = plan_order(spec)
        check_order(generator(spec.generator, spec.quality, spec.options), pictures, "order")


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
        spec = _spec(asked, _generator(asked, settings))
        return Task(kind="generate", folder=folder, asked=spec, options=options)
    face_ids = _face_ids(asked, services, catalogue)
    if not face_ids:
        raise ProblemError(422, "there is no face to work on", "empty")
    held = services.part(Labels).held() if isinstance(asked, BalanceAsked) else []
    sets = _sets(catalogue, face_ids, folder, held)
    told = asked.model_dump(exclude={"face_ids", "filter", "selection"})
    return Task(kind=asked.kind, folder=folder, sets=sets, served=served, asked=told)


def _face_ids(asked: OfFaces, services: Services, catalogue: Catalogue) -> Sequence[str]:
    said = [each for each in (asked.selection, asked.face_ids, asked.filter) if each is not None]
    if len(said) > 1:
        raise ProblemError(422, "give one of selection, face_ids and filter", "invalid")
    if asked.selection is not None:
        found = services.part(Selections).face_ids(asked.selection)
        if found is None:
            raise FilterError("selection", f"no selection {asked.selection!r}")
        return found
    if asked.face_ids is not None:
        return asked.face_ids
    return by_filter(services, catalogue, asked.filter or "")


def _sets(
    catalogue: Catalogue, face_ids: Sequence[str], folder: Path, held: Sequence[dict[str, Any]]
) -> tuple[FaceSet, ...]:
    make_folder(folder)
    found = []
    for number, (name, rows) in enumerate(by_dataset(catalogue, face_ids).items()):
        shelf, _ = catalogue.shelf_of(rows[0])
        own = [own_id(*catalogue.shelf_of(row)) for row in rows]
        public = [catalogue.ids[row] for row in rows]
        file = folder / f"faces-{number}.json"
        write_atomic(file, json.dumps({"own": own, "public": public}).encode())
        key = key_of(shelf.root)
        labels = tuple(
            (each["face_id"], each["attribute"], each["value"])
            for each in held
            if each["dataset"] == key
        )
        found.append(FaceSet(root=shelf.root.resolve(), name=name, file=file, labels=labels))
    return tuple(found)


def _generator(asked: GenerateAsked, settings: JobSettings) -> GeneratorChoice:
    known = settings.generators
    name = asked.generator or next(iter(known), "")
    if name not in known:
        there = ", ".join(known) or "none"
        raise FilterError("generator", f"no generator {name[:80]!r} is set up; there are: {there}")
    return known[name]


def _most_pictures(asked: GenerateAsked) -> int:
    """Pictures that an order may come to."""
    each = (asked.views or 1) * (asked.expressions or 1)
    lines = sum(n for n in (line.get("count") for line in asked.order) if isinstance(n, int))
    return max(asked.count or 0, (asked.persons or 1) * each) + lines * each


def _spec(asked: GenerateAsked, choice: GeneratorChoice) -> dict[str, Any]:
    """The order as `facewright.generate.spec.Spec` reads it; options are the server's alone."""
    told = asked.model_dump(exclude={"kind", "name", "generator"}, exclude_none=True)
    seed = told.pop("seed", None)
    return {
        **told,
        "order": tuple(told["order"]),
        "seed": secrets.randbelow(2**53) if seed is None else seed,
        "quality": asked.quality or choice.quality,
        "generator": choice.generator,
        "options": choice.options,
    }
