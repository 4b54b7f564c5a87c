"""Fixtures that all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
