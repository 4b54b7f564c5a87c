"""Connections that send a request's head soon and keep it small, or are closed.

Uvicorn waits for ever for the rest of a head, and holds whatever has come of it; each such
connection takes a place among those that may be open.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SECONDS: Final = 15.0
_MOST: Final = 512 * 1024
"""Bytes that may come before a head is whole; what comes in one go with it counts."""


class PatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 with limits on time and size of a request's head."""

    _waiting: asyncio.TimerHandle | None = None
    _taken = 0

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a first request."""
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of a head."""
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._stop()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Count what comes of a head."""
        if self._waiting is not None:
            self._taken += len(data)
            if self._taken > _MOST:
                self._close()
                return
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing comes any more."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop()
        self._waiting = self.loop.call_later(SECONDS, self._close)

    def _stop(self) -> None:
        self._taken = 0
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _close(self) -> None:
        self._stop()
        if not self.transport.is_closing():
            self.transport.close()
