"""Small published sets: to be changed, and made once for all."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from facewright.engine.reproducing import ReproduceReport, reproduce
from helpers.small_sets import GOLDEN, SmallSet, write_ffhq, write_metfaces


@pytest.fixture(scope="session")
def photo(samples: Path) -> Image.Image:
    return Image.open(samples / "astronaut.png").convert("RGB")


@pytest.fixture
def small_ffhq(tmp_path: Path, photo: Image.Image) -> SmallSet:
    """Three entries: two golden ones, and one whose photo is not there."""
    return write_ffhq(tmp_path, photo)


@pytest.fixture
def small_metfaces(tmp_path: Path, photo: Image.Image) -> SmallSet:
    """Two golden faces of two objects."""
    return write_metfaces(tmp_path, photo)


@pytest.fixture(scope="session")
def made_ffhq(tmp_path_factory: pytest.TempPathFactory, photo: Image.Image) -> ReproduceReport:
    """The small FFHQ as it is, made once; tests leave its folder alone."""
    small = write_ffhq(tmp_path_factory.mktemp("ffhq"), photo)
    metadata = small.save("ffhq.json", {str(n): e for n, e in enumerate(small.entries)})
    return reproduce("ffhq", metadata, small.source, small.root / "out", workers=2)


@pytest.fixture(scope="session")
def made_metfaces(tmp_path_factory: pytest.TempPathFactory, photo: Image.Image) -> ReproduceReport:
    """The small MetFaces as it is, made once; tests leave its folder alone."""
    small = write_metfaces(tmp_path_factory.mktemp("metfaces"), photo)
    metadata = small.save("metfaces.json", small.entries)
    return reproduce("metfaces", metadata, small.source, small.root / "out", workers=2)


@pytest.fixture
def golden_pixels():
    """Sha256 of the published pixels of a case."""
    return lambda case, name: GOLDEN[case][name]
