"""Queries of visitors: one SELECT over `faces` and `photos`, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Annotated, Any, Final

import anyio
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from facewright.server.api.answers import QueryAnswer
from facewright.server.asking.query_process import MORE_MEMORY
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.shelf import Shelf
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.services import CatalogueNow, ServicesNow
from facewright.server.settings import ServeSettings
from facewright.store.tables import open_part

router = APIRouter(prefix="/api", tags=["faces"])

_UNITS: Final = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_HIDDEN: Final = "embedding"
"""Columns that DuckDB cannot read: 16-bit floats."""


class QueryAsked(BaseModel):
    """A query."""

    model_config = ConfigDict(extra="forbid")

    sql: Annotated[
        str,
        Field(
            min_length=1,
            max_length=20_000,
            description="one SELECT over `faces` and `photos`; dropped faces have kept = false",
        ),
    ]


@router.post("/query", response_model=QueryAnswer, responses=responses(408))
async def query(asked: QueryAsked, services: ServicesNow, catalogue: CatalogueNow) -> Response:
    """Rows of an SQL query over the datasets' tables, which it can only read."""
    return json_answer(await answered(asked.sql, catalogue, services.settings, services.processes))


async def answered(
    sql: str, catalogue: Catalogue, settings: ServeSettings, limiter: anyio.CapacityLimiter
) -> dict[str, Any]:
    """Columns and rows of a query.

    Raises:
        ProblemError: 422, it cannot be answered; 408, it takes too long.
    """
    question = {
        "sql": sql,
        "rows": settings.sql_rows,
        "memory": settings.sql_memory,
        "bytes": _bytes(settings.sql_memory) + MORE_MEMORY,
        "seconds": settings.sql_seconds,
        "datasets": {shelf.name: _tables(shelf) for shelf in catalogue.shelves},
    }
    text = json.dumps(question).encode()
    command = [sys.executable, "-m", "facewright.server.asking.query_process"]
    async with limiter:
        with anyio.move_on_after(settings.sql_seconds + 2.0) as scope:
            done = await anyio.run_process(
                command, input=text, check=False, stderr=subprocess.DEVNULL
            )
    late = f"the query takes longer than {settings.sql_seconds:g} seconds"
    if scope.cancelled_caught:
        raise ProblemError(408, late, "slow-query")
    if done.returncode or not done.stdout:  # killed for its time or memory
        raise ProblemError(422, f"{late}, or needs too much memory", "query")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise ProblemError(422, f"sql: {answer['error']}", "query")
    return answer


def _tables(shelf: Shelf) -> dict[str, list[str]]:
    hidden: list[str] = []
    if shelf.files:
        with open_part(shelf.files[0]) as part:
            hidden = [_HIDDEN] if _HIDDEN in part.schema_arrow.names else []
    return {
        "faces": [str(path.resolve()) for path in shelf.files],
        "photos": [str(path.resolve()) for path in shelf.photo_files],
        "hidden": hidden,
    }


def _bytes(text: str) -> int:
    """Bytes of a size as DuckDB writes it: 512MB."""
    number = text.rstrip("KMGiIbB ")
    return int(float(number) * _UNITS.get(text[len(number) :].strip().upper(), 1))
