"""The page: static files held in memory, under addresses that change when they do.

Everything lies below `/static/DIGEST/`, so that modules find each other by relative paths, and a
browser may keep each for ever. No path of a request reaches the disk: what is served was read when
the app was made.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import RedirectResponse, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from facewright.server.services import Services

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; script-src 'self';"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""No script or style of a page comes from anywhere but its own files."""
VIEWS: Final = ("/", "/alike", "/analysis", "/order", "/basket", "/face/{face_id:path}")
"""Addresses of the page; which one it is, is the page's own business."""

_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
}
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK: Final = "no-cache"
_FIRST_STYLE: Final = "base.css"


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file.

    Attributes:
        data: its bytes.
        media_type: with the character set.
        etag: of the bytes.
    """

    data: bytes
    media_type: str
    etag: str

    @classmethod
    def of(cls, data: bytes, suffix: str) -> Asset:
        """An asset of some bytes; the suffix tells its type."""
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        return cls(data, f"{_TYPES[suffix]}; charset=utf-8", etag)

    def answer(self, request: Request, caching: str) -> Response:
        """The file, or that it is as it was (RFC 9110, 13.1.2)."""
        headers = {**_HEADERS, "Cache-Control": caching, "ETag": self.etag}
        if self.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(self.data, headers=headers, media_type=self.media_type)


@dataclass(frozen=True, slots=True)
class Site:
    """All static files.

    Attributes:
        digest: changes when any of them does.
        assets: by path below `static/`.
        pages: HTML files by name, with addresses filled in.
    """

    digest: str
    assets: dict[str, Asset]
    pages: dict[str, Asset]


@cache
def site() -> Site:
    """The static files of this package, read once."""
    found = dict(_below(files("facewright.server") / "static", ""))
    told = hashlib.sha256()
    for path, data in found.items():
        told.update(f"{path} {len(data)}\n".encode() + data)
    digest = told.hexdigest()[:12]
    pages = {path: data for path, data in found.items() if path.endswith(".html")}
    assets = {
        path: Asset.of(data, path[path.rindex(".") :])
        for path, data in found.items()
        if path not in pages
    }
    filled = {
        path: Asset.of(_filled(data.decode(), digest, list(assets)).encode(), ".html")
        for path, data in pages.items()
    }
    return Site(digest, assets, filled)


def put_page(app: FastAPI, services: Services) -> None:
    """Put the page into an app (a `Part` of `facewright.server.app`)."""
    _ = services
    app.include_router(router)


router = APIRouter(include_in_schema=False)


@router.api_route("/static/{digest}/{path:path}", methods=["GET", "HEAD"])
async def asset(request: Request, digest: str, path: str) -> Response:
    """A static file; one of another version is answered as it is now, to be asked for again."""
    there = site()
    found = there.assets.get(path)
    if found is None:
        return Response("no such file", 404, _HEADERS, "text/plain")
    return found.answer(request, _FOREVER if digest == there.digest else _ASK)


@router.get("/faces.json")
async def faces_json(request: Request) -> Response:
    """The faces of a view, as JSON."""
    return _redirect("/api/faces", request)


@router.get("/alike.json")
async def alike_json(request: Request) -> Response:
    """Faces that were found by a picture, as JSON."""
    return _redirect("/api/similar", request)


@router.get("/analysis.json")
async def analysis_json(request: Request) -> Response:
    """The counts of a view, as JSON."""
    return _redirect("/api/facets", request)


@router.get("/order.json")
async def order_json(request: Request) -> Response:
    """What can be ordered, of whom, and what was, as JSON."""
    return _redirect("/api/orders", request)


@router.get("/basket.json")
async def basket_json(request: Request) -> Response:
    """Kept selections and what is made of them, as JSON."""
    return _redirect("/api/basket", request)


@router.get("/face/{face_id:path}.json")
async def face_json(face_id: str) -> Response:
    """One face, as JSON."""
    return RedirectResponse(f"/api/faces/{quote(face_id, safe='')}", 307, _HEADERS)


async def index(request: Request) -> Response:
    """The page."""
    return site().pages["index.html"].answer(request, _ASK)


for _view in VIEWS:
    router.add_api_route(_view, index, methods=["GET", "HEAD"])


def _redirect(path: str, request: Request) -> Response:
    query = request.url.query
    return RedirectResponse(f"{path}?{query}" if query else path, 307, _HEADERS)


def _filled(html: str, digest: str, paths: list[str]) -> str:
    """HTML with the addresses of styles and modules; they load side by side, not in turn."""
    base = f"/static/{digest}"
    styles = sorted(
        (path for path in paths if path.endswith(".css")),
        key=lambda path: (not path.endswith(_FIRST_STYLE), path),
    )
    links = "\n  ".join(f'<link rel="stylesheet" href="{base}/{path}">' for path in styles)
    modules = [path for path in paths if path.startswith("js/") and path not in _OWN_SCRIPTS]
    preloads = "\n  ".join(f'<link rel="modulepreload" href="{base}/{path}">' for path in modules)
    return (
        html.replace("<!-- styles -->", links)
        .replace("<!-- preloads -->", preloads)
        .replace("{static}", base)
    )


_OWN_SCRIPTS: Final = frozenset(("js/theme-early.js",))
"""Scripts that the page does not import."""


def _below(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Paths and bytes of the files of a folder, in order, those of known types."""
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            yield from _below(each, f"{prefix}{each.name}/")
        elif each.name[each.name.rfind(".") :] in _TYPES:
            yield f"{prefix}{each.name}", each.read_bytes()
