"""Kept selections over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.notes.choosing import by_filter, rows_of
from facewright.server.notes.picked import Picked
from facewright.server.notes.selections import Selections, as_file
from facewright.server.notes.shapes import SelectionAnswer, SelectionsAnswer, SelectionSent
from facewright.server.services import CatalogueNow, Services, ServicesNow
from facewright.store.selection import Selection

reading = APIRouter(prefix="/api/selections", tags=["selections"])
writing = APIRouter(prefix="/api/selections", tags=["selections"])
"""Left out where a server is read-only."""

_KINDS: Final = {"json": "application/json", "csv": "text/csv", "txt": "text/plain"}
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {kind: {} for kind in _KINDS.values()}}
}

Kind = Annotated[Literal["json", "csv", "txt"], Query(description="of the file")]


@reading.get("", response_model=SelectionsAnswer, responses=responses())
async def selections(services: ServicesNow) -> Response:
    """All kept selections, newest first."""
    return json_answer({"selections": await services.compute.run(services.part(Selections).all)})


@writing.post("", status_code=201, response_model=SelectionAnswer, responses=responses(507))
async def make(sent: SelectionSent, services: ServicesNow, catalogue: CatalogueNow) -> Response:
    """Keep faces under a name: by ids, or all of a filter as it is now."""
    picked = await services.compute.run(_chosen, services, catalogue, sent)
    kept = services.part(Selections)
    return json_answer(await services.compute.run(kept.make, sent.name, picked, _why(sent)), 201)


@reading.get("/{selection_id}", response_model=SelectionAnswer, responses=responses(404))
async def selection(selection_id: str, services: ServicesNow) -> Response:
    """One selection; its faces are at `/file`, and in the grid with `select=`."""
    found = await services.compute.run(services.part(Selections).one, selection_id)
    if found is None:
        raise _none(selection_id)
    return json_answer(found)


@writing.put("/{selection_id}", response_model=SelectionAnswer, responses=responses(404, 507))
async def change(
    selection_id: str, sent: SelectionSent, services: ServicesNow, catalogue: CatalogueNow
) -> Response:
    """Give a selection another name and other faces."""
    picked = await services.compute.run(_chosen, services, catalogue, sent)
    kept = services.part(Selections)
    found = await services.compute.run(kept.change, selection_id, sent.name, picked, _why(sent))
    if found is None:
        raise _none(selection_id)
    return json_answer(found)


@writing.delete(
    "/{selection_id}", status_code=204, response_class=Response, responses=responses(404, 507)
)
async def drop(selection_id: str, services: ServicesNow) -> Response:
    """Forget a selection; no face is deleted."""
    if not await services.compute.run(services.part(Selections).drop, selection_id):
        raise _none(selection_id)
    return Response(status_code=204)


@reading.get("/{selection_id}/file", response_class=Response, responses={**responses(404), **_FILE})
async def file(
    selection_id: str, services: ServicesNow, catalogue: CatalogueNow, format: Kind = "json"
) -> Response:
    """The selection's file, as `facewright export --select` reads it."""
    kept = services.part(Selections)
    told = await services.compute.run(kept.one, selection_id)
    picked = await services.compute.run(kept.picked, selection_id)
    if told is None or picked is None:
        raise _none(selection_id)
    face_ids = await services.compute.run(picked.public, catalogue)
    chosen = Selection(tuple(face_ids), told["why"] or told["name"])
    data = await services.compute.run(as_file, chosen, format)
    name = f"selection-{told['id']}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return Response(data, headers=headers, media_type=_KINDS[format])


def _chosen(services: Services, catalogue: Catalogue, sent: SelectionSent) -> Picked:
    if (sent.face_ids is None) == (sent.filter is None):
        raise ProblemError(422, "give face_ids or filter, one of them", "invalid")
    if sent.face_ids is not None:
        picked = Picked.of_rows(catalogue, rows_of(catalogue, sent.face_ids))
    else:
        picked = Picked.of_rows(catalogue, by_filter(services, catalogue, sent.filter or ""))
    if not len(picked):
        raise ProblemError(422, "there is no face to keep", "empty")
    return picked


def _why(sent: SelectionSent) -> str:
    if sent.why:
        return sent.why
    return f"faces of the filter {sent.filter}" if sent.filter else sent.name


def _none(selection_id: str) -> ProblemError:
    return ProblemError(404, f"no selection {selection_id[:80]!r}", "no-selection")
