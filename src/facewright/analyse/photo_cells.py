"""Cells that show source photographs with all their faces marked, or why there are none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.analyse.cells import Cell, Tag, blank, in_threads, resized
from facewright.analyse.marks import box_points, draw_face, mapped, scale_map
from facewright.analyse.picked import MARK_COLUMNS, quoted
from facewright.analyse.traits import who
from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.sources.base import Entry, Source
from facewright.sources.opening import open_source
from facewright.store.dataset import Dataset
from facewright.vision.decode import decode_photo


@dataclass(frozen=True, slots=True)
class _Shown:
    """A photo to show: its row, all faces in it, how many were asked for, its place."""

    photo: Mapping[str, Any]
    faces: Sequence[Mapping[str, Any]]
    asked: int
    entry: Entry | None


def photos_of(dataset: Dataset) -> pa.Table:
    """Photos to show: those of a part's faces; of a whole dataset the excluded ones as well."""
    counts = dataset.manifest.counts
    if not dataset.manifest.counts.photos:
        return pa.table({"photo_id": []})
    whole = len(dataset) in (counts.faces_kept, counts.faces)
    photo_ids = dataset.table(["photo_id"]).column("photo_id").unique().to_pylist()
    where = "" if whole else f" WHERE photo_id IN ({quoted(photo_ids) or 'NULL'})"
    return dataset.query(
        f"SELECT photo_id, key, status, reason FROM photos{where}"  # noqa: S608 - own names, ids quoted
    )


def photo_cells(dataset: Dataset, photos: Sequence[Mapping[str, Any]], side: int) -> list[Cell]:
    """A cell for each photo, its faces marked.

    Args:
        dataset: whose photos they are.
        photos: rows of `photos_of`.
        side: of the picture in pixels.

    Raises:
        SourceError: the source is no longer at its place.
    """
    source = open_source(dataset.root / dataset.manifest.source_path)
    faces = _faces_by_photo(dataset, [row["photo_id"] for row in photos])
    entries = _entries(source, {row["key"] for row in photos})
    limits = dataset.manifest.recipe.photos
    asked = Counter(dataset.table(["photo_id"]).column("photo_id").to_pylist())
    shown = [
        _Shown(row, faces[row["photo_id"]], asked[row["photo_id"]], entries.get(row["key"]))
        for row in photos
    ]
    return in_threads(lambda one: _cell(one, source, limits, side), shown)


def _faces_by_photo(dataset: Dataset, photo_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Rows of the faces, dropped ones included, by the photo that shows them."""
    faces: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if photo_ids:
        names = ", ".join(f'"{name}"' for name in MARK_COLUMNS)
        answer = dataset.query(
            f"SELECT {names} FROM faces WHERE photo_id IN ({quoted(photo_ids)})"  # noqa: S608 - own names, ids quoted
            ' ORDER BY photo_id, "index"'
        )
        for row in answer.to_pylist():
            faces[row["photo_id"]].append(row)
    return faces


def _entries(source: Source, keys: set[str]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in source.entries():
        if entry.key in keys:
            found[entry.key] = entry
            if len(found) == len(keys):
                break
    return found


def _cell(shown: _Shown, source: Source, limits: Limits, side: int) -> Cell:
    photo = shown.photo
    excluded = (f"excluded: {photo['reason']}",) if photo["status"] == "excluded" else ()
    if shown.entry is None:
        return Cell(blank(side), photo["key"], (*excluded, "no longer in the source"), 0)
    try:
        pixels = decode_photo(source.read(shown.entry, limits), limits).pixels
    except PhotoError as error:
        return Cell(blank(side), photo["key"], excluded or (error.reason,), 0)
    return _marked_cell(pixels, shown, excluded, side)


def _marked_cell(
    pixels: NDArray[np.uint8], shown: _Shown, excluded: tuple[str, ...], side: int
) -> Cell:
    height, width = pixels.shape[:2]
    affine = scale_map(width, height, side)
    picture = _fitted(pixels, side)
    tags = []
    for face in shown.faces:
        draw_face(picture, face, affine)
        if face["rectangle"]["left"] is not None:
            x, y = mapped(box_points(face["rectangle"]), affine)[0]
            tags.append(Tag(str(face["index"]), x, y, face["kept"]))
    people = [f"{face['index']}: {_short(face)}" for face in shown.faces]
    traits = (*excluded, f"{width}x{height}", *people)
    return Cell(picture, shown.photo["key"], traits, shown.asked, tuple(tags))


def _short(face: Mapping[str, Any]) -> str:
    return who(face) if face["kept"] else f"dropped, {', '.join(face['reasons'])}"


def _fitted(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """A photo in the middle of a square, whole."""
    height, width = pixels.shape[:2]
    scale = side / max(width, height)
    w, h = max(round(width * scale), 1), max(round(height * scale), 1)
    picture = blank(side)
    left, top = (side - w) // 2, (side - h) // 2
    picture[top : top + h, left : left + w] = resized(pixels, w, h)
    return picture
