"""Put the guard into an app: around all of it, whatever else is put in."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from starlette.types import ASGIApp

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
        inner = app.build_middleware_stack

        def guarded() -> ASGIApp:
            """The guard around all of it, even around what answers when a route fails."""
            return Guard(inner(), settings, keys, sessions, signer)

        app.build_middleware_stack = guarded  # type: ignore[method-assign]

    return part
