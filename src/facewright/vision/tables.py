"""Tables that ship beside the weights: landmark indices and the canonical face."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FOLDER = files("facewright") / "weights"


@cache
def landmark_tables() -> dict[str, Any]:
    """Index lists into the mesh: `mesh_to_ibug68`, `blendshape_inputs`, `blendshape_names`."""
    text = (_FOLDER / "face_landmark_tables.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def canonical_face() -> dict[str, NDArray[Any]]:
    """MediaPipe's canonical face: `vertices` (468, 3) cm, `pose_indices`, `pose_weights` (33,)."""
    with (_FOLDER / "canonical_face.npz").open("rb") as file, np.load(file) as data:
        return {name: data[name] for name in data.files}
