"""The app: datasets in, an ASGI app out. Parts of the server are put into it one after another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import anyio
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from threadpoolctl import threadpool_limits

from facewright import __version__
from facewright.server.api import alike, faces, facets, health, images, querying, report, served
from facewright.server.api.described import install_description
from facewright.server.api.docs import install_docs
from facewright.server.catalogue.library import Library
from facewright.server.http.compressing import Compressing
from facewright.server.http.conditional import Conditional
from facewright.server.http.heads import Heads
from facewright.server.http.problems import install_problems
from facewright.server.pictures.ready_made import ReadyMade
from facewright.server.services import Services
from facewright.server.settings import ServeSettings

Part = Callable[[FastAPI, Services], None]
"""Puts routes and middleware into the app, and its services where routes find them."""

_ABOUT: Final = (
    "Faces of datasets: filter, count, look, download. Attributes are apparent and estimated,"
    " never facts about a person. Errors are problem details (RFC 9457)."
)


_SILENT: Final[TelemetryConfig] = {
    "auto_configure": False,
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
}
"""Nothing phones home, whatever the environment names."""


def create_app(
    datasets: Sequence[Path],
    settings: ServeSettings | None = None,
    parts: Sequence[Part] = (),
) -> FastAPI:
    """An app that serves datasets.

    They are loaded when the app starts, in the background; requests wait for it.

    Args:
        datasets: folders.
        settings: what may be spent.
        parts: further parts, put in after the API of its own; what they add as middleware
            stands outside of what earlier ones added.

    Raises:
        UsageError: no dataset, or one twice.
    """
    services = Services(Library(datasets), settings or ServeSettings())
    app = FastAPI(
        title="Facewright",
        version=__version__,
        description=_ABOUT,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry=_SILENT,
    )
    app.state.services = services
    install_problems(app)
    app.add_middleware(Conditional)
    app.add_middleware(Compressing)
    app.add_middleware(ReadyMade, answers=services.ready_answers, library=services.library)
    app.add_middleware(Heads)
    for routes in (health, images, alike, served, faces, facets, report, querying):
        app.include_router(routes.router)
    for part in parts:
        part(app, services)
    app.include_router(faces.last)
    install_docs(app, services)
    install_description(app, services)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    with services.closing, threadpool_limits(1, "blas"):  # its threads spin between products
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(services.load)
            yield
            tasks.cancel_scope.cancel()
