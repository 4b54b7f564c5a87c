"""A page of the faces for which a filter holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from facewright.server.asking.filters import Filter
from facewright.server.asking.masks import Masks
from facewright.server.asking.ordering import Order, Sorted, order_of
from facewright.server.asking.pages import lined_up, page_from, read_cursor, write_cursor
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.faces.in_page import in_page, row_of
from facewright.server.neighbours.search import Neighbours

LIKE: Final = "like:"
"""Begins an order by likeness to the face whose id follows."""


def page_of(
    catalogue: Catalogue,
    wanted: Filter,
    masks: Callable[[], Masks],
    sort: str,
    seed: int,
    count: int,
    cursor: str | None,
    offset: int | None,
    neighbours: Neighbours | None = None,
) -> dict[str, Any]:
    """A page of the faces for which a filter holds, as `FacesAnswer` tells.

    Args:
        catalogue: whose faces.
        wanted: the filter.
        masks: makes its masks.
        sort: as queries write it.
        seed: of a random order.
        count: faces of the page.
        cursor: of the page before; None for the first.
        offset: number of the first face, instead of a cursor.
        neighbours: lines faces up by their likeness to one; None: that is no order here.

    Raises:
        FilterError: no such attribute to sort by, or a condition that cannot be answered.
        CursorError: the cursor is none, or of another filter.
    """
    mask = masks().whole
    order = any_order(catalogue, sort, seed, neighbours)
    query = wanted.to_query()
    key = f"{catalogue.version} {sort} {seed if sort == 'random' else ''} {query}"
    total = len(catalogue) if mask is None else int(np.count_nonzero(mask))
    if offset is not None:
        line = catalogue.lines.get(key, lambda: lined_up(order, mask))
        rows, following = line[offset : offset + count], None
    else:
        found = page_from(order, mask, read_cursor(cursor, key) if cursor else 0, count)
        rows = found.rows
        following = None if found.place is None else write_cursor(found.place, key)
    return {
        "total": total,
        "faces": [in_page(catalogue, row) for row in rows.tolist()],
        "next": following,
        "filter": query,
    }


def any_order(catalogue: Catalogue, sort: str, seed: int, neighbours: Neighbours | None) -> Order:
    """The order that a query names, as `order_of`, or `like:` and the id of a face.

    Raises:
        FilterError: no such attribute.
        ProblemError: 404, no such face, or it has no embedding.
    """
    if neighbours is None or not sort.startswith(LIKE):
        return order_of(catalogue, sort, seed)
    row = row_of(catalogue, sort.removeprefix(LIKE))
    return Sorted(catalogue.orders.get(sort, lambda: neighbours.line(catalogue, row)))
