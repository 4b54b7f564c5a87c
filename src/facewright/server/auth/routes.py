"""Signing in: a browser shows a token once and gets a cookie for its pictures."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from facewright.server.auth.callers import caller_of, shown_session
from facewright.server.auth.guard import GuardSettings
from facewright.server.auth.sessions import COOKIE, SECONDS, Sessions
from facewright.server.auth.tokens import Keys
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.services import ServicesNow

router = APIRouter(prefix="/api/session", tags=["server"])


class Shown(BaseModel):
    """A token."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=200)]


class SessionAnswer(BaseModel):
    """Who asks, and what may be asked for."""

    signed_in: bool
    name: str
    scope: Literal["read", "write"]


@router.get("", response_model=SessionAnswer, responses=responses())
async def session(request: Request) -> Response:
    """Who asks."""
    caller = caller_of(request)
    return json_answer(
        {"signed_in": caller.token is not None, "name": caller.name, "scope": caller.scope}
    )


@router.post("", status_code=204, response_class=Response, responses=responses(401))
async def sign_in(request: Request, shown: Shown, services: ServicesNow) -> Response:
    """Show a token; the answer sets a cookie that stands for it for twelve hours."""
    token = services.part(Keys).find(shown.token)
    if token is None:
        raise ProblemError(401, "this token is not known here", "token")
    answer = Response(status_code=204, headers={"Cache-Control": "no-store"})
    answer.set_cookie(
        COOKIE,
        services.part(Sessions).begin(token.id),
        max_age=SECONDS,
        secure=(services.part(GuardSettings).url or str(request.url)).startswith("https:"),
        httponly=True,
        samesite="strict",
    )
    return answer


@router.delete("", status_code=204, response_class=Response, responses=responses())
async def sign_out(request: Request, services: ServicesNow) -> Response:
    """End the session."""
    services.part(Sessions).end(shown_session(request.headers) or "")
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer
