"""The server's rooms: each imports from those below it only, as ARCHITECTURE.md says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import facewright.server

ROOT = Path(facewright.server.__file__).parent
ROOMS = (
    "assembling", "app", "page", "v1", "uploads", "jobs", "notes", "auth", "api", "services",
    "pictures", "faces", "neighbours", "asking", "catalogue", "http", "settings",
)  # fmt: skip
"""From the top to the bottom."""


def test_rooms_import_from_below_only() -> None:
    upwards = [
        f"{file.relative_to(ROOT)} imports {target}"
        for file in ROOT.rglob("*.py")
        for room in [file.relative_to(ROOT).with_suffix("").parts[0]]
        if room != "__init__"
        for target in _imported(file)
        if target != room and ROOMS.index(target) < ROOMS.index(room)
    ]
    assert not upwards


def test_architecture_lists_the_rooms() -> None:
    page = ROOT.parents[2] / "ARCHITECTURE.md"
    if page.exists():
        told = page.read_text(encoding="utf-8").partition("## Rooms of the server")[2]
        places = [told.index(f"`{room}") for room in ROOMS]
        assert places == sorted(places)


def _imported(file: Path) -> Iterator[str]:
    """Rooms that a module imports from."""
    prefix = "facewright.server"
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == prefix:
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{prefix}."):
            yield str(node.module).split(".")[2]
