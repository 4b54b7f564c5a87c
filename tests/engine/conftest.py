"""Photographs and datasets for the engine's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from facewright import Recipe
from facewright.engine.processes import start_early
from helpers.photos import write_photos

RECIPE = Recipe(annotators=("geometry",), crops=("ffhq-fast:128",), chunk=3)


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    """Small crops and few annotators: the engine does not care which."""
    return RECIPE


@pytest.fixture(scope="session")
def portraits(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """A folder of twelve photographs with a face and one without."""
    return write_photos(tmp_path_factory.mktemp("photos"), samples / "astronaut.png", 12)


@pytest.fixture(scope="module")
def forked_early() -> None:
    """Workers are forked from what has imported everything, as each command sees to."""
    start_early()
