"""Who else is there: faces of the same photo, pictures of the same synthetic person."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.server.catalogue.catalogue import Catalogue
from facewright.truth import TRUTH

_MOST_LISTED: Final = 200


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


def _others(rows: NDArray[np.int64], own: int) -> NDArray[np.int64]:
    others: NDArray[np.int64] = rows[rows != own][:_MOST_LISTED]
    return others
