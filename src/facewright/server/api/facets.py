"""Routes of counts: facets, and two numbers against each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query
from starlette.responses import Response

from facewright.server.api.answers import FacetsAnswer, HistogramAnswer
from facewright.server.api.asked import AskedNow
from facewright.server.asking.facets import Facet, facets, histogram2d
from facewright.server.asking.filters import Filter, FilterError
from facewright.server.asking.masks import Masks
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.columns import MOST_LEVELS, Column
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import responses

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
