"""ATTRIBUTION.csv: for every face of an export whose photo it is and what was done to it.

One line a face, in the order of the export, so that a picture can be credited without another
table. Cells that a spreadsheet would run as a formula get an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, Final

from facewright.provenance.changes import NO_PICTURE, changes
from facewright.provenance.licences import Licence
from facewright.provenance.markdown import plain
from facewright.provenance.shown import Shown

COLUMNS: Final = (
    "file",
    "face_id",
    "photo_id",
    "title",
    "author",
    "licence",
    "licence_url",
    "licence_as_stated",
    "source_url",
    "retrieved",
    "changes",
    "removal_contact",
)
"""Columns of ATTRIBUTION.csv."""

_BATCH: Final = 65_536
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # full-width ones run in some too
_TOLD: Final = ("photo_id", "title", "author", "licence", "licence_url", "source_url", "retrieved")
Row = tuple[str, ...]


def attribution_rows(
    shown: Shown,
    contacts: Iterable[str],
    *,
    crop: str | None = None,
    further: Sequence[str] = (),
    pictures: bool = True,
) -> Iterator[Row]:
    """Lines of ATTRIBUTION.csv below its head; photos are looked up a batch at a time.

    Args:
        shown: the faces.
        contacts: whom to write to for each picture to be removed; "" where nobody said.
        crop: alignment, or alignment and size, of the pictures; None for the main ones.
        further: changes that the export made, as "resampled".
        pictures: whether any go out, or records only.
    """
    crops = shown.faces.column("crops")
    done = changes(crops, crop, further) if pictures else repeat(NO_PICTURE)
    contact = iter(contacts)
    face_ids = shown.faces.column("face_id")
    for start in range(0, len(shown), _BATCH):
        rows = shown.photo_rows[start : start + _BATCH]
        told = _told(shown, rows.tolist())
        ids = face_ids.slice(start, _BATCH).to_pylist()
        names = shown.names[start : start + _BATCH]
        photo_ids = shown.faces.column("photo_id").slice(start, _BATCH).to_pylist()
        for name, face_id, photo_id, row in zip(names, ids, photo_ids, rows.tolist(), strict=True):
            photo = told[row]
            yield (name, face_id, photo_id, *photo, next(done), next(contact))


def attribution_csv(rows: Iterator[Row]) -> Iterator[bytes]:
    """The file in pieces, UTF-8, safe to open in a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, row in enumerate(rows, 1):
        writer.writerow([safe(cell) for cell in row])
        if number % _BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def safe(cell: str) -> str:
    """One line of text that no spreadsheet takes for a formula."""
    line = cell if cell.isascii() and cell.isprintable() else plain(cell)
    return f"'{line}" if line.lstrip().startswith(_FORMULA) else line


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "backslashreplace")


def _told(shown: Shown, rows: list[int]) -> dict[int, Row]:
    """What the photos table tells of each photo of a batch, by its row."""
    used = sorted(set(rows))
    held = [row for row in used if row >= 0]
    columns = [name for name in _TOLD if name in shown.photos.column_names]
    photos = shown.photos.select(columns).take(held).to_pylist()
    told = {row: _cells(photo, shown.licence(row)) for row, photo in zip(held, photos, strict=True)}
    return told if len(held) == len(used) else {-1: _cells({}, shown.licence(-1)), **told}


def _cells(photo: Mapping[str, Any], licence: Licence) -> Row:
    url = photo.get("licence_url")
    stated = (photo.get("licence"), None if url == licence.url else url)
    return (
        photo.get("title") or "",
        photo.get("author") or "",
        licence.id,
        licence.url or "",
        " ".join(filter(None, stated)),
        photo.get("source_url") or "",
        photo.get("retrieved") or "",
    )
