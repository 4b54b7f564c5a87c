"""gzip for what it helps: texts, not pictures."""

from __future__ import annotations

from typing import Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_PACKED: Final = ("/image", "/photo", "/result", "/file")


class Compressing:
    """Compresses answers from a kilobyte on, but for addresses of pictures and packed files."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._gzip = GZipMiddleware(app, minimum_size=1024, compresslevel=4)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        packed = scope["type"] != "http" or scope["path"].endswith(_PACKED)
        await (self._plain if packed else self._gzip)(scope, receive, send)
