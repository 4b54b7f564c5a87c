"""/docs: the API for people, written from its OpenAPI description, without any script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from facewright.analyse.markup import Html, details, join, text
from facewright.server.services import Services

_STYLE: Final = """\
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: auto; padding: 1rem; }
code, .method { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.method { font-weight: 700; }
section { border-top: 1px solid #8886; padding: .5rem 0; }
h2 { margin-bottom: .25rem; }
h3 { font-size: 1rem; margin: .5rem 0 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; }
th { white-space: nowrap; }
"""
_CACHED: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
}


def install_docs(app: FastAPI, _: Services) -> None:
    """Put /docs and its style into an app."""

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        """The API for people."""
        told = request.app.openapi()
        return Response(page(told), 200, _CACHED, "text/html; charset=utf-8")

    @app.get("/docs.css", include_in_schema=False)
    async def style() -> Response:
        """Its style."""
        return Response(_STYLE, 200, _CACHED, "text/css; charset=utf-8")


def page(told: Mapping[str, Any]) -> str:
    """The description as a page."""
    title = text(f"{told['info']['title']} API")
    routes = join(_route(path, method, route) for path, method, route in _routes(told))
    about = text(told["info"]["description"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet"'
        f' href="/docs.css"></head><body><main><h1>{title}</h1><p>{about}</p>'
        f'<p><a href="/openapi.json">OpenAPI description</a></p>{routes}{_attributes(told)}'
        "</main></body></html>"
    )


def _routes(told: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in told["paths"].items():
        for method, route in methods.items():
            yield path, method, route


def _route(path: str, method: str, route: Mapping[str, Any]) -> Html:
    head = f'<h2><span class="method">{text(method.upper())}</span> <code>{text(path)}</code></h2>'
    about = route.get("description") or route.get("summary") or ""
    parts = [Html(head), Html(f"<p>{text(about)}</p>")]
    if parameters := route.get("parameters"):
        rows = join(_parameter(each) for each in parameters if "$ref" not in each)
        filtered = any("$ref" in each for each in parameters)
        more = '<p>And any <a href="#filter">attribute</a>.</p>' if filtered else ""
        parts.append(Html(f"<h3>Parameters</h3><table>{rows}</table>{more}"))
    if body := route.get("requestBody"):
        kinds = ", ".join(body.get("content", {}))
        parts.append(Html(f"<h3>Body</h3><p>{text(kinds)}: {_schema(body)}</p>"))
    answers = join(_answer(status, each) for status, each in route["responses"].items())
    parts.append(details(Html("Answers"), Html(f"<table>{answers}</table>")))
    return Html(f"<section>{join(parts)}</section>")


def _attributes(told: Mapping[str, Any]) -> Html:
    """What every route with a filter takes besides."""
    shared = told.get("components", {}).get("parameters", {})
    rows = join(_parameter(each) for each in shared.values())
    head = "<h2>Attributes, in every filter</h2>"
    return Html(f'<section id="filter">{head}<table>{rows}</table></section>' if shared else "")


def _parameter(each: Mapping[str, Any]) -> Html:
    schema = each.get("schema", {})
    kinds = [schema, *schema.get("anyOf", ())]
    kind = ", ".join(kind["type"] for kind in kinds if kind.get("type") not in (None, "null"))
    about = each.get("description", "")
    needed = " (required)" if each.get("required") else ""
    return Html(
        f'<tr><th scope="row"><code>{text(each["name"])}</code></th>'
        f"<td>{text(kind + needed)}</td><td>{text(about)}</td></tr>"
    )


def _answer(status: str, each: Mapping[str, Any]) -> Html:
    return Html(
        f'<tr><th scope="row">{text(status)}</th><td>{text(each.get("description", ""))}</td>'
        f"<td>{_schema(each)}</td></tr>"
    )


def _schema(each: Mapping[str, Any]) -> Html:
    """Names of the shapes that a body has."""
    schemas = [content.get("schema", {}) for content in each.get("content", {}).values()]
    names = {
        str(schema.get("$ref", schema.get("title", ""))).rpartition("/")[2] for schema in schemas
    }
    return text(", ".join(sorted(names - {""})))
