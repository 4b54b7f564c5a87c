"""What the published programs made, and the published angles where they are at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def published_cameras():
    """Angle, trans and the labels that the original programs gave for them."""
    return json.loads(Path(__file__).with_name("golden.json").read_text())["cameras"]


@pytest.fixture(scope="session")
def ffhq_angles():
    """(139914, 2) theta, phi of the published FFHQ cameras in radians."""
    shared = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
    path = shared / "data" / "ffhq_eg3d_camera_angles.npz"
    if not path.is_file():
        pytest.skip("the published camera angles are not here (FACEWRIGHT_SHARED)")
    with np.load(path) as data:
        return np.stack([data["theta"], data["phi"]], axis=1)
