"""A face as grids show it: its thumbnail's address, and a summary."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

import numpy as np

from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.shelf import Shelf
from facewright.server.http.problems import ProblemError

_SUMMARY: Final = (
    "sex", "age", "ethnicity", "emotion", "pose", "glasses", "hair_color", "quality",
    "yaw", "pitch", "smile", "synthetic", "flagged", "licence", "author",
)  # fmt: skip


def row_of(catalogue: Catalogue, face_id: str) -> int:
    """Row of a public face id.

    Raises:
        ProblemError: 404.
    """
    row = catalogue.ids.find(face_id)
    if row is None:
        raise ProblemError(404, f"no face {face_id[:100]!r}", "no-face")
    return row


def in_page(catalogue: Catalogue, row: int) -> dict[str, Any]:
    """A face as grids show it."""
    shelf, own = catalogue.shelf_of(row)
    face_id = catalogue.ids[row]
    places = shelf.crops.places(int(shelf.rows[own]))
    side = places[0].size if places else None
    return {
        "id": face_id,
        "dataset": shelf.name,
        "thumb": thumb_address(face_id, shelf) if places else None,
        "w": side,
        "h": side,
        "summary": summary(catalogue, row),
    }


def thumb_address(face_id: str, shelf: Shelf) -> str:
    """Where a thumbnail is; the version makes it cacheable for ever."""
    return f"/api/faces/{quote(face_id, safe='')}/image?size=256&v={shelf.signature[:12]}"


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
