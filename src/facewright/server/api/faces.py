"""Routes of faces: pages of them, and one."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from facewright.server.api.answers import FaceAnswer, FacesAnswer
from facewright.server.api.asked import AskedNow
from facewright.server.faces.in_page import row_of
from facewright.server.faces.paging import LIKE, page_of
from facewright.server.faces.told import told
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import responses
from facewright.server.pictures.certificates import certificate_of
from facewright.server.pictures.sources import may_have_photo
from facewright.server.services import CatalogueNow, ServicesNow

router = APIRouter(prefix="/api", tags=["faces"])
last = APIRouter(prefix="/api", tags=["faces"])
"""Routes whose address begins as others do; to be put into the app behind all of them."""

_SORT: Final = (
    "random, an attribute or column, or `-` and one; unknown values come last; `like:ID`, by"
    " likeness to a face"
)
_MOST_SEED: Final = 2**53 - 1  # what JSON and JavaScript hold exactly

_ORDERS: Final = ("", "random")

Sort = Annotated[str, Query(description=_SORT, max_length=600)]
Seed = Annotated[int, Query(description="of sort=random", ge=0, le=_MOST_SEED)]


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
    services, catalogue = asked.services, asked.catalogue
    wanted = (sort, seed, count, cursor, offset, services.neighbours)
    page = partial(page_of, catalogue, asked.filter, asked.masks, *wanted)
    if sort.startswith(LIKE) and sort not in catalogue.orders:
        return json_answer(await services.search.run(page))
    naming = [sort.removeprefix("-")] if sort not in _ORDERS else []
    return json_answer(await asked.run(page, naming=naming))


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


@last.get("/faces/{face_id:path}", response_model=FaceAnswer, responses=responses(404))
async def face(face_id: str, services: ServicesNow, catalogue: CatalogueNow) -> Response:
    """One face: record, photo, provenance, who else is there."""
    row = row_of(catalogue, face_id)
    found = await services.compute.run(told, catalogue, row)
    found["certificate"] = await services.pictures.run(
        certificate_of, services.shards, catalogue, row
    )
    found["has_photo"] = await services.pictures.run(may_have_photo, catalogue, row)
    for further in services.notes_of:
        found.update(await services.compute.run(further, found["id"]))
    return json_answer(found)
