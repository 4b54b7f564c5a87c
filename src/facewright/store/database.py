"""DuckDB as this project opens it: offline, and silent."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

Config = Mapping[str, str | bool | int | float | list[str]]

OFFLINE: Config = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""DuckDB would fetch extensions for queries that name an address; nothing here phones home."""


def connect(config: Config | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to a database in memory of its own.

    Args:
        config: further settings of DuckDB, from which queries cannot go back.
    """
    db = duckdb.connect(config={**OFFLINE, **(config or {})})
    # On slow queries it would draw a bar into standard output, in the middle of our JSON.
    db.execute("SET enable_progress_bar = false")
    return db
