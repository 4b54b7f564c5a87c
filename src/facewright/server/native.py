"""The native API: datasets, attributes, faces, facets, one face."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import quote

import numpy as np
from fastapi import APIRouter, Query
from starlette.responses import Response

from facewright.server import faces as one
from facewright.server.answers import (
    AttributeAnswer,
    DatasetAnswer,
    FaceAnswer,
    FacesAnswer,
    FacetsAnswer,
    HistogramAnswer,
)
from facewright.server.asked import AskedNow
from facewright.server.catalogue import Catalogue
from facewright.server.columns import Column, group_of
from facewright.server.facets import Facet, facets, histogram2d
from facewright.server.filters import Filter, FilterError
from facewright.server.json_answer import json_answer
from facewright.server.masks import Masks
from facewright.server.ordering import order_of
from facewright.server.pages import lined_up, page_from, read_cursor, write_cursor
from facewright.server.problems import ProblemError, responses
from facewright.server.services import CatalogueNow, ServicesNow
from facewright.server.shelf import Shelf

router = APIRouter(prefix="/api", tags=["faces"])
last = APIRouter(prefix="/api", tags=["faces"])
"""Routes whose address begins as others do; to be put into the app behind all of them."""

_MOST_LEVELS: Final = 100
"""Levels that a facet lists; those of authors and sources can be many thousands."""
_LOOKED_AT: Final = 20
_SORT: Final = "random, an attribute, or `-` and an attribute; unknown values come last"
_MOST_SEED: Final = 2**53 - 1  # what JSON and JavaScript hold exactly

Sort = Annotated[str, Query(description=_SORT, max_length=200)]
Seed = Annotated[int, Query(description="of sort=random", ge=0, le=_MOST_SEED)]


@router.get("/datasets", response_model=list[DatasetAnswer], responses=responses())
async def datasets(catalogue: CatalogueNow) -> Response:
    """The served datasets."""
    return json_answer([_dataset(shelf) for shelf in catalogue.shelves])


@router.get("/attributes", response_model=list[AttributeAnswer], responses=responses())
async def attributes(catalogue: CatalogueNow) -> Response:
    """What faces can be filtered, counted and sorted by, in the order of the page."""
    return json_answer([_attribute(column) for column in catalogue.columns.values()])


@router.get("/faces", response_model=FacesAnswer, responses=responses())
async def list_faces(
    asked: AskedNow,
    sort: Sort = "",
    seed: Seed = 0,
    limit: Annotated[int | None, Query(ge=1, description="faces of the page")] = None,
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
    offset: Annotated[
        int | None, Query(ge=0, description="number of the first face, instead of a cursor")
    ] = None,
) -> Response:
    """A page of the faces for which the filter holds.

    Follow `next` to walk through all of them, each once; give `offset` to jump.
    """
    settings = asked.services.settings
    count = min(limit or settings.page, settings.largest_page)
    found = await asked.run(
        page_of, asked.catalogue, asked.filter, asked.masks, sort, seed, count, cursor, offset
    )
    return json_answer(found)


@router.get("/faces.json", response_model=FacesAnswer, include_in_schema=False)
async def list_faces_json(
    asked: AskedNow,
    sort: Sort = "",
    seed: Seed = 0,
    limit: Annotated[int | None, Query(ge=1)] = None,
    cursor: str | None = None,
    offset: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """The same as `/api/faces`."""
    return await list_faces(asked, sort, seed, limit, cursor, offset)


@router.get("/facets", response_model=FacetsAnswer, responses=responses())
async def count_facets(
    asked: AskedNow,
    attributes: Annotated[
        str, Query(description="names between commas; empty: all", max_length=4000)
    ] = "",
) -> Response:
    """How the faces fall on the levels of attributes.

    The condition on an attribute itself is lifted for its own counts: the levels that are not
    chosen show what choosing them would give.
    """
    columns = asked.catalogue.columns
    names = list(dict.fromkeys(attributes.split(","))) if attributes else list(columns)
    if unknown := [name for name in names if name not in columns]:
        raise FilterError("attributes", f"no attribute {unknown[0][:80]!r}")
    return json_answer(await asked.run(_facets, asked.catalogue, asked.masks, names))


@router.get("/histogram2d", response_model=HistogramAnswer, responses=responses())
async def histogram(
    asked: AskedNow,
    x: Annotated[str, Query(description="an attribute with numbers")] = "yaw",
    y: Annotated[str, Query(description="another one")] = "pitch",
    bins: Annotated[int, Query(ge=2, le=256)] = 48,
) -> Response:
    """Faces by two numbers, conditions on these two lifted."""
    found = await asked.run(_histogram, asked.catalogue, asked.filter, x, y, bins, asked)
    return json_answer(found)


@last.get("/faces/{face_id:path}", response_model=FaceAnswer, responses=responses(404))
async def face(face_id: str, services: ServicesNow, catalogue: CatalogueNow) -> Response:
    """One face: record, photo, provenance, who else is there."""
    row = row_of(catalogue, face_id)
    found = await services.compute.run(one.told, catalogue, row)
    for further in services.notes_of:
        found.update(await services.compute.run(further, found["id"]))
    return json_answer(found)


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
        "summary": one.summary(catalogue, row),
    }


def thumb_address(face_id: str, shelf: Shelf) -> str:
    """Where a thumbnail is; the version makes it cacheable for ever."""
    return f"/api/faces/{quote(face_id, safe='')}/image?size=256&v={shelf.signature[:12]}"


def page_of(
    catalogue: Catalogue,
    wanted: Filter,
    masks: Callable[[], Masks],
    sort: str,
    seed: int,
    count: int,
    cursor: str | None,
    offset: int | None,
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

    Raises:
        FilterError: no such attribute to sort by, or a condition that cannot be answered.
        CursorError: the cursor is none, or of another filter.
    """
    mask = masks().whole
    order = order_of(catalogue, sort, seed)
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


def _facets(
    catalogue: Catalogue, masks: Callable[[], Masks], names: Sequence[str]
) -> dict[str, Any]:
    total, found = facets(catalogue, masks(), names)
    return {"total": total, "facets": {facet.column.name: _facet(facet) for facet in found}}


def _facet(facet: Facet) -> Mapping[str, Any]:
    counts, levels = facet.counts, facet.column.levels
    if len(levels) <= _MOST_LEVELS:
        listed = range(len(levels))
    else:
        listed = np.argsort(-counts, kind="stable")[:_MOST_LEVELS].tolist()
    named = {levels[n]: int(counts[n]) for n in listed}
    return {
        "counts": named,
        "unknown": facet.unknown,
        "others": int(counts.sum()) - sum(named.values()),
    }


def _histogram(
    catalogue: Catalogue, wanted: Filter, x: str, y: str, bins: int, asked: Any
) -> dict[str, Any]:
    across, up = _numeric(catalogue, x), _numeric(catalogue, y)
    lifted = type(asked)(asked.services, catalogue, wanted.without(x).without(y))
    ranges = (*_span(across), *_span(up))
    counts = histogram2d(across, up, lifted.masks().whole, bins, ranges)
    return {"x": x, "y": y, "ranges": list(ranges), "counts": counts.tolist()}


def _numeric(catalogue: Catalogue, name: str) -> Column:
    column = catalogue.columns.get(name)
    if column is None or column.numbers is None:
        raise FilterError("x, y", f"no attribute with numbers {name[:80]!r}")
    return column


def _span(column: Column) -> tuple[float, float]:
    low, high = column.span or (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _dataset(shelf: Shelf) -> dict[str, Any]:
    manifest = shelf.manifest
    return {
        "name": shelf.name,
        "state": manifest.state,
        "faces": len(shelf),
        "photos": len(shelf.photo_ids),
        "synthetic": manifest.generator is not None,
        "crops": _crops(shelf),
        "licences": manifest.counts.licences,
        "source": _source(shelf),
        "notice": manifest.notice,
    }


def _source(shelf: Shelf) -> str:
    """What it was made of; no path of the machine that made it."""
    manifest = shelf.manifest
    if manifest.generator is not None:
        return f"synthetic, by {manifest.generator.id} {manifest.generator.version}"
    return f"imported from {manifest.layout}" if manifest.layout else "photographs"


def _crops(shelf: Shelf) -> list[str]:
    """Alignments and sizes, as the first faces have them."""
    first = shelf.rows[:_LOOKED_AT].tolist()
    places = (place for row in first for place in shelf.crops.places(row))
    return list(dict.fromkeys(f"{place.alignment}:{place.size}" for place in places))[:_LOOKED_AT]


def _attribute(column: Column) -> dict[str, Any]:
    each = column.attribute
    listed = column.levels[:_MOST_LEVELS]
    return {
        "name": each.name,
        "title": each.title,
        "group": group_of(each.name),
        "kind": column.kind,
        "levels": [{"key": key, "label": each.label(key)} for key in listed],
        "range": None if column.span is None else list(column.span),
        "unit": each.unit,
        "ordered": each.ordered or column.kind != "class",
        "note": each.note,
        "known": int(np.count_nonzero(~np.isnan(column.numbers)))
        if column.kind == "number" and column.numbers is not None
        else int(column.counts[:-1].sum()),
    }
