"""Parquet parts named in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def listed(files: Sequence[Path]) -> str:
    """Files as a list of SQL."""
    return ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
