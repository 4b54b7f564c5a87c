"""What each kind of job does, in its own process; each gives its result as plain data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import pyarrow as pa

from facewright.attributes.face_table import FaceTable
from facewright.errors import UsageError
from facewright.server.jobs.audited import audited_copy
from facewright.server.jobs.task import FaceSet, Task
from facewright.server.notes.audit import as_audit
from facewright.store.dataset import Dataset
from facewright.store.tables import HEAVY

Tell = Callable[[float, str], None]
"""Called with how much is done, 0 to 1, and words."""

SELECTION: Final = "selection.json"
_AUDITED: Final = "audited"
_MOST_LINES: Final = 1000
_USUAL: Final = ("sex", "age_group", "ethnicity")


def work(task: Task, tell: Tell) -> dict[str, Any]:
    """Do a task.

    Raises:
        FacewrightError: it cannot be done.
    """
    return _WORKS[task.kind](task, tell)


def _export(task: Task, tell: Tell) -> dict[str, Any]:
    from facewright.engine.exporting import export_layout
    from facewright.layouts.seam.export import ExportOptions
    from facewright.store.atomic import write_atomic

    asked = task.asked
    options = ExportOptions(
        asked["crop"],
        asked["size"],
        asked["resample"],
        tuple(asked["labels"]),
        mirror=asked["mirror"],
        mixed=asked["mixed"],
    )
    sets = [(each, _ids(each)["own"]) for each in task.sets]
    total, before = sum(len(ids) for _, ids in sets), 0
    written, left_out = 0, []
    for each, ids in sets:
        out = task.result / each.name
        on_step = partial(_written, tell, before, total)
        report = export_layout(_dataset(each, task), asked["layout"], out, options, on_step=on_step)
        written += report.faces
        left_out += [{"what": what, "why": why} for what, why in report.left_out[:100]]
        before += len(ids)
        if each.labels:
            write_atomic(task.result / f"labels-{each.name}.csv", as_audit(each.labels))
    return {"faces": written, "layout": asked["layout"], "left_out": left_out[:100]}


def _balance(task: Task, tell: Tell) -> dict[str, Any]:
    from facewright.balance.outcome import balance
    from facewright.balance.strategy import Job, strategy
    from facewright.store.atomic import make_folder

    asked = task.asked
    table = _joined(task)
    tell(0.3, "choosing")
    chosen = strategy(_strategy(asked))
    wanted = None
    if asked["strategy"] in ("subset", "resample", "rake"):
        wanted = _target(asked["target"], asked["by"], table, task)
    outcome = balance(Job(table, wanted, asked["count"], asked["seed"]), chosen)
    make_folder(task.result)
    outcome.selection.save(task.result / SELECTION)
    lines = [{"count": line.count, **line.attributes} for line in outcome.order.order]
    return {"balance": {**outcome.plain(), "order": lines[:_MOST_LINES]}}


def _strategy(asked: Mapping[str, Any]) -> str:
    """As `strategy` reads it: some have their attributes behind a colon."""
    name: str = asked["strategy"]
    return f"{name}:{','.join(_named(asked['by']))}" if name == "uniform" else name


def _generate(task: Task, tell: Tell) -> dict[str, Any]:
    from facewright.engine.generating import generate
    from facewright.engine.running import BuildProgress
    from facewright.generate.spec import Spec

    def on_progress(now: BuildProgress) -> None:
        tell(now.photos / max(now.total, 1), f"{now.photos} of {now.total} pictures")

    spec = Spec.from_dict(task.asked)
    root = task.result / task.options["dataset"]
    report = generate(spec, root, workers=task.options["workers"], on_progress=on_progress)
    return {
        "faces": report.met,
        "ordered": report.ordered,
        "rejected": report.rejected,
    }


def _report(task: Task, tell: Tell) -> dict[str, Any]:
    from facewright.analyse.report.files import write_report
    from facewright.analyse.report.measure import measure
    from facewright.analyse.report.study import Settings

    tables = [FaceTable(each.name, _dataset(each, task)) for each in task.sets]
    tell(0.2, "measuring")
    by = tuple(task.asked["by"])
    settings = Settings(by=by, target=_target_words(task.asked["target"], by), part="of the page")
    measured = measure(tables, settings, lambda name: _other(name, task))
    tell(0.9, "writing")
    write_report(measured, task.result)
    return {"faces": sum(len(table) for table in tables)}


_WORKS: Final[Mapping[str, Callable[[Task, Tell], dict[str, Any]]]] = {
    "export": _export,
    "balance": _balance,
    "generate": _generate,
    "report": _report,
}


# -- faces -----------------------------------------------------------------------------------


def _ids(each: FaceSet) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(each.file.read_text(encoding="utf-8"))
    return found


def _dataset(each: FaceSet, task: Task) -> Dataset:
    """Faces of a dataset, as labels by hand say them."""
    root = audited_copy(each.root, each.labels, task.folder / _AUDITED / each.name)
    return Dataset.open(root).select(_ids(each)["own"])


def _joined(task: Task) -> FaceTable:
    """Faces of all datasets as one table, by their public ids."""
    tables, photos = [], []
    for each in task.sets:
        dataset = _dataset(each, task)
        table = dataset.faces.arrow
        table = table.drop_columns([name for name in HEAVY if name in table.column_names])
        at = table.schema.get_field_index("face_id")
        public = pa.array(_ids(each)["public"], pa.string())
        tables.append(table.set_column(at, "face_id", public))
        photos.append(dataset.photos.arrow)
    faces = pa.concat_tables(tables, promote_options="default")
    name = " + ".join(each.name for each in task.sets)
    return FaceTable(name, faces, pa.concat_tables(photos, promote_options="default"))


# -- targets ---------------------------------------------------------------------------------


def _target(said: str, by: Sequence[str], table: FaceTable, task: Task) -> Any:
    from facewright.balance.sentence import parse_target
    from facewright.balance.target import Target

    if said == "equal":
        return Target.uniform(_named(by))
    if said == "all" or said.startswith("dataset:"):
        name = said.removeprefix("dataset:")
        return Target.like(_other(name, task), _named(by))
    return parse_target(said, table)


def _target_words(said: str, by: Sequence[str]) -> str | None:
    """As `facewright analyse --target` takes it."""
    if said == "equal":
        return f"uniform:{','.join(by)}" if by else None
    if said == "all" or said.startswith("dataset:"):
        columns = f":{','.join(by)}" if by else ""
        return f"like:{said.removeprefix('dataset:')}{columns}"
    return said


def _named(by: Sequence[str]) -> Sequence[str]:
    return by or _USUAL


def _other(name: str, task: Task) -> FaceTable:
    """A served dataset by its name, or all of them; never a path."""
    if name == "all":
        tables = [Dataset.open(root).faces.arrow for root in task.served.values()]
        return FaceTable("all that is served", pa.concat_tables(tables, promote_options="default"))
    if name not in task.served:
        raise UsageError(f"no dataset {name[:80]!r} is served")
    return FaceTable.of(Dataset.open(task.served[name]))


# -- progress --------------------------------------------------------------------------------


def _written(tell: Tell, before: int, total: int, _what: str, done: int, of: int) -> None:
    """Progress of one export among several, of `total` faces, after `before` of them."""
    if of:
        tell((before + done) / total, f"{before + done} of {total} faces")
