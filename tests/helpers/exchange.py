"""Exporting and importing again, for the tests of layouts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from facewright import Dataset
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout
from facewright.layouts.base import layout
from facewright.layouts.seam.export import ExportOptions
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.tree import Tree


def exported(dataset: Dataset, name: str, out: Path, *, bare: bool = False, **options: Any) -> Path:
    """A dataset written in a layout; `bare` takes the sidecar away again."""
    export_layout(dataset, name, out, ExportOptions(**options))
    if bare:
        shutil.rmtree(out / "facewright")
    return out


def imported(source: Path, name: str, out: Path) -> Dataset:
    """A layout read into a dataset."""
    import_layout(name, source, out, workers=1)
    return Dataset.open(out)


def items(source: Path, name: str) -> list[PhotoItem]:
    """What a layout's reader yields."""
    return list(layout(name).read(Tree(source)))


def records(dataset: Dataset, *without: str) -> list[dict[str, Any]]:
    """Whole records by face id, without what an import changes: places in shards, origin."""
    found = []
    for face_id in sorted(dataset.face_ids):
        record = dataset.record(face_id)
        for crop in record["crops"]:
            for name in ("shard", "offset", "length"):
                crop.pop(name)
        found.append({n: v for n, v in record.items() if n not in {"origin", *without}})
    return found


def pictures(dataset: Dataset) -> dict[str, bytes]:
    """The main crops' bytes by face id."""
    return {face_id: bytes(dataset.image(face_id)) for face_id in dataset.face_ids}


def problems(found: list[PhotoItem]) -> dict[str, tuple[str, str]]:
    """What was excluded and why, by key."""
    return {item.key: item.problem for item in found if item.problem}


def content(root: Path) -> dict[str, bytes]:
    """Every file below a folder but the sidecar's."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    return {name: data for name, data in found.items() if not name.startswith("facewright/")}
