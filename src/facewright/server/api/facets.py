"""Routes of counts: facets, and two numbers against each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query
from starlette.responses import Response

from facewright.server.api.answers import FacetsAnswer, HistogramAnswer, ValuesAnswer
from facewright.server.api.asked import AskedNow
from facewright.server.asking.facets import Facet, facets, histogram2d
from facewright.server.asking.filters import Filter, FilterError
from facewright.server.asking.masks import Masks
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.columns import MOST_LEVELS, Column
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses

router = APIRouter(prefix="/api", tags=["faces"])


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
    catalogue = asked.catalogue
    columns = catalogue.columns
    names = list(dict.fromkeys(attributes.split(","))) if attributes else list(columns)
    if unknown := [n for n in names if n not in columns and n not in catalogue.further.leaves]:
        raise FilterError("attributes", f"no attribute {unknown[0][:80]!r}")
    return json_answer(await asked.run(_facets, catalogue, asked.masks, names, naming=names))


@router.get("/facets/{name:path}", response_model=ValuesAnswer, responses=responses(404))
async def values(
    name: str,
    asked: AskedNow,
    contains: Annotated[str, Query(description="letters of the value", max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_LEVELS)] = 20,
) -> Response:
    """Values of one attribute or column that hold some letters, those of most faces first.

    Faces are counted as `/api/facets` counts them.
    """
    catalogue = asked.catalogue
    if name not in catalogue.columns and name not in catalogue.further.leaves:
        raise ProblemError(404, f"no attribute {name[:80]!r}", "no-attribute")
    told = await asked.run(_values, catalogue, asked.masks, name, contains, limit, naming=[name])
    return json_answer(told)


@router.get("/histogram2d", response_model=HistogramAnswer, responses=responses())
async def histogram(
    asked: AskedNow,
    x: Annotated[str, Query(description="an attribute with numbers")] = "yaw",
    y: Annotated[str, Query(description="another one")] = "pitch",
    bins: Annotated[int, Query(ge=2, le=256)] = 48,
) -> Response:
    """Faces by two numbers, conditions on these two lifted."""
    found = await asked.run(
        _histogram, asked.catalogue, asked.filter, x, y, bins, asked, naming=[x, y]
    )
    return json_answer(found)


def _facets(
    catalogue: Catalogue, masks: Callable[[], Masks], names: Sequence[str]
) -> dict[str, Any]:
    total, found = facets(catalogue, masks(), names)
    return {"total": total, "facets": {facet.column.name: _facet(facet) for facet in found}}


def _facet(facet: Facet) -> Mapping[str, Any]:
    counts, levels = facet.counts, facet.column.levels
    if len(levels) <= MOST_LEVELS:
        listed = range(len(levels))
    else:
        listed = np.argsort(-counts, kind="stable")[:MOST_LEVELS].tolist()
    named = {levels[n]: int(counts[n]) for n in listed}
    return {
        "counts": named,
        "unknown": facet.unknown,
        "others": int(counts.sum()) - sum(named.values()),
    }


def _values(
    catalogue: Catalogue, masks: Callable[[], Masks], name: str, contains: str, limit: int
) -> dict[str, Any]:
    (facet,) = facets(catalogue, masks(), [name])[1]
    wanted = contains.casefold()
    attribute, levels = facet.column.attribute, facet.column.levels
    order = np.argsort(-facet.counts, kind="stable").tolist()
    found = [
        {"key": levels[n], "label": attribute.label(levels[n]), "faces": int(facet.counts[n])}
        for n in order
        if wanted in levels[n].casefold() or wanted in attribute.label(levels[n]).casefold()
    ]
    return {"values": found[:limit], "more": max(len(found) - limit, 0)}


def _histogram(
    catalogue: Catalogue, wanted: Filter, x: str, y: str, bins: int, asked: Any
) -> dict[str, Any]:
    across, up = _numeric(catalogue, x), _numeric(catalogue, y)
    lifted = type(asked)(asked.services, catalogue, wanted.without(x).without(y))
    ranges = (*_span(across), *_span(up))
    counts = histogram2d(across, up, lifted.masks().whole, bins, ranges)
    return {"x": x, "y": y, "ranges": list(ranges), "counts": counts.tolist()}


def _numeric(catalogue: Catalogue, name: str) -> Column:
    try:
        column = catalogue.column(name)
    except KeyError:
        column = None
    if column is None or column.numbers is None:
        raise FilterError("x, y", f"no attribute with numbers {name[:80]!r}")
    return column


def _span(column: Column) -> tuple[float, float]:
    low, high = column.span or (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, low + 0.5)
