"""Errors as RFC 9457 problem details: application/problem+json for whatever goes wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from facewright.errors import DatasetError, FacewrightError, StorageError, UsageError

MEDIA_TYPE: Final = "application/problem+json"
_LOG: Final = logging.getLogger(__name__)


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(description="about:blank, or `/problems/` and a name")] = (
        "about:blank"
    )
    title: Annotated[str, Field(description="the status in words")]
    status: Annotated[int, Field(description="of HTTP")]
    detail: Annotated[str, Field(description="one line: what, and what to do")]
    errors: Annotated[
        list[dict[str, Any]] | None, Field(description="of each parameter: where and what")
    ] = None


class ProblemError(Exception):
    """Answer a request with a problem.

    Args:
        status: of HTTP.
        detail: one line: what, and what to do.
        kind: name of the problem, for `type`; "" where the status says it all.
        headers: further ones of the answer.
        errors: of each parameter.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        kind: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.headers = dict(headers or {})
        self.errors = None if errors is None else [dict(error) for error in errors]


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's error answers of a route; 422, 500 and 503 are among them always."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in sorted({*statuses, 422, 500, 503})
    }


def problem(
    status: int,
    detail: str,
    kind: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[Mapping[str, Any]] | None = None,
) -> Response:
    """A problem as an answer."""
    body: dict[str, Any] = {
        "type": f"/problems/{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors is not None:
        body["errors"] = list(errors)
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(
        data, status, {"Cache-Control": "no-store", **(headers or {})}, media_type=MEDIA_TYPE
    )


def install_problems(app: FastAPI) -> None:
    """Answer every error of an app with a problem."""
    app.add_exception_handler(ProblemError, _raised)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(FacewrightError, _foreseen)
    app.add_exception_handler(Exception, _unforeseen)


def _raised(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return problem(
        error.status, error.detail, error.kind, headers=error.headers, errors=error.errors
    )


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), headers=error.headers)


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [
        {"where": ".".join(str(part) for part in each["loc"]), "what": each["msg"]}
        for each in error.errors()
    ]
    if any(each["type"] == "json_invalid" for each in error.errors()):
        return problem(400, "the body is no JSON", "invalid", errors=found)
    first = f"{found[0]['where']}: {found[0]['what']}" if found else "the request cannot be read"
    return problem(422, first, "invalid", errors=found)


def _foreseen(_: Request, error: Exception) -> Response:
    """Errors of the library: the caller's are 422, those of disks and datasets 500 or 503."""
    assert isinstance(error, FacewrightError)
    if isinstance(error, UsageError):
        return problem(422, str(error), "invalid")
    _LOG.error("%s", error)
    if isinstance(error, StorageError):
        return problem(507, "the server cannot write what it must keep", "storage")
    if isinstance(error, DatasetError):
        return problem(503, "a part of the dataset cannot be read now", "dataset")
    return problem(500, "the server cannot answer this", "failed")


def _unforeseen(_: Request, error: Exception) -> Response:
    _LOG.error("a request failed", exc_info=error)
    return problem(500, "the server made an error; its log says more", "failed")
