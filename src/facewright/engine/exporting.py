"""Export a dataset into a published layout: whole or not at all, nothing lost in silence."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from facewright.engine.process import one_thread
from facewright.errors import UsageError
from facewright.layouts.base import layout
from facewright.layouts.seam.export import Export, ExportOptions
from facewright.layouts.seam.sidecar import Sidecar, Watched, with_names, write_sidecar
from facewright.layouts.seam.sink import open_sink
from facewright.provenance.describe import describe
from facewright.provenance.published import SetTerms
from facewright.provenance.publisher import Publisher
from facewright.steps import OnStep, paced, unwatched
from facewright.store.dataset import Dataset


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export did.

    Attributes:
        out: the folder or zip.
        faces: written.
        left_out: faces that were not, with the reason of each.
    """

    out: Path
    faces: int
    left_out: tuple[tuple[str, str], ...]


def export_layout(
    dataset: Dataset,
    name: str,
    out: str | Path,
    options: ExportOptions = ExportOptions(),  # noqa: B008 - frozen
    *,
    terms: Sequence[SetTerms] | None = None,
    publisher: Publisher = Publisher(),  # noqa: B008 - frozen
    on_step: OnStep = unwatched,
) -> ExportReport:
    """Write faces in a published layout, with their sidecar, licences and descriptions.

    Args:
        dataset: the faces, in order; repeats are written as often.
        name: of the layout.
        out: a new folder, or a ".zip" for layouts that are archives.
        options: see `ExportOptions`.
        terms: of the published sets that the photos are from; None guesses them by the layouts
            that the faces were imported from, () says that they are from none.
        publisher: who gives it out, for the documents.
        on_step: told of the progress.

    Raises:
        UsageError: no face, unknown layout, an option that is wrong for it, or `out` exists.
        StorageError: writing failed; nothing is left behind.
    """
    if not len(dataset):
        raise UsageError(f"{dataset.root} has no faces to export; loosen the selection")
    tell = paced(on_step)
    chosen, export = layout(name), Export(dataset, options, tell)
    with open_sink(Path(out)) as sink, one_thread(), ThreadPoolExecutor(1) as aside:
        records = aside.submit(dataset.table)  # read while pictures are written
        watched = Watched(sink)
        names = chosen.write(export, watched)
        tell("describing", len(dataset), len(dataset))
        kept = Sidecar(
            chosen.name,
            options.crop,
            watched.digest,
            with_names(records.result(), names),
            _photos_of(dataset),
        )
        write_sidecar(watched, kept)
        changes = (
            *(["resampled"] if options.size else []),
            *(["mirrored"] if options.mirror else []),
        )
        pages = describe(
            dataset,
            watched.files,
            chosen.name,
            names,
            crop=options.crop,
            changes=changes,
            terms=terms,
            publisher=publisher,
        )
        for page, data in pages.items():
            sink.write(page, data)
    written = sum(bool(name) for name in names)
    return ExportReport(Path(out), written, tuple(export.left_out))


def _photos_of(dataset: Dataset) -> pa.Table:
    """Rows of the photos that show these faces, in the photo table's order."""
    photos = dataset.photos.arrow
    shown = dataset.faces.arrow.column("photo_id").combine_chunks()
    return photos.filter(pc.is_in(photos.column("photo_id"), value_set=shown))
