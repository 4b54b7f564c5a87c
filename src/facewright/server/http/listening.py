"""Listen and serve, until told to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from facewright.errors import UsageError
from facewright.server.http.patience import PatientProtocol

_BACKLOG = 1024
_MOST_OPEN = 1000
"""Connections at the same time; further ones are told to come again."""
_KEPT = 30  # seconds that an idle connection stays open
_LAST = 5  # seconds that answers may take to end when the server is stopped


def listen(host: str, port: int) -> socket.socket:
    """A socket at an address; port 0 takes a free one.

    Raises:
        UsageError: the address is not this machine's, or the port is taken.
    """
    try:
        (family, *_, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        found = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise UsageError(
            f"cannot listen at {host} port {port}: {what}; another port may be free: --port 0"
        ) from error
    return found


def address_of(bound: socket.socket) -> str:
    """The URL under which a browser on this machine reaches a socket."""
    host, port = bound.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - every address: this machine's own is among them
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run(app: FastAPI, bound: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until the process is told to stop.

    Args:
        app: what is served.
        bound: where it listens.
        on_ready: called when it does.
    """
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # it would hold keys and what people look for
        server_header=False,
        proxy_headers=False,  # anybody can send them
        http=PatientProtocol,
        ws="none",
        backlog=_BACKLOG,
        limit_concurrency=_MOST_OPEN,
        timeout_keep_alive=_KEPT,
        timeout_graceful_shutdown=_LAST,
    )
    _Server(config, on_ready).run(sockets=[bound])


class _Server(uvicorn.Server):
    """Says when it has started."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()
