"""facewright import, export, layouts: published formats in and out."""

from __future__ import annotations

import json as json_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from facewright.engine.exporting import ExportReport
    from facewright.provenance.published import SetTerms
    from facewright.store.dataset import Dataset

IMPORT_EXAMPLES = (
    "facewright import ffhq ffhq-dataset/ my-ffhq",
    "facewright import ffhq-features ffhq-features-json.tar.xz features",
    "facewright import auto faces.zip my-faces --workers 4",
)
EXPORT_EXAMPLES = (
    "facewright export my-faces --layout stylegan -o faces256.zip --size 256 --labels sex",
    "facewright export my-faces --layout ffhq-features -o features",
    'facewright export my-faces --layout hf -o hub --where "age >= 18 and quality.overall > 0.5"',
)
MERGE_EXAMPLES = ("facewright merge my-ffhq my-lpff both",)
LAYOUTS_EXAMPLES = ("facewright layouts",)


def import_(
    layout: str,
    src: Path,
    out: Path,
    /,
    *,
    annotate: Annotated[bool, Parameter(negative="")] = False,
    device: str = "cpu",
    workers: int | None = None,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Make a dataset from a published layout; its pictures' bytes are kept as they are.

    Run the same command again after any interruption: it goes on where it stopped.

    Args:
        layout: one of `facewright layouts`, or auto to recognise it.
        src: its folder, tar or zip.
        out: folder of the dataset; made if it is not there.
        annotate: find each face and fill what the layout does not state.
        device: where annotators run: cpu, cuda, auto, or another that onnxruntime offers here.
        workers: processes; one a core by default.
        json: print one line of JSON at the end and progress as JSON lines on stderr.
    """
    from facewright.cli.build import report_as_json
    from facewright.cli.progress import noting, progress_for
    from facewright.engine.importing import import_layout

    with progress_for(as_json=json) as on_progress:
        report = import_layout(
            layout,
            src,
            out,
            annotate=annotate,
            device=device,
            workers=workers,
            on_progress=on_progress,
            on_note=noting(as_json=json),
        )
    if json:
        print(report_as_json(report))
        return
    from facewright.cli.tables import print_report

    print_report(report)


def export(
    dataset: Path,
    /,
    *,
    layout: str,
    out: Annotated[Path, Parameter(name=["--out", "-o"])],
    select: Path | None = None,
    where: str | None = None,
    crop: str | None = None,
    size: int | None = None,
    resample: Literal["lanczos", "box"] = "lanczos",
    labels: Annotated[list[str] | None, Parameter(negative="")] = None,
    mirror: Annotated[bool, Parameter(negative="")] = False,
    mixed: Literal["convert", "skip"] = "convert",
    terms: Annotated[list[str] | None, Parameter(negative="")] = None,
    publisher: str | None = None,
    contact: str | None = None,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Write faces in a published layout, with licences, attribution and descriptions.

    What the layout has no place for goes into the folder `facewright/` beside it, and comes back
    with `facewright import`. A run that fails leaves nothing behind.

    Args:
        dataset: the dataset's folder.
        layout: one of `facewright layouts`.
        out: a new folder; a name ending in .zip makes an archive.
        select: file of face ids in order, repeats allowed: .json, .csv (face_id) or lines.
        where: SQL condition over the record's columns.
        crop: which crop ("ffhq:1024"); the main one by default.
        size: resize pictures to this side in pixels.
        resample: filter for that.
        labels: record columns for layouts with labels, or camera; repeatable.
        mirror: write each picture mirrored too, where the layout knows such pairs.
        mixed: pictures that are not RGB are converted, or skipped and named.
        terms: published sets that the photos are from (ffhq, lpff, ...), or none; repeatable. By
            default they are told by the layouts that the faces were imported from.
        publisher: who gives it out, for the documents.
        contact: where to ask for pictures to be removed.
        json: print one line of JSON at the end.
    """
    from facewright.cli.progress import telling
    from facewright.engine.exporting import export_layout
    from facewright.engine.process import keep_freed_memory
    from facewright.layouts.seam.export import ExportOptions
    from facewright.provenance.publisher import Publisher

    keep_freed_memory()
    options = ExportOptions(crop, size, resample, tuple(labels or ()), mirror=mirror, mixed=mixed)
    with telling() as on_step:
        report = export_layout(
            _chosen(dataset, select, where),
            layout,
            out,
            options,
            terms=None if terms is None else _terms(terms),
            publisher=Publisher(publisher, contact),
            on_step=on_step,
        )
    print(_as_json(report) if json else _in_words(report))


def merge(
    first: Path,
    second: Path,
    /,
    *more: Annotated[Path, Parameter(name="MORE OUT")],
    audience: Literal["public", "institution", "private"] = "public",
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Make one dataset of several: the last path is the new one.

    Faces keep their order, input after input, and layouts that count number them so. The
    licence of the result is stated; a mix that the licences forbid is refused.

    Args:
        first: a dataset's folder.
        second: another.
        more: further ones, and at the end the new folder.
        audience: to whom the result is to be passed on.
        json: print one line of JSON at the end.
    """
    from facewright.cli.build import report_as_json
    from facewright.cli.progress import progress_for
    from facewright.engine.merging import LICENCES
    from facewright.engine.merging import merge as run
    from facewright.errors import UsageError
    from facewright.provenance.mixing import Audience

    places = (first, second, *more)
    inputs, out = places[:-1], places[-1]
    if len(inputs) < 2:
        raise UsageError("give two datasets or more, then the new folder")
    with progress_for(as_json=json) as on_progress:
        report = run(inputs, out, audience=Audience(audience), on_progress=on_progress)
    if json:
        print(report_as_json(report.built))
        return
    from facewright.cli.tables import print_report

    print_report(report.built)
    print(f"Licence of the whole: {report.terms.licence.name}; see {out / LICENCES}")
    for statement in report.terms.statements:
        print(f"  {statement}")


def layouts() -> None:
    """List the layouts that can be read and written."""
    from facewright.cli.tables import print_pairs
    from facewright.layouts.base import layout, layout_names

    print_pairs("layouts", [(name, layout(name).summary) for name in layout_names()])


def _terms(names: Sequence[str]) -> list[SetTerms]:
    from facewright.errors import UsageError
    from facewright.provenance.published import PUBLISHED

    unknown = [name for name in names if name not in PUBLISHED and name != "none"]
    if unknown:
        known = ", ".join(PUBLISHED)
        raise UsageError(f"no published set {unknown[0]}; known: none, {known}")
    return [PUBLISHED[name] for name in names if name != "none"]


def _chosen(path: Path, select: Path | None, where: str | None) -> Dataset:
    from facewright.store.dataset import Dataset
    from facewright.store.selection import Selection

    dataset = Dataset.open(path)
    if where is not None:
        dataset = dataset.where(where)
    return dataset if select is None else dataset.select(Selection.load(select).face_ids)


_SHOWN = 20


def _in_words(report: ExportReport) -> str:
    lines = [f"{report.faces} faces written to {report.out}"]
    if report.left_out:
        lines.append(f"{len(report.left_out)} left out:")
        lines += [f"  {name}: {why}" for name, why in report.left_out[:_SHOWN]]
    if len(report.left_out) > _SHOWN:
        lines.append(f"  and {len(report.left_out) - _SHOWN} more; --json names all")
    return "\n".join(lines)


def _as_json(report: ExportReport) -> str:
    left_out = [{"what": name, "why": why} for name, why in report.left_out]
    return json_.dumps({"out": str(report.out), "faces": report.faces, "left_out": left_out})
