"""Look-alikes over HTTP: a picture in, the nearest faces out, nothing kept."""

from __future__ import annotations

from typing import Annotated, Any, Final

import numpy as np
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from facewright.server.api.alike import Wanted, nearest
from facewright.server.api.answers import SimilarAnswer
from facewright.server.asking.masks import synthetic_mask
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.services import CatalogueNow, Services, ServicesNow
from facewright.server.uploads.looker import Looker
from facewright.server.uploads.looking import Seen, Vectors
from facewright.server.uploads.receiving import FIELD, picture_of
from facewright.server.uploads.waiting import Pictures

router = APIRouter(prefix="/api", tags=["similar"])

_BESIDE: Final = 0.4
"""A second face of less than this share of the first one's side is somebody in the background."""
_BINARY: Final = {"type": "string", "format": "binary"}
_FORM: Final = {"type": "object", "required": [FIELD], "properties": {FIELD: _BINARY}}
_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _FORM},
            "image/*": {"schema": _BINARY},
        },
    }
}


@router.post(
    "/similar", response_model=SimilarAnswer, responses=responses(408, 413, 415),
    openapi_extra=_BODY,
)  # fmt: skip
async def look_alike(
    request: Request,
    services: ServicesNow,
    catalogue: CatalogueNow,
    limit: Annotated[int, Query(ge=1, le=200)] = 24,
    synthetic: Annotated[
        Wanted,
        Query(
            description="faces that may be answered: yes synthetic ones, no photographs, any both"
        ),
    ] = "yes",
    face: Annotated[
        int | None, Query(ge=1, le=16, description="which face of the picture, 1 the largest")
    ] = None,
) -> Response:
    """The faces that look most like the one in a picture; synthetic ones only, unless told.

    The picture is looked at in memory, by a process that can write no file, and forgotten.
    """
    looker = services.part(Looker)
    data = await picture_of(request, looker.settings.max_bytes)
    seen = await services.part(Pictures).run(looker.look, data)
    vector = _chosen(seen, face)
    found = await services.search.run(_search, services, catalogue, vector, limit, synthetic)
    answer = json_answer(found)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _chosen(seen: Seen, face: int | None) -> Vectors:
    """Unit vector of the face that is meant.

    Raises:
        ProblemError: 422, there is none, or several and nobody says which.
    """
    count = len(seen.boxes)
    if not count:
        raise ProblemError(422, "no face was found in the picture", "no-face-found")
    if face is None and count > 1:
        sides = np.sqrt(seen.boxes[:, 2] * seen.boxes[:, 3])
        if sides[1] >= _BESIDE * sides[0]:
            raise ProblemError(
                422, f"the picture shows {count} faces: say which with face=1 (the largest) to"
                f" face={count}, or cut one out", "several-faces",
                errors=[_box(n, box) for n, box in enumerate(seen.boxes.tolist(), start=1)],
            )  # fmt: skip
    number = (face or 1) - 1
    if number >= count:
        raise ProblemError(
            422, f"face={face}: of the faces in the picture, the last is {count}", "no-face-found"
        )
    vector = seen.vectors[number]
    unit: Vectors = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit


def _box(number: int, box: list[float]) -> dict[str, Any]:
    x, y, width, height = (round(value, 1) for value in box)
    return {"face": number, "x": x, "y": y, "width": width, "height": height}


def _search(
    services: Services, catalogue: Catalogue, vector: Vectors, limit: int, synthetic: Wanted
) -> dict[str, Any]:
    mask = synthetic_mask(catalogue.columns, synthetic)
    return nearest(catalogue, services.neighbours, vector, limit, mask)
