"""Export a dataset into a published layout: whole or not at all, nothing lost in silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from facewright.errors import UsageError
from facewright.layouts.base import layout
from facewright.layouts.export import Export, ExportOptions
from facewright.layouts.sidecar import Sidecar, Watched, with_names, write_sidecar
from facewright.layouts.sink import open_sink
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
    on_note: Callable[[str], None] | None = None,
) -> ExportReport:
    """Write faces in a published layout, with their sidecar.

    Args:
        dataset: the faces, in order; repeats are written as often.
        name: of the layout.
        out: a new folder, or a ".zip" for layouts that are archives.
        options: see `ExportOptions`.
        on_note: told what a user should know.

    Raises:
        UsageError: no face, unknown layout, an option that is wrong for it, or `out` exists.
        StorageError: writing failed; nothing is left behind.
    """
    del on_note
    if not len(dataset):
        raise UsageError(f"{dataset.root} has no faces to export; loosen the selection")
    chosen, export = layout(name), Export(dataset, options)
    with open_sink(Path(out)) as sink:
        watched = Watched(sink)
        names = chosen.write(export, watched)
        kept = Sidecar(
            chosen.name,
            options.crop,
            watched.digest,
            with_names(dataset.table(), names),
            _photos_of(dataset),
        )
        write_sidecar(sink, kept)
    written = sum(bool(name) for name in names)
    return ExportReport(Path(out), written, tuple(export.left_out))


def _photos_of(dataset: Dataset) -> pa.Table:
    """Rows of the photos that show these faces, in the photo table's order."""
    photos = dataset.photos.arrow
    shown = set(dataset.table(["photo_id"]).column("photo_id").to_pylist())
    ids = photos.column("photo_id").to_pylist()
    return photos.filter(pa.array([photo_id in shown for photo_id in ids], pa.bool_()))
