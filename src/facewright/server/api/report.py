"""Route of the analysis: faces of a filter beside a target, as they are now."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from facewright.server.api.answers import ReportAnswer
from facewright.server.api.asked import Asked, AskedNow
from facewright.server.asking.comparing import compared
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import responses

router = APIRouter(prefix="/api", tags=["faces"])


@router.get("/report", response_model=ReportAnswer, responses=responses())
async def report(
    asked: AskedNow,
    by: Annotated[
        str, Query(description="attributes between commas; empty: the target's", max_length=1000)
    ] = "",
    target: Annotated[
        str,
        Query(description="equal, all, dataset:NAME, a sentence, or nothing", max_length=2000),
    ] = "",
) -> Response:
    """Shares of attributes, alone and jointly, with what a target wants and how far that is.

    The whole report, with pictures and label error, is a job: `POST /api/jobs`.
    """
    names = [name.strip() for name in by.split(",") if name.strip()]
    return json_answer(await asked.run(_told, asked, names, target.strip(), naming=names))


def _told(asked: Asked, names: list[str], target: str) -> dict[str, object]:
    return compared(asked.catalogue, asked.masks().whole, names, target)
