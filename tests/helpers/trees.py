"""Comparing datasets file by file."""

from __future__ import annotations

import hashlib
from pathlib import Path


def content(root: Path) -> dict[str, str]:
    """Sha256 of every table and shard below a dataset, by relative path."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.suffix in (".parquet", ".tar")
    }


def pictures(root: Path) -> dict[str, str]:
    """Sha256 of every PNG below a folder, by relative path."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*.png"))
    }
