"""Notes over HTTP: flags and labels of faces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from facewright.server.asking.filters import FilterError
from facewright.server.auth.callers import caller_of
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.columns import group_of
from facewright.server.faces.in_page import row_of
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.notes.flags import Flags, as_lines
from facewright.server.notes.labels import Labels
from facewright.server.notes.place import key_of, place_of
from facewright.server.notes.shapes import FlagAnswer, FlagSent, LabelAnswer, LabelSent
from facewright.server.services import CatalogueNow, Services, ServicesNow

reading = APIRouter(prefix="/api", tags=["notes"])
writing = APIRouter(prefix="/api", tags=["notes"])
"""Left out where a server is read-only."""

_SERIOUS: Final = frozenset(("provenance",))
"""Groups of attributes that are no matter of looking."""
_TEXT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}}
}

DatasetName = Annotated[str, Query(description="of /api/datasets", max_length=200)]


@writing.post(
    "/faces/{face_id:path}/flags", status_code=201, response_model=FlagAnswer,
    responses=responses(404, 507),
)  # fmt: skip
async def flag(
    request: Request, face_id: str, sent: FlagSent, services: ServicesNow, catalogue: CatalogueNow
) -> Response:
    """Say what is wrong with a face. The rule `flagged` can drop it."""
    place = place_of(catalogue, row_of(catalogue, face_id))
    add = services.part(Flags).add
    return await _noted(services, add, place, sent.reason, sent.note, _who(sent.who, request))


@writing.delete(
    "/faces/{face_id:path}/flags", status_code=204, response_class=Response,
    responses=responses(404, 507),
)  # fmt: skip
async def unflag(
    request: Request, face_id: str, services: ServicesNow, catalogue: CatalogueNow
) -> Response:
    """Take all flags of a face away."""
    place = place_of(catalogue, row_of(catalogue, face_id))
    none = ProblemError(404, "this face has no flag", "no-flag")
    return await _taken_back(
        services, none, services.part(Flags).take_back, place, _who("", request)
    )


@writing.post(
    "/faces/{face_id:path}/labels", status_code=201, response_model=LabelAnswer,
    responses=responses(404, 507),
)  # fmt: skip
async def label(
    request: Request, face_id: str, sent: LabelSent, services: ServicesNow, catalogue: CatalogueNow
) -> Response:
    """Say what a face is. It wins over the estimate wherever faces are filtered and counted."""
    place = place_of(catalogue, row_of(catalogue, face_id))
    _check_label(catalogue, sent.attribute, sent.value)
    set_ = services.part(Labels).set
    return await _noted(services, set_, place, sent.attribute, sent.value, _who(sent.who, request))


@writing.delete(
    "/faces/{face_id:path}/labels", status_code=204, response_class=Response,
    responses=responses(404, 507),
)  # fmt: skip
async def unlabel(
    request: Request,
    face_id: str,
    services: ServicesNow,
    catalogue: CatalogueNow,
    attribute: Annotated[str, Query(min_length=1, max_length=200)],
) -> Response:
    """Let the estimate hold again."""
    place = place_of(catalogue, row_of(catalogue, face_id))
    none = ProblemError(404, f"this face has no label of {attribute[:80]!r}", "no-label")
    take_back = services.part(Labels).take_back
    return await _taken_back(services, none, take_back, place, attribute, _who("", request))


@reading.get("/flags", response_class=Response, responses={**responses(404), **_TEXT})
async def flags_file(
    dataset: DatasetName, services: ServicesNow, catalogue: CatalogueNow
) -> Response:
    """A dataset's flags as JSON lines, as the rule `flagged` reads them."""
    flags = services.part(Flags)
    kind = _Kind("application/jsonl", "flags.jsonl")
    return await _file(services, catalogue, dataset, kind, lambda key: as_lines(flags.lines(key)))


@reading.get("/labels", response_class=Response, responses={**responses(404), **_TEXT})
async def labels_file(
    dataset: DatasetName, services: ServicesNow, catalogue: CatalogueNow
) -> Response:
    """A dataset's labels as an audit in CSV, which `facewright analyse --audit` reads."""
    labels = services.part(Labels)
    kind = _Kind("text/csv", "labels.csv")
    return await _file(services, catalogue, dataset, kind, labels.audit)


def notes_of(services: Services, catalogue: Catalogue, row: int) -> dict[str, Any]:
    """What is noted of a face, for its page."""
    place = place_of(catalogue, row)
    return {
        "flags": services.part(Flags).of(place),
        "corrections": services.part(Labels).of(place),
    }


def _key(catalogue: Catalogue, name: str) -> str:
    for shelf in catalogue.shelves:
        if shelf.name == name:
            return key_of(shelf.manifest)
    raise ProblemError(404, f"no dataset {name[:100]!r}", "no-dataset")


def _check_label(catalogue: Catalogue, attribute: str, value: str | None) -> None:
    column = catalogue.columns.get(attribute)
    if column is None:
        raise FilterError("attribute", f"no attribute {attribute[:80]!r}")
    if group_of(attribute) in _SERIOUS or not column.levels:
        raise FilterError("attribute", f"{attribute[:80]!r} is no matter of looking at a picture")
    if column.is_binned:
        if value is not None and not _is_number(value) and value not in column.levels:
            raise FilterError("value", f"{value[:80]!r} is neither a number nor a level")
    elif value is not None and value not in column.levels:
        known = ", ".join(column.levels[:20])
        raise FilterError("value", f"{value[:80]!r} is no level; there are {known}")


def _is_number(text: str) -> bool:
    try:
        number = float(text)
    except ValueError:
        return False
    return -1e6 < number < 1e6


class _Kind(NamedTuple):
    media_type: str
    name: str


async def _file(
    services: Services,
    catalogue: Catalogue,
    dataset: str,
    kind: _Kind,
    write: Callable[[str], bytes],
) -> Response:
    """A file of a dataset's notes, written of its key."""
    data = await services.compute.run(write, _key(catalogue, dataset))
    headers = {
        "Content-Disposition": f'attachment; filename="{kind.name}"',
        "Cache-Control": "no-cache",
    }
    return Response(data, headers=headers, media_type=kind.media_type)


def _who(said: str, request: Request) -> str:
    return said or caller_of(request).name


async def _noted(services: Services, keep: Callable[..., dict[str, Any]], *told: Any) -> Response:
    """Keep a note, show it in the catalogue, answer with it."""

    def kept() -> dict[str, Any]:
        note = keep(*told)
        services.library.relabel()
        return note

    return json_answer(await services.compute.run(kept), 201)


async def _taken_back(
    services: Services, none: ProblemError, take_back: Callable[..., bool], *told: Any
) -> Response:
    """Take a note back.

    Raises:
        ProblemError: `none`, there was no such note.
    """

    def taken() -> bool:
        found = take_back(*told)
        services.library.relabel()
        return found

    if not await services.compute.run(taken):
        raise none
    return Response(status_code=204)
