"""Routes of what is served: datasets, and the attributes of their faces."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from fastapi import APIRouter
from starlette.responses import Response

from facewright.server.api.answers import AttributeAnswer, ColumnAnswer, DatasetAnswer
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.columns import MOST_LEVELS, Column, group_of
from facewright.server.catalogue.leaves import same_as
from facewright.server.catalogue.shelf import Shelf
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.services import CatalogueNow, ServicesNow

router = APIRouter(prefix="/api", tags=["faces"])

_LOOKED_AT: Final = 20


@router.get("/datasets", response_model=list[DatasetAnswer], responses=responses())
async def datasets(catalogue: CatalogueNow) -> Response:
    """The served datasets."""
    return json_answer([_dataset(shelf) for shelf in catalogue.shelves])


@router.get("/attributes", response_model=list[AttributeAnswer], responses=responses())
async def attributes(catalogue: CatalogueNow) -> Response:
    """What faces can be filtered, counted and sorted by, in the order of the page."""
    return json_answer([_attribute(column) for column in catalogue.columns.values()])


@router.get("/columns", response_model=list[ColumnAnswer], responses=responses())
async def columns(services: ServicesNow, catalogue: CatalogueNow) -> Response:
    """Every column of the tables, by its dotted name; filters and facets take these names too.

    A column is read when it is first asked for, and the last few are kept.
    """
    return json_answer(await services.sql.run(_columns, catalogue))


@router.get("/columns/{name:path}", response_model=AttributeAnswer, responses=responses(404))
async def column(name: str, services: ServicesNow, catalogue: CatalogueNow) -> Response:
    """One column as an attribute; it is read now if it was not yet. 422: it cannot be counted."""
    workers = services.compute if catalogue.holds(name) else services.sql
    return json_answer(await workers.run(_column, catalogue, name))


def _columns(catalogue: Catalogue) -> list[dict[str, Any]]:
    attributes = {name: each.attribute for name, each in catalogue.columns.items()}
    empty = catalogue.further.empty
    return [
        {
            "name": leaf.name,
            "title": leaf.title,
            "kind": leaf.kind,
            "about": leaf.about,
            "unit": leaf.unit,
            "attribute": same_as(attributes, leaf.name),
            "why": leaf.why,
            "empty": leaf.name in empty,
        }
        for leaf in catalogue.further.leaves.values()
    ]


def _column(catalogue: Catalogue, name: str) -> dict[str, Any]:
    try:
        return _attribute(catalogue.column(name))
    except KeyError:
        raise ProblemError(404, f"no column {name[:80]!r}", "no-column") from None


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
    listed = column.levels[:MOST_LEVELS]
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
        else len(column.codes) - int(column.counts[-1]),
        "several": column.members is not None,
    }
