"""From what somebody names (ids, a filter) to rows of the catalogue, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from facewright.server.api.asked import Asked
from facewright.server.asking.filters import Filter, FilterError, pairs_of
from facewright.server.asking.masks import known_of
from facewright.server.asking.pages import lined_up
from facewright.server.catalogue.catalogue import Catalogue, Rows
from facewright.server.catalogue.shelf import Shelf
from facewright.server.faces.paging import any_order
from facewright.server.http.problems import ProblemError
from facewright.server.services import Services

_MOST_SEED = 2**53 - 1


def by_filter(services: Services, catalogue: Catalogue, query: str) -> Rows:
    """Rows of all faces for which a query's filter holds, in its order; to be called in a thread.

    Raises:
        FilterError: it cannot be read.
    """
    pairs = pairs_of(query)
    wanted = Filter.parse(pairs, known_of(catalogue))
    named = dict(pairs)
    seed = _seed(named.get("seed", "0"))
    order = any_order(catalogue, named.get("sort", ""), seed, services.neighbours)
    mask = Asked(services, catalogue, wanted).masks().whole
    return lined_up(order, mask)


def rows_of(catalogue: Catalogue, face_ids: Sequence[str]) -> list[int]:
    """Rows of public ids.

    Raises:
        ProblemError: 422, there is no such face.
    """
    rows = []
    for face_id in face_ids:
        row = catalogue.ids.find(face_id)
        if row is None:
            raise ProblemError(422, f"no face {face_id[:100]!r}", "no-face")
        rows.append(row)
    return rows


def by_dataset(
    catalogue: Catalogue, rows: Sequence[int] | NDArray[np.integer]
) -> Iterator[tuple[Shelf, NDArray[np.int64]]]:
    """Datasets with their rows, each in the order given."""
    at = np.asarray(rows, np.int64)
    shelves = np.searchsorted(catalogue.starts, at, side="right") - 1
    for number in dict.fromkeys(shelves.tolist()):
        yield catalogue.shelves[number], at[shelves == number]


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:20]) <= _MOST_SEED):
        raise FilterError("seed", "must be a whole number of 0 or more")
    return int(text)
