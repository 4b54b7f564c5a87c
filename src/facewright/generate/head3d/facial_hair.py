"""Beards, moustaches and brows: short strands over the regions where they grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from facewright.generate.head3d import regions
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.parts import Strands
from facewright.generate.head3d.person import Person
from facewright.generate.head3d.roots import scatter
from facewright.generate.head3d.shades import HAIR
from facewright.generate.head3d.shape import fine_triangles, vertex_normals


@dataclass(frozen=True)
class Growth:
    """How a beard grows: strands, length in metres, radius in metres."""

    count: int
    length: float
    radius: float


BEARDS = {
    "stubble": Growth(3500, 0.0011, 0.00008),
    "short": Growth(5000, 0.0050, 0.00011),
    "full": Growth(6000, 0.0120, 0.00014),
}
MOUSTACHES = {"thin": Growth(700, 0.0016, 0.00008), "full": Growth(1500, 0.0075, 0.00012)}
_POINTS = 4


def beard_strands(person: Person, skin: Floats, amount: float) -> list[Strands]:
    """Beard and moustache on the skin (V', 3) of a head that is not turned."""
    rng = np.random.default_rng((person.seed, 0xBEA2D))
    normals = vertex_normals(skin, fine_triangles())
    made = []
    for name, growth, density in (
        ("beard", BEARDS.get(person.beard), regions.beard),
        ("moustache", MOUSTACHES.get(person.moustache), regions.moustache),
    ):
        if growth is not None:
            roots = scatter(rng, round(growth.count * amount), density)
            points = _short_strands(rng, roots.on(skin), roots.on(normals), growth.length)
            radius = growth.radius / np.sqrt(amount)
            made.append(Strands(name, points, float(radius), HAIR[person.hair_colour], taper=0.3))
    return made


def _short_strands(
    rng: np.random.Generator, roots: Floats, normals: Floats, length: float
) -> Floats:
    """Strands that leave the skin downwards and to the sides and then hang."""
    aside = np.sign(roots[:, :1]) * np.array([0.22, 0, 0])
    noise = rng.normal(0, 0.2, roots.shape)
    heading = _unit(_unit(normals) * 0.42 + np.array([0, -0.9, 0.05]) + aside + noise)
    reach = length * np.exp(rng.normal(0, 0.28, len(roots)))
    along = np.linspace(0, 1, _POINTS)
    straight = heading[:, None] * along[None, :, None] * reach[:, None, None]
    hang = np.array([0, -1.0, 0]) * (along**2)[None, :, None] * reach[:, None, None] * 0.3
    curl = rng.normal(0, length * 0.05, (len(roots), _POINTS, 3)) * along[None, :, None]
    out: Floats = (roots[:, None] + straight + hang + curl).astype(np.float32)
    return out


def brow_strands(person: Person, skin: Floats, amount: float) -> Strands:
    """Both brows on the skin (V', 3) of a head that is not turned."""
    rng = np.random.default_rng((person.seed, 0xB203))
    thick = 0.85 + 0.25 * person.brow_density
    wide, arch = brow_form(person)

    def density(p: Any) -> Any:
        return regions.brow(p, thick * wide, arch)

    roots = scatter(rng, round(1300 * person.brow_density * amount), density)
    at = roots.on(skin)
    normals = _unit(roots.on(vertex_normals(skin, fine_triangles())))
    outward = np.abs(roots.on(regions.mean_head())[:, 0])
    share = np.clip((outward - regions.BROW_X[0]) / (regions.BROW_X[-1] - regions.BROW_X[0]), 0, 1)
    across = np.interp(share, (0, 0.25, 1), (0.25, 0.85, 1.0)) * np.sign(at[:, 0])
    rise = np.interp(share, (0, 0.25, 0.6, 1), (0.9, 0.5, 0.0, -0.4))
    heading = np.stack([across, rise, 0 * rise], axis=1) + rng.normal(0, 0.14, at.shape)
    heading -= normals * (heading * normals).sum(axis=1, keepdims=True)
    heading = _unit(_unit(heading) + normals * 0.16)
    reach = np.interp(share, (0, 0.3, 1), (0.0050, 0.0070, 0.0050)) * np.exp(
        rng.normal(0, 0.2, len(at))
    )
    along = np.linspace(0, 1, _POINTS)[None, :, None]
    points = at[:, None] + heading[:, None] * along * reach[:, None, None]
    points -= normals[:, None] * along**2 * reach[:, None, None] * 0.14
    radius = 0.000062 / np.sqrt(amount)
    return Strands("brows", points.astype(np.float32), float(radius), HAIR[person.brow_colour], 0.3)


def brow_form(person: Person) -> tuple[float, float]:
    """Height over the mean brow's, and metres of its arch: women's are narrow and bend higher."""
    if person.age < 14:
        return 0.72, 0.0003
    return (1.15, -0.0006) if person.sex == "male" else (0.82, 0.0017)


def _unit(v: Any) -> Any:
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)
