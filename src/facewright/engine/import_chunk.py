"""One chunk of an import: what a layout says in, shards and two Parquet parts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from facewright.engine.collecting import collecting_later
from facewright.engine.import_annotate import Filler, Unseen
from facewright.engine.import_cameras import complete_cameras
from facewright.engine.import_rows import ImportRows, ImportSettings, add_item
from facewright.engine.import_tables import drop_unsound, photos_table, sound_faces_table
from facewright.engine.shards import ChunkShards, EncodedCrop, MadeFaces
from facewright.layouts.seam.items import PhotoItem
from facewright.store.tables import part_name, write_part


@dataclass(frozen=True, slots=True)
class ImportJob:
    """One chunk to make.

    Attributes:
        number: of the chunk.
        settings: of the import.
        items: its photos.
        new_photos: whether each item's photo has no row yet: faces of one photo that an export
            made pictures of their own come back as items with the same photo.
        kept: rows of the sidecar for the chunk's faces, or None.
        kept_photos: rows of the sidecar's photos, or None.
    """

    number: int
    settings: ImportSettings
    items: Sequence[PhotoItem]
    new_photos: Sequence[bool]
    kept: pa.Table | None = None
    kept_photos: pa.Table | None = None


@dataclass(frozen=True, slots=True)
class ImportDone:
    """What a chunk came to."""

    photos: int
    faces: int


def make_import_chunk(root: Path, job: ImportJob) -> ImportDone:
    """Make one chunk of a dataset from a layout's items.

    Raises:
        StorageError: writing failed; the chunk is not marked done.
    """
    rows, settings = ImportRows(), job.settings
    with collecting_later():
        for item, new in zip(job.items, job.new_photos, strict=True):
            add_item(rows, item, settings, new=new)
        complete_cameras(rows)
        if settings.device is not None:
            drop_unsound(rows, settings.layout)
            _filler(settings.device).fill(_unseen(rows, job), settings.limits)
        faces = sound_faces_table(rows, settings.layout, job.kept, settings.kept_crop)
    with ChunkShards(root, job.number) as shards:
        shards.add(MadeFaces(faces, rows.crops))
    write_part(root / "faces" / part_name(job.number), shards.tables[0])
    write_part(root / "photos" / part_name(job.number), photos_table(rows, job.kept_photos))
    return ImportDone(len(job.items), len(rows.faces))


@cache
def _filler(device: str) -> Filler:
    """The annotators of this process, made when first needed."""
    return Filler(device)


def _unseen(rows: ImportRows, job: ImportJob) -> list[Unseen]:
    """The faces that the sidecar does not describe, with the picture to look at."""
    known = set() if job.kept is None else set(job.kept.column("layout_name").to_pylist())
    photos = {photo["photo_id"]: photo for photo in rows.photos}
    unseen = []
    for row, name, crops, data in zip(
        rows.faces, rows.names, rows.crops, rows.pictures, strict=True
    ):
        if name in known:
            continue
        if data is not None:
            unseen.append(Unseen(row, data, _expected(row, crops, photos.get(row["photo_id"]))))
        elif crops:
            whole = crops[0].quad is None
            unseen.append(Unseen(row, crops[0].data, whole=whole, is_crop=True))
    return unseen


def _expected(
    row: dict[str, Any], crops: Sequence[EncodedCrop], photo: dict[str, Any] | None
) -> tuple[float, float]:
    """Where in its photo a face should be, by its crop or its rectangle."""
    if photo is None or not photo["width"] or not photo["height"]:
        return 0.5, 0.5
    if crops and crops[0].quad is not None:
        x, y = sum(crops[0].quad[::2]) / 4, sum(crops[0].quad[1::2]) / 4
    elif row.get("rectangle.left") is not None:
        x = row["rectangle.left"] + row["rectangle.width"] / 2
        y = row["rectangle.top"] + row["rectangle.height"] / 2
    else:
        return 0.5, 0.5
    return x / photo["width"], y / photo["height"]
