"""What tools/fit_heads.py fitted: the shipped linear heads and the small curves beside them."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from facewright.annotators.learn.linear import Head, load_heads

HEADS_FILE = "heads.npz"
CURVES_FILE = "curves.json"


def weights_folder() -> Path:
    """Folder of the shipped weights; wheels are installed unpacked, so it is a real one."""
    return Path(str(files("facewright"))) / "weights"


@cache
def shipped_heads() -> dict[str, Head]:
    """The shipped heads by name."""
    return {head.name: head for head in load_heads(weights_folder() / HEADS_FILE)}


@cache
def curves() -> dict[str, Any]:
    """Small fitted curves by name: `age`, `sex`, `gaze`; see the annotators that read them."""
    loaded: dict[str, Any] = json.loads(
        (weights_folder() / CURVES_FILE).read_text(encoding="utf-8")
    )
    return loaded


@cache
def fitted_sha256(file: str) -> str:
    """sha256 of a file of fitted parameters, for cards."""
    return hashlib.sha256((weights_folder() / file).read_bytes()).hexdigest()
