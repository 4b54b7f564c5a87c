"""A small dataset, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from facewright import Recipe, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    out = tmp_path_factory.mktemp("attributes") / "set"
    build(samples, out, Recipe(crops=("ffhq-fast:64",)), workers=1)
    return out
