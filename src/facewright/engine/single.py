"""Records of single pictures, without a dataset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from facewright.engine.plan import Planned
from facewright.engine.process import one_thread
from facewright.engine.workshop import Workshop
from facewright.recipe import Recipe
from facewright.record import Record
from facewright.sources.base import Entry
from facewright.sources.folder import FolderSource
from facewright.store.jsonrecord import record_rows


def annotate(
    pictures: str | Path | Sequence[str | Path],
    recipe: Recipe | None = None,
    *,
    device: str = "cpu",
) -> Iterator[dict[str, Any]]:
    """Describe the faces in pictures: photos or crops.

    Args:
        pictures: one path or several.
        recipe: its detector, annotators and limits are used; None for the defaults.
        device: see `facewright.vision.runtime.devices`.

    Yields:
        One record a face as plain data (`facewright.record.Record`), with `picture` (the path)
        before it. A picture without a face or that cannot be read yields `picture`, `reason`
        and `detail` only.
    """
    paths = [pictures] if isinstance(pictures, str | Path) else list(pictures)
    described = (recipe or Recipe()).model_copy(update={"crops": ()})
    workshop = Workshop(FolderSource(Path()), described, device)
    for path in paths:
        with one_thread():  # and the caller's threads are as they were while the caller works
            loaded = workshop.load(Planned(Entry(str(path), str(path))))
            tables = [made.table for made in workshop.make([loaded])]
        for table in tables:
            for row in record_rows(table, Record):
                yield {"picture": str(path), **row}
        if loaded.row["status"] == "excluded":
            yield {k: loaded.row[v] for k, v in _FAILURE.items()}


_FAILURE = {"picture": "key", "reason": "reason", "detail": "detail"}
