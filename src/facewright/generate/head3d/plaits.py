"""Plaits: three ropes of hair wound around each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from facewright.generate.head3d.arrays import Floats

_TURNS = 42.0
"""Of a rope a metre of plait."""
_ROPES = 3


def plaited(rng: np.random.Generator, runs: Floats, radius: float) -> Floats:
    """Ropes (3 N, K, 3) wound around plaits' middles (N, K, 3).

    Args:
        rng: draws where each plait's turns begin.
        runs: from root to tip.
        radius: metres of one rope; the plait is a little over twice as wide.
    """
    ahead = _unit(np.gradient(runs, axis=1))
    right = _unit(np.cross(ahead, np.array([0.2, 0.1, 1.0])))
    up = np.cross(ahead, right)
    steps = np.linalg.norm(np.diff(runs, axis=1), axis=2)
    run = np.concatenate([np.zeros((len(runs), 1)), np.cumsum(steps, axis=1)], axis=1)
    begin = rng.uniform(0, 2 * np.pi, (len(runs), 1))
    ropes = []
    for k in range(_ROPES):
        phase = begin + 2 * np.pi * (run * _TURNS + k / _ROPES)
        offset = np.cos(phase)[..., None] * right + 0.75 * np.sin(phase)[..., None] * up
        ropes.append(runs + 1.05 * radius * offset)
    out: Floats = np.concatenate(ropes).astype(np.float32)
    return out


def _unit(v: Any) -> Any:
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)
