"""Earrings: studs, hoops and drops of gold or silver at the lobes."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d import eyes, pack, shape
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.eyewear import tube
from facewright.generate.head3d.parts import Material, Part
from facewright.generate.head3d.person import Person

_METALS = ((0.83, 0.60, 0.24), (0.78, 0.77, 0.75))
_STUD, _DROP = 0.0024, 0.0032


def earring_parts(
    person: Person, vertices: Floats, pivot: Floats, rotation: NDArray[Any]
) -> list[Part]:
    """Earrings of a person whose vertices (V, 3) at rest are given, turned with the head."""
    if person.earrings == "none":
        return []
    rng = np.random.default_rng((person.seed, 0xEA2))
    metal = _METALS[int(rng.integers(len(_METALS)))]
    hoop = float(rng.uniform(0.007, 0.016))
    material = Material("plain", metal, roughness=0.22, specular=0.5, metal=1.0)
    meshes = []
    for index, sign in zip(_lobes(), (-1.0, 1.0), strict=True):
        lobe = vertices[index] + np.array([sign * 0.0012, 0.0012, 0.0008], np.float32)
        meshes += _worn(person.earrings, lobe, hoop)
    start = np.cumsum([0, *(len(points) for points, _ in meshes)])
    points = np.concatenate([points for points, _ in meshes])
    triangles = np.concatenate([t + s for (_, t), s in zip(meshes, start[:-1], strict=True)])
    turned = shape.turn_head(points, np.ones(len(points)), pivot, rotation)
    normals = shape.vertex_normals(turned, triangles)
    flat = np.zeros((len(points), 2))
    return [Part("earrings", turned, normals, triangles, flat, triangles, material)]


def _worn(kind: str, lobe: Floats, hoop: float) -> list[tuple[Floats, NDArray[np.int64]]]:
    """Meshes of one earring."""
    if kind == "stud":
        return [_ball(lobe, _STUD)]
    if kind == "drop":
        return [_ball(lobe, 0.0016), _ball(lobe - np.array([0, 0.0105, 0]), _DROP)]
    around = np.linspace(0, 2 * np.pi, 33)[:-1]
    # hoops hang in the plane that the ear lies in
    ring = np.stack([0.15 * np.sin(around), np.cos(around) - 1, np.sin(around)], axis=1) * hoop
    return [tube(lobe + ring, closed=True, radius=0.0009)]


def _ball(middle: Any, radius: float) -> tuple[Floats, NDArray[np.int64]]:
    """A ball as a tube that closes at both poles."""
    polar, around = np.linspace(0.02, np.pi - 0.02, 9), np.linspace(0, 2 * np.pi, 13)[:-1]
    p, a = np.meshgrid(polar, around, indexing="ij")
    unit = np.stack([np.sin(p) * np.cos(a), np.cos(p), -np.sin(p) * np.sin(a)], axis=-1)
    rows, columns = np.meshgrid(np.arange(len(polar) - 1), np.arange(len(around)), indexing="ij")
    beside = (columns + 1) % len(around)
    corners = [rows * 12 + columns, (rows + 1) * 12 + columns, (rows + 1) * 12 + beside]
    quads = np.stack([*corners, rows * 12 + beside], axis=-1).reshape(-1, 4)
    return (unit.reshape(-1, 3) * radius + middle).astype(np.float32), shape.split_quads(quads)


@cache
def _lobes() -> tuple[int, int]:
    """Vertices at the middle of the right and left earlobe, the outer side."""
    targets, mean = pack.targets("local"), eyes.neutral_mean()
    found = []
    for side, sign in (("r", -1), ("l", 1)):
        k = targets.names.index(f"{side}-ear-lobe-incr")
        run = slice(int(targets.start[k]), int(targets.start[k + 1]))
        moved = targets.index[run][np.linalg.norm(targets.shift[run], axis=1) > 0.005]
        found.append(int(moved[np.argmax(sign * mean[moved, 0] - 0.3 * mean[moved, 1])]))
    return found[0], found[1]
