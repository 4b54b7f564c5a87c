"""From what somebody names (ids, a filter, a kept selection) to public face ids in order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from facewright.server.asked import Asked
from facewright.server.catalogue import Catalogue
from facewright.server.filters import Filter, FilterError, pairs_of
from facewright.server.masks import known_of
from facewright.server.ordering import order_of
from facewright.server.pages import lined_up
from facewright.server.problems import ProblemError
from facewright.server.services import Services

_MOST_SEED = 2**53 - 1


def by_filter(services: Services, catalogue: Catalogue, query: str) -> list[str]:
    """Ids of all faces for which a query's filter holds, in its order; to be called in a thread.

    Raises:
        FilterError: it cannot be read.
    """
    pairs = pairs_of(query)
    wanted = Filter.parse(pairs, known_of(catalogue))
    named = dict(pairs)
    order = order_of(catalogue, named.get("sort", ""), _seed(named.get("seed", "0")))
    mask = Asked(services, catalogue, wanted).masks().whole
    return catalogue.ids.take(lined_up(order, mask))


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


def by_dataset(catalogue: Catalogue, face_ids: Sequence[str]) -> dict[str, list[int]]:
    """Rows of public ids by the name of their dataset, each in the order given.

    Raises:
        ProblemError: 422, there is no such face.
    """
    found: dict[str, list[int]] = {}
    for row in rows_of(catalogue, face_ids):
        number = int(np.searchsorted(catalogue.starts, row, side="right")) - 1
        found.setdefault(catalogue.shelves[number].name, []).append(row)
    return found


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:20]) <= _MOST_SEED):
        raise FilterError("seed", "must be a whole number of 0 or more")
    return int(text)
