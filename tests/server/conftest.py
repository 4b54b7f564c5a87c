"""A served dataset that all tests of the server share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.shelf import open_shelf
from helpers.serving import serving, write_served


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of 200 faces, of which rules dropped some."""
    return write_served(tmp_path_factory.mktemp("served") / "faces", 200)


@pytest.fixture(scope="session")
def client(served: Path) -> Iterator[TestClient]:
    with serving(served) as made:
        yield made


@pytest.fixture(scope="session")
def catalogue(served: Path) -> Catalogue:
    return Catalogue.of([open_shelf(served, "faces")])
