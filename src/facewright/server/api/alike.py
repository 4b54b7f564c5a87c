"""Similar faces over HTTP. Pictures of visitors are another part's business."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import numpy as np
from fastapi import APIRouter, Query
from starlette.responses import Response

from facewright.server.api.answers import FoundAnswer, SimilarAnswer
from facewright.server.api.asked import AskedNow
from facewright.server.asking.filters import FilterError
from facewright.server.catalogue.catalogue import Catalogue, Mask
from facewright.server.faces.in_page import in_page, row_of
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.neighbours.search import Neighbours, Similar
from facewright.server.services import CatalogueNow, ServicesNow

router = APIRouter(prefix="/api", tags=["similar"])

Wanted = Literal["yes", "no", "any"]
_FOUND: Final = re.compile(r"(-?[01](?:\.\d{1,6})?):(.{1,500})", re.ASCII | re.DOTALL)


@router.get("/similar", response_model=FoundAnswer, responses=responses())
async def found(
    services: ServicesNow,
    catalogue: CatalogueNow,
    found: Annotated[
        list[str],
        Query(max_length=200, description="similarity and id of a face: 0.731:ID; repeatable"),
    ],
) -> Response:
    """Faces that a search has found, as an address keeps them: `/alike?found=0.731:ID`.

    Of a picture that was searched for nothing is kept, so its result is what can be linked.
    """
    return json_answer(await services.compute.run(_found, catalogue, found))


@router.get("/faces/{face_id:path}/similar", response_model=SimilarAnswer, responses=responses(404))
async def similar(
    face_id: str,
    asked: AskedNow,
    limit: Annotated[int, Query(ge=1, le=200)] = 24,
) -> Response:
    """The faces nearest to one, by the cosine of their embeddings; the filter holds for them.

    `exact` says that no nearer face can have been missed: beyond 150,000 faces of a dataset the
    search looks at the likeliest ones only.
    """
    row = row_of(asked.catalogue, face_id)
    pairs = asked.services.search
    return json_answer(await pairs.run(_similar, asked, row, limit))


def _similar(asked: Any, row: int, limit: int) -> dict[str, Any]:
    catalogue, neighbours = asked.catalogue, asked.services.neighbours
    vector = neighbours.vector(catalogue, row)
    if vector is None:
        raise ProblemError(404, "this face has no embedding", "no-embedding")
    mask = asked.masks().whole
    others = np.ones(len(catalogue), np.bool_) if mask is None else mask.copy()
    others[row] = False
    return nearest(catalogue, neighbours, vector, limit, others)


def _found(catalogue: Catalogue, texts: Sequence[str]) -> dict[str, Any]:
    faces = []
    for text in texts:
        match = _FOUND.fullmatch(text)
        if match is None:
            raise FilterError("found", f"{text[:80]!r} is no similarity and id, as 0.731:ID")
        row = catalogue.ids.find(match.group(2))
        if row is not None:
            faces.append(
                _shown(catalogue, Similar(row, max(-1.0, min(1.0, float(match.group(1))))))
            )
    return {"faces": faces, "gone": len(texts) - len(faces)}


def nearest(
    catalogue: Catalogue,
    neighbours: Neighbours,
    vector: np.ndarray[Any, np.dtype[np.float32]],
    limit: int,
    mask: Mask | None,
) -> dict[str, Any]:
    """The answer of a search: faces as in pages, each with its cosine."""
    found, exact = neighbours.search(catalogue, vector, limit, mask)
    return {"exact": exact, "faces": [_shown(catalogue, each) for each in found]}


def _shown(catalogue: Catalogue, each: Similar) -> dict[str, Any]:
    return {**in_page(catalogue, each.row), "similarity": round(each.cosine, 4)}
