"""Answers that are ready: thumbnails under addresses that never change, sent without routing.

A grid that is scrolled asks for thousands of thumbnails; finding the route, the parameters and the
face of each costs ten times what sending it does. An address that holds a version always means the
same bytes, so what was answered once is answered again as it is.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from facewright.server.catalogue.library import Library

_ENDING: Final = "/image"
_CONDITIONAL: Final = frozenset((b"range", b"if-none-match", b"if-range", b"if-modified-since"))
_BESIDE: Final = 1024  # bytes that an answer takes beside its picture
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer.

    Attributes:
        version: of the catalogue that it was made for; it holds for no other.
        headers: as ASGI wants them.
        data: the body.
    """

    version: str
    headers: Headers
    data: bytes


class ReadyAnswers:
    """Answers by address, the last used ones.

    Args:
        room: bytes of all of them together.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._held: OrderedDict[tuple[str, bytes], Ready] = OrderedDict()
        self._lock = threading.Lock()

    def keep(
        self, address: tuple[str, bytes], version: str, headers: Mapping[str, str], data: bytes
    ) -> None:
        """Answer an address (path and query) in this way from now on.

        Args:
            address: as the scope has it.
            version: of the catalogue.
            headers: of the answer, the length of its body among them.
            data: its body.
        """
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        with self._lock:
            before = self._held.pop(address, None)
            self._used += len(data) + _BESIDE - (len(before.data) + _BESIDE if before else 0)
            self._held[address] = Ready(version, raw, data)
            while self._used > self._room and self._held:
                _, gone = self._held.popitem(last=False)
                self._used -= len(gone.data) + _BESIDE

    def find(self, address: tuple[str, bytes]) -> Ready | None:
        """What to answer; None where it is not known."""
        with self._lock:
            found = self._held.get(address)
            if found is not None:
                self._held.move_to_end(address)
            return found


class ReadyMade:
    """Sends what is ready; passes on everything else.

    Args:
        app: what stands behind.
        answers: what is ready.
        library: whose catalogue answers must be of.
    """

    def __init__(self, app: ASGIApp, answers: ReadyAnswers, library: Library) -> None:
        self._app = app
        self._answers = answers
        self._library = library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass a request on."""
        found = self._found(scope)
        if found is None:
            await self._app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": found.headers})
        await send({"type": "http.response.body", "body": found.data})

    def _found(self, scope: Scope) -> Ready | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        if not scope["path"].endswith(_ENDING):
            return None
        found = self._answers.find((scope["path"], scope["query_string"]))
        catalogue = self._library.catalogue
        if found is None or catalogue is None or found.version != catalogue.version:
            return None
        if any(name in _CONDITIONAL for name, _ in scope["headers"]):
            return None
        return found
