"""Health: whether the server runs; readiness: whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from facewright import __version__
from facewright.server.api.answers import HealthAnswer, ReadyAnswer
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.services import ServicesNow

router = APIRouter(tags=["server"])


@router.get("/health", response_model=HealthAnswer)
async def health() -> Response:
    """The server runs."""
    return json_answer({"status": "ok", "version": __version__})


@router.get("/ready", response_model=ReadyAnswer, responses=responses())
async def ready(services: ServicesNow) -> Response:
    """The datasets are loaded; 503 while they are not."""
    catalogue = services.library.catalogue
    if catalogue is None:
        raise ProblemError(
            503, services.failure or "the datasets are being loaded", "loading",
            headers={"Retry-After": "1"},
        )  # fmt: skip
    return json_answer({"status": "ready", "faces": len(catalogue), "version": catalogue.version})
