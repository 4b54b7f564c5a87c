"""Settings of a server: what a request may cost, and where made thumbnails are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import BaseModel, ConfigDict, Field


def _cache() -> Path:
    return Path(platformdirs.user_cache_dir("facewright", appauthor=False)) / "serve"


class ServeSettings(BaseModel):
    """What a server may spend. The defaults suit a laptop."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cache: Annotated[Path, Field(description="folder of thumbnails and similar-face indexes")] = (
        Field(default_factory=_cache)
    )
    threads: Annotated[int, Field(ge=1, description="requests computed at the same time")] = 4
    picture_threads: Annotated[int, Field(ge=1, description="pictures made at the same time")] = 2
    most_waiting: Annotated[
        int, Field(ge=1, description="requests that may wait for a thread before 503 is answered")
    ] = 512
    page: Annotated[int, Field(ge=1, description="faces of a page where nothing is said")] = 100
    largest_page: Annotated[int, Field(ge=1)] = 1000
    sql_seconds: Annotated[float, Field(gt=0, description="time of a condition or query")] = 5.0
    sql_memory: Annotated[str, Field(description="memory of a condition, as DuckDB writes it")] = (
        "512MB"
    )
    sql_rows: Annotated[int, Field(ge=1, description="rows that a query answers with")] = 10_000
    thumbnail: Annotated[int, Field(ge=32, le=512, description="pixels kept in the cache")] = 256
    thumbnail_memory: Annotated[int, Field(ge=0, description="bytes of thumbnails held")] = (
        64 * 1024 * 1024
    )
    refresh_seconds: Annotated[
        float, Field(gt=0, description="how often datasets that are being built are looked at")
    ] = 5.0
    load_seconds: Annotated[
        float, Field(ge=0, description="how long a request waits while datasets are loading")
    ] = 60.0
