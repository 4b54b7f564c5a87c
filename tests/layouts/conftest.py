"""A small real dataset that all layouts are written from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from facewright import Dataset, Recipe, build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Dataset:
    root = tmp_path_factory.mktemp("layouts") / "faces"
    build(samples.parent / "photos.csv", root, Recipe(crops=("ffhq-fast:128",)), workers=1)
    return Dataset.open(root)
