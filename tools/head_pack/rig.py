"""How far each vertex follows the head when the neck turns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from head_pack.sources import RIG, WEIGHTS

NECK = {"neck03": 0.7, "neck02": 0.45, "neck01": 0.2}
"""Share of the head's turn that the neck's bones take, from the skull down."""


def follow(root: Path, count: int) -> NDArray[np.float64]:
    """(count,) 0 for the trunk to 1 for the skull."""
    rig: dict[str, Any] = json.loads((root / RIG).read_text(encoding="utf-8"))
    bones = rig.get("bones", rig)
    weights: dict[str, list[list[float]]] = json.loads(
        (root / WEIGHTS).read_text(encoding="utf-8")
    )["weights"]
    share, total = np.zeros(count), np.zeros(count)
    for bone, pairs in weights.items():
        turn = NECK.get(bone, 1.0 if _under_head(bone, bones) else 0.0)
        for vertex, weight in pairs:
            share[int(vertex)] += turn * weight
            total[int(vertex)] += weight
    return share / np.maximum(total, 1e-9)


def _under_head(bone: str, bones: dict[str, Any]) -> bool:
    while bone and bone in bones:
        if bone == "head":
            return True
        bone = bones[bone]["parent"]
    return False
