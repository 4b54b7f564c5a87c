"""Hair that is tied: up in a knot, with locks left loose before the ears, or to a tail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.parts import Strands
from facewright.generate.head3d.person import Person
from facewright.generate.head3d.shape import fine_triangles, vertex_normals
from facewright.generate.head3d.shell import Dress, Shell

_NAPE = np.array([0.0, -0.010, -0.190])
_CROWN = np.array([0.0, 0.118, -0.125])
_BALL = 0.030
"""Radius of the knot in metres."""
_POINTS = 14
_COUNT = 900


def knot_of(person: Person) -> Floats:
    """(3,) where somebody's hair is tied, on the back of the head."""
    share = float(np.clip(person.knot, 0, 1))
    bow = np.sin(np.pi * share) * np.array([0.0, 0.0, -0.045])
    out: Floats = (_NAPE * (1 - share) + _CROWN * share + bow).astype(np.float32)
    return out


def knot_hair(person: Person, hair: Strands, amount: float) -> Strands | None:
    """The knot of hair that is tied up: strands wound around a ball; None for other hair."""
    if person.hair_style != "tied" or person.knot <= _TAIL_BELOW:
        return None
    rng = np.random.default_rng((person.seed, 0x407))
    count = round(_COUNT * amount)
    axis = _unit(np.array([0.0, 0.6, -0.8]) + rng.normal(0, 0.5, (count, 3)))
    start = _unit(np.cross(axis, rng.normal(0, 1, (count, 3))))
    turn = np.linspace(0, 1, _POINTS)[None, :, None] * rng.uniform(1.5, 3.6, (count, 1, 1))
    ring = np.cos(turn) * start[:, None] + np.sin(turn) * np.cross(axis, start)[:, None]
    rise = (axis * rng.uniform(-0.75, 0.75, (count, 1)))[:, None]
    round_ = _unit(ring + rise) * _BALL * rng.uniform(0.8, 1.06, (count, 1, 1))
    points = knot_of(person) + round_ * np.array([1.0, 0.86, 0.9])
    radius = 0.00034 / np.sqrt(amount)
    return replace(hair, name="hair-knot", points=points.astype(np.float32), radius=float(radius))


def tail_hair(
    person: Person, hair: Strands, amount: float, skin: Floats, dress: Dress | None = None
) -> Strands | None:
    """A tail from a knot at the nape, laid forward over a shoulder; None for other hair.

    Args:
        person: whose.
        hair: of the head, whose colour the tail has.
        amount: share of the strands of standard quality.
        skin: (V', 3) of a head that is not turned.
        dress: the clothes, which hair lies on.
    """
    if person.hair_style != "tied" or person.knot > _TAIL_BELOW:
        return None
    rng = np.random.default_rng((person.seed, 0x7A11))
    shell = Shell.of(skin, vertex_normals(skin, fine_triangles()), dress)
    count = round(_COUNT * amount)
    along = np.linspace(0, 1, len(_RUN))
    steps = np.linspace(0, 1, 2 * _POINTS)
    run = np.stack([np.interp(steps, along, _RUN[:, k]) for k in range(3)], axis=1)
    run[:, 0] *= np.sign(person.parting) or 1.0
    wide = np.interp(steps, (0, 0.12, 0.5, 1), (0.008, 0.015, 0.020, 0.007))[:, None]
    offset = _unit(rng.normal(0, 1, (count, 3))) * np.sqrt(rng.random((count, 1)))
    points = run[None] + offset[:, None] * wide[None]
    points += np.cumsum(rng.normal(0, 0.0007, points.shape), axis=1)
    for k in range(len(steps)):
        gap = np.full(count, 0.003, np.float32)
        points[:, k] = shell.push_out(points[:, k].astype(np.float32), gap)
    radius = 0.00030 / np.sqrt(amount)
    return replace(hair, name="hair-tail", points=points.astype(np.float32), radius=float(radius))


_TAIL_BELOW = 0.4
_RUN = np.array(
    [
        (0.0, -0.020, -0.195), (0.030, -0.060, -0.200), (0.062, -0.110, -0.170),
        (0.080, -0.155, -0.110), (0.086, -0.190, -0.055), (0.084, -0.240, -0.020),
        (0.080, -0.300, 0.000),
    ]
)  # fmt: skip
"""Where a tail runs, to the left or right by the parting."""


def _unit(v: Any) -> Any:
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)
