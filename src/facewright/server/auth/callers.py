"""Callers: who sent a request, as far as it says."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import Scope as AsgiScope

from facewright.server.auth.sessions import COOKIE
from facewright.server.auth.tokens import Scope, Token

_KEY: Final = "api_key"
_SCHEMES: Final = ("bearer", "api-key")
_STATE: Final = "facewright.caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        scope: what may be asked for.
        token: the token that was shown; None where none is demanded.
        by_cookie: whether a browser showed it by itself.
    """

    scope: Scope
    token: Token | None = None
    by_cookie: bool = False

    @property
    def name(self) -> str:
        """For notes: the token's name; "" where there is none."""
        return self.token.name if self.token is not None else ""


def caller_of(request: Request) -> Caller:
    """Who sent a request; where nothing guards the app, anybody may do anything."""
    found = request.scope.get(_STATE)
    return found if isinstance(found, Caller) else Caller("write")


def remember(scope: AsgiScope, caller: Caller) -> None:
    """Note who sent a request, for its route."""
    scope[_STATE] = caller


def shown_key(headers: Headers, query: bytes) -> str | None:
    """The key that a request shows in its header, or else in its query."""
    scheme, _, text = headers.get("authorization", "").partition(" ")
    if scheme.lower() in _SCHEMES and text.strip():
        return text.strip()
    if _KEY.encode() not in query:
        return None
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return next((value for name, value in pairs if name == _KEY and value), None)


def without_key(query: bytes) -> bytes:
    """A query that neither routes nor logs learn the key from."""
    if _KEY.encode() not in query:
        return query
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    rest = [(name, value) for name, value in pairs if name != _KEY]
    return urlencode(rest, encoding="latin-1").encode("ascii")


def shown_session(headers: Headers) -> str | None:
    """What the cookie says."""
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return None
    found = cookies.get(COOKIE)
    return None if found is None else found.value
