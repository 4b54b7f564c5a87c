"""Answers in JSON get an ETag, and are not sent again to whoever has them (RFC 9110, 13.1.2)."""

from __future__ import annotations

import hashlib
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_JSON: Final = "application/json"


class Conditional:
    """Adds ETags to JSON that is sent in one piece; 304 where the client has it.

    The tag is weak: compression, which comes after, changes the bytes and not what they say.

    Args:
        app: what makes the answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; look at its answer where it only reads."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Tagging(send, Headers(scope=scope)))


class _Tagging:
    """Holds an answer's head back until its body is there."""

    def __init__(self, send: Send, headers: Headers) -> None:
        self._send = send
        self._known = headers.get("if-none-match", "")
        self._head: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Send a part of an answer."""
        if message["type"] == "http.response.start" and _is_json(message):
            self._head = message
            return
        if self._head is not None:
            head, self._head = self._head, None
            if not message.get("more_body", False):
                head, message = _tagged(head, message, self._known)
            await self._send(head)
        await self._send(message)


def _is_json(head: Message) -> bool:
    headers = Headers(raw=head["headers"])
    kind = headers.get("content-type", "")
    return head["status"] == 200 and kind.startswith(_JSON) and "etag" not in headers


def _tagged(head: Message, body: Message, known: str) -> tuple[Message, Message]:
    data: bytes = body.get("body", b"")
    tag = f'W/"{hashlib.blake2b(data, digest_size=12).hexdigest()}"'
    headers = MutableHeaders(raw=list(head["headers"]))
    headers["ETag"] = tag
    tags = [each.strip() for each in known.split(",")]
    if tag not in tags and tag.removeprefix("W/") not in tags and "*" not in tags:
        return {**head, "headers": headers.raw}, body
    for name in ("content-length", "content-type"):
        del headers[name]
    return {**head, "status": 304, "headers": headers.raw}, {**body, "body": b""}
