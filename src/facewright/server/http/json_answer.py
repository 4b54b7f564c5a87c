"""JSON answers, written without going through models again: their shapes are told by the routes."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response


def json_answer(data: Any, status: int = 200) -> Response:
    """Plain data as JSON. Nothing of the API is kept by caches without asking."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(
        text.encode("utf-8", "backslashreplace"),
        status,
        {"Cache-Control": "no-cache"},
        media_type="application/json",
    )
