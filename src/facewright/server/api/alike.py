"""Similar faces over HTTP. Pictures of visitors are another part's business."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query
from starlette.responses import Response

from facewright.server.api.answers import SimilarAnswer
from facewright.server.api.asked import AskedNow
from facewright.server.asking.masks import level_mask
from facewright.server.catalogue.catalogue import Catalogue, Mask
from facewright.server.faces.in_page import in_page, row_of
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.neighbours.search import Neighbours, Similar

router = APIRouter(prefix="/api", tags=["similar"])

Wanted = Literal["yes", "no", "any"]


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


def synthetic_mask(catalogue: Catalogue, wanted: Wanted) -> Mask | None:
    """(N,) faces that are known to be synthetic, or known not to be; None for any."""
    return None if wanted == "any" else level_mask(catalogue.columns, "synthetic", wanted)


def _shown(catalogue: Catalogue, each: Similar) -> dict[str, Any]:
    return {**in_page(catalogue, each.row), "similarity": round(each.cosine, 4)}
