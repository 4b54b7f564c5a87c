"""Put the guard into an app: behind all other parts, so that it stands before them."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from facewright.server.auth.guard import Guard, GuardSettings
from facewright.server.auth.routes import router
from facewright.server.auth.sessions import Sessions
from facewright.server.auth.signing import Signer
from facewright.server.auth.tokens import Keys
from facewright.server.services import Services


def guarding(settings: GuardSettings, keys: Keys) -> Callable[[FastAPI, Services], None]:
    """A part of the server that guards it.

    Args:
        settings: how strictly.
        keys: tokens that open it.
    """

    def part(app: FastAPI, services: Services) -> None:
        """Put keys, sessions and the guard around an app."""
        sessions, signer = Sessions(), Signer(needed=settings.demands_token, base=settings.url)
        for each in (keys, sessions, signer):
            services.add(each)
        services.add(settings)
        app.include_router(router)
        app.add_middleware(Guard, settings=settings, keys=keys, sessions=sessions, signer=signer)

    return part
