"""Fixtures that all tests share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from facewright.vision.runtime import Runtime

# How long one example takes says more about the machine than about the code.
settings.register_profile("facewright", deadline=None)
settings.load_profile("facewright")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def samples() -> Path:
    """The repository's sample photographs."""
    return ROOT / "samples" / "photos"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data that the project is measured on, where they are at hand."""
    path = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
    if not path.is_dir():
        pytest.skip("the measuring data are not here; FACEWRIGHT_SHARED names their folder")
    return path


@pytest.fixture(scope="session")
def astronaut(samples: Path) -> NDArray[np.uint8]:
    """A sample photograph of one face, RGB uint8 (H, W, 3)."""
    return np.asarray(Image.open(samples / "astronaut.png").convert("RGB"))


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    """Where models run in tests."""
    from facewright.vision.runtime import Runtime  # only tests that run models wait for it

    return Runtime()


@pytest.fixture
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks that are converted go into a folder of this test's."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr("facewright.generate.pickles.convert.cache_folder", lambda: folder)
