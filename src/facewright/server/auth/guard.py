"""The guard: every request passes it before anything else looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from facewright.server.auth.bodies import MIB, limited
from facewright.server.auth.callers import (
    Caller,
    remember,
    shown_key,
    shown_session,
    without_key,
)
from facewright.server.auth.hosts import Names
from facewright.server.auth.rates import Buckets, Rate
from facewright.server.auth.sessions import Sessions
from facewright.server.auth.signing import Signer
from facewright.server.auth.tokens import Keys
from facewright.server.http.problems import ProblemError, problem

SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))
CHANGING_NOTHING: Final = frozenset(
    ("/api/similar", "/api/query", "/api/orders/plan", "/api/session")
)
"""Addresses to which even POST changes nothing that is kept."""
OWN_HEADER: Final = "x-facewright"
"""What a page cannot send elsewhere without being asked first (a CORS preflight)."""

_USUAL_BODY: Final = MIB
_SLOWEST: Final = 250_000
"""Bytes a second at which the largest body of a route must come, besides `body_seconds`."""
_LARGE_BODIES: Final[Mapping[str, int]] = {
    "/api/similar": 21 * MIB,
    "/api/selections": 32 * MIB,
}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "authorization, content-type, x-facewright",
    "Access-Control-Max-Age": "600",
}


_KEY_RATE: Final = Rate(200.0, 2000.0)


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """How strict the guard is.

    Attributes:
        names: hosts and origins.
        demands_token: whether nothing but the page's own files is shown without a token.
        read_only: whether nothing can be changed by anybody.
        key_rate: of each token that has none of its own.
        address_rate: of each address that shows no token; None: as fast as it likes.
        body_seconds: time that a small request's body may take; larger ones get more.
        url: where others reach it, through a proxy: "https://faces.example"; "" for nowhere else.
    """

    names: Names = field(default_factory=Names)
    demands_token: bool = False
    read_only: bool = False
    key_rate: Rate = _KEY_RATE
    address_rate: Rate | None = None
    body_seconds: float = 30.0
    url: str = ""


class Guard:
    """Checks host, origin, rate, token, scope and body of each request; adds headers to answers.

    Args:
        app: what is guarded.
        settings: how.
        keys: tokens.
        sessions: of browsers.
        signer: of addresses that need no token.
    """

    def __init__(
        self, app: ASGIApp, settings: GuardSettings, keys: Keys, sessions: Sessions, signer: Signer
    ) -> None:
        self._app = app
        self._settings = settings
        self._keys = keys
        self._sessions = sessions
        self._signer = signer
        self._buckets = Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # nothing here speaks WebSocket
        headers = Headers(scope=scope)
        answer = _Answer(send, self._headers(headers))
        try:
            caller = self._admit(scope, headers)
            if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
                await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, answer)
                return
            most = _LARGE_BODIES.get(scope["path"], _USUAL_BODY)
            _check_length(headers, most)
        except ProblemError as error:
            await _refusal(error)(scope, receive, answer)
            return
        remember(scope, caller)
        scope["query_string"] = without_key(scope["query_string"])
        patience = self._settings.body_seconds + most / _SLOWEST
        body = limited(receive, most, patience)
        await self._app(scope, answer.watching(body), answer)
        await answer.settle(scope, receive)

    def _admit(self, scope: Scope, headers: Headers) -> Caller:
        """Who asks, if they may.

        Raises:
            ProblemError: they may not.
        """
        method, path = scope["method"], scope["path"]
        changing = method not in SAFE
        self._check_origin(headers, changing=changing)
        caller = self._caller(scope, headers)
        self._check_rate(scope, caller)
        if caller is None:
            raise ProblemError(
                401,
                "show a token: Authorization: Bearer TOKEN (`facewright token new` makes one)",
                "token",
                headers={"WWW-Authenticate": 'Bearer realm="facewright"'},
            )
        if changing and caller.by_cookie and not _is_by_page(headers):
            raise ProblemError(403, f"send a header {OWN_HEADER}: 1", "origin")
        if changing and path not in CHANGING_NOTHING:
            if self._settings.read_only:
                raise ProblemError(403, "this server is read-only", "read-only")
            if caller.scope != "write":
                raise ProblemError(403, "this token may read only", "scope")
        return caller

    def _check_origin(self, headers: Headers, *, changing: bool) -> None:
        names, hosts = self._settings.names, headers.getlist("host")
        if len(hosts) != 1 or not names.knows(hosts[0]):
            shown = ", ".join(hosts)[:80]
            raise ProblemError(
                421, f"this server is not called {shown!r}; --name lets it be", "host"
            )
        if len(headers.getlist("origin")) > 1 or names.is_foreign(headers, changing=changing):
            raise ProblemError(
                403, "the page that asks is of another origin; --origin lets it", "origin"
            )

    def _caller(self, scope: Scope, headers: Headers) -> Caller | None:
        """Who asks; None where a token is demanded and none that holds is shown."""
        key = shown_key(headers, scope["query_string"])
        if key is not None and len(self._keys):
            token = self._keys.find(key)
            return None if token is None else Caller(token.scope, token)
        if not self._settings.demands_token:
            return Caller("write")
        session = shown_session(headers)
        if session is not None:
            token_id = self._sessions.token_id(session)
            token = self._keys.of_id(token_id) if token_id is not None else None
            if token is not None:
                return Caller(token.scope, token, by_cookie=True)
        return Caller("read") if self._is_public(scope) else None

    def _is_public(self, scope: Scope) -> bool:
        """The page's own files, which show nothing of a dataset; and signed addresses."""
        path: str = scope["path"]
        if path == "/api/session":
            return True
        if not path.startswith(("/api/", "/openapi")):
            return path != "/api"
        query = scope["query_string"].decode("latin-1")
        return scope["method"] in ("GET", "HEAD") and self._signer.holds(path, query)

    def _check_rate(self, scope: Scope, caller: Caller | None) -> None:
        if caller is not None and caller.token is not None:
            token = caller.token
            own = token.rate and Rate(token.rate, max(10 * token.rate, 1.0))
            name = token.id
            rate: Rate | None = own or self._settings.key_rate
        else:
            name, rate = str((scope.get("client") or ("",))[0]), self._settings.address_rate
        wait = self._buckets.take(name, rate) if rate is not None else 0.0
        if wait:
            raise ProblemError(
                429,
                f"too many requests; try again in {wait:.1f} seconds",
                "rate",
                headers={"Retry-After": str(max(int(-(-wait // 1)), 1))},
            )

    def _headers(self, headers: Headers) -> dict[str, str]:
        origin, named = headers.get("origin", ""), self._settings.names.origins
        found = {
            **_HEADERS,
            "Cross-Origin-Resource-Policy": "cross-origin" if named else "same-origin",
        }
        if origin in named:
            found |= {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
        return found


class _Answer:
    """Passes an answer on with further headers; where the body failed, that is the answer."""

    def __init__(self, send: Send, headers: Mapping[str, str]) -> None:
        self._send = send
        self._headers = headers
        self._begun = False
        self._failure: ProblemError | None = None

    def watching(self, receive: Receive) -> Receive:
        """The same receiver; what goes wrong is kept, for routes make something else of it."""

        async def watched() -> Message:
            """The next piece of the body; what was wrong with it is kept for the answer."""
            try:
                return await receive()
            except ProblemError as error:
                self._failure = error
                raise

        return watched

    async def __call__(self, message: Message) -> None:
        """Send a part of an answer."""
        if self._failure is not None and not self._begun:
            return
        if message["type"] == "http.response.start":
            self._begun = True
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                if name == "Vary":
                    headers.add_vary_header(value)
                else:
                    headers.setdefault(name, value)
        await self._send(message)

    async def settle(self, scope: Scope, receive: Receive) -> None:
        """Answer with what went wrong, where nothing was answered for it."""
        failure, self._failure = self._failure, None
        if failure is not None and not self._begun:
            await _refusal(failure, close=True)(scope, receive, self)


def _refusal(error: ProblemError, *, close: bool = False) -> Response:
    headers = {**error.headers, **({"Connection": "close"} if close else {})}
    return problem(error.status, error.detail, error.kind, headers=headers)


def _check_length(headers: Headers, most: int) -> None:
    """Refuse a body that says it is too large, before any of it is read."""
    stated = headers.get("content-length", "0")
    if stated.isdecimal() and int(stated[:20]) > most:
        raise ProblemError(
            413, f"the request is larger than {most // 1024} kB", "too-large",
            headers={"Connection": "close"},
        )  # fmt: skip


def _is_by_page(headers: Headers) -> bool:
    """Whether a browser vouches for the page that asks, or it sends what only such a one can."""
    return any(name in headers for name in ("origin", "sec-fetch-site", OWN_HEADER))
