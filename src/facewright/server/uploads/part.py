"""Put look-alikes into an app."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from facewright.server.services import Services
from facewright.server.uploads.looker import Looker
from facewright.server.uploads.routes import router
from facewright.server.uploads.settings import UploadSettings
from facewright.server.uploads.waiting import Pictures


def looking_alike(settings: UploadSettings | None = None) -> Callable[[FastAPI, Services], None]:
    """A part of the server that looks at pictures of visitors."""
    found = settings or UploadSettings()

    def part(app: FastAPI, services: Services) -> None:
        """Put what looks at pictures, and its routes, into an app."""
        looker = Looker(found)
        services.add(looker)
        services.add(Pictures(1, found.waiting))
        services.closing.callback(looker.close)
        app.include_router(router)

    return part
