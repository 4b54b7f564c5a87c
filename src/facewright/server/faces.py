"""One face: its whole record, its photo, and who else is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from facewright.errors import DatasetError
from facewright.provenance.naming import read_licence
from facewright.record import Photo, Record
from facewright.server.catalogue import Catalogue
from facewright.server.shelf import Shelf
from facewright.store.jsonrecord import record_rows
from facewright.truth import TRUTH

_MOST_LISTED: Final = 200  # siblings or pictures of a person
_SUMMARY: Final = (
    "sex", "age", "ethnicity", "emotion", "pose", "glasses", "hair_color", "quality",
    "synthetic", "licence", "author",
)  # fmt: skip


def record_of(catalogue: Catalogue, row: int) -> dict[str, Any]:
    """The whole record of a face as plain data, without the embedding.

    Raises:
        DatasetError: its part is damaged or gone.
    """
    shelf, own = catalogue.shelf_of(row)
    table = _row_of(shelf.files, shelf.starts, int(shelf.rows[own]), {"embedding"})
    return record_rows(table, Record)[0]


def photo_of(catalogue: Catalogue, row: int) -> dict[str, Any] | None:
    """The photo table's row of a face's photo; None where the dataset has none.

    Raises:
        DatasetError: its part is damaged or gone.
    """
    shelf, own = catalogue.shelf_of(row)
    photo = int(shelf.photo_rows[own])
    if photo < 0:
        return None
    return record_rows(_row_of(shelf.photo_files, shelf.photo_starts, photo, set()), Photo)[0]


def told(catalogue: Catalogue, row: int) -> dict[str, Any]:
    """All that the face page shows, but for pictures and what visitors noted."""
    shelf, _ = catalogue.shelf_of(row)
    record, photo = record_of(catalogue, row), photo_of(catalogue, row)
    truth = record.pop(TRUTH, None)
    quads = {each["alignment"]: each["quad"] for each in record.pop("crops", None) or ()}
    answer = {
        "id": catalogue.ids[row],
        "dataset": shelf.name,
        "record": record,
        "crops": [
            {**each, "quad": quads.get(each["alignment"])} for each in crops_of(catalogue, row)
        ],
        "photo": photo,
        "annotators": annotators(shelf),
        "attribution": attribution(photo),
        "synthetic": {"yes": True, "no": False}.get(catalogue.level("synthetic", row) or ""),
        "siblings": catalogue.ids.take(siblings(catalogue, row)),
        "person": catalogue.ids.take(same_person(catalogue, row)),
        "notice": shelf.manifest.notice,
    }
    return answer if truth is None else {**answer, "truth": truth}


def crops_of(catalogue: Catalogue, row: int) -> list[dict[str, Any]]:
    """Crops of a face, the main one first."""
    places = catalogue.places(row)
    return [{"alignment": place.alignment, "size": place.size} for place in places]


def summary(catalogue: Catalogue, row: int) -> dict[str, Any]:
    """What a grid says of a face: levels, numbers where there are any; null is unknown."""
    found: dict[str, Any] = {}
    for name in _SUMMARY:
        column = catalogue.columns.get(name)
        if column is None:
            continue
        if column.is_binned and column.numbers is not None:
            number = float(column.numbers[row])
            found[name] = None if np.isnan(number) else round(number, 3)
        else:
            found[name] = catalogue.level(name, row)
    return found


def siblings(catalogue: Catalogue, row: int) -> NDArray[np.int64]:
    """Other faces of the same photo."""
    shelf, own = catalogue.shelf_of(row)
    photo = shelf.photo_rows[own]
    if photo < 0:
        return np.zeros(0, np.int64)
    found = np.flatnonzero(shelf.photo_rows == photo)
    return _others(found, own) + (row - own)


def same_person(catalogue: Catalogue, row: int) -> NDArray[np.int64]:
    """Other pictures of the same synthetic person."""
    column = catalogue.columns.get(f"{TRUTH}.identity")
    if column is None or column.codes[row] == len(column.levels):
        return np.zeros(0, np.int64)
    shelf, own = catalogue.shelf_of(row)
    start = row - own
    found = np.flatnonzero(column.codes[start : start + len(shelf)] == column.codes[row])
    return _others(found, own) + start


def annotators(shelf: Shelf) -> dict[str, str]:
    """Column to the id and version of the annotator that gave it."""
    return {
        column: f"{each.id} {each.version}"
        for each in shelf.manifest.annotators
        for column in each.columns
    }


def attribution(photo: Mapping[str, Any] | None) -> str:
    """A line to copy: title, author, licence and source, as far as they are known."""
    if photo is None:
        return ""
    licence = read_licence(photo.get("licence"), photo.get("licence_url"))
    title, author = photo.get("title"), photo.get("author")
    named = " by ".join(filter(None, (f"“{title}”" if title else "Photo", author)))
    url = photo.get("licence_url") or licence.url
    under = f"{photo.get('licence') or licence.name}{f' ({url})' if url else ''}"
    source = photo.get("source_url")
    return ". ".join(filter(None, (named, under, source)))


def _others(rows: NDArray[np.int64], own: int) -> NDArray[np.int64]:
    others: NDArray[np.int64] = rows[rows != own][:_MOST_LISTED]
    return others


def _row_of(
    files: tuple[Path, ...], starts: NDArray[np.int64], row: int, without: set[str]
) -> pa.Table:
    """One row of a table that lies in parts."""
    number = int(np.searchsorted(starts, row, side="right")) - 1
    inside = row - int(starts[number])
    try:
        with pq.ParquetFile(files[number]) as part:
            group = 0
            while inside >= (rows := part.metadata.row_group(group).num_rows):
                inside, group = inside - rows, group + 1
            names = [name for name in part.schema_arrow.names if name not in without]
            return part.read_row_group(group, names).slice(inside, 1)
    except (pa.ArrowInvalid, OSError) as error:
        raise DatasetError(f"{files[number]} cannot be read: {error}") from error
