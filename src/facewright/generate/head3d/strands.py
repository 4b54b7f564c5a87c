"""Hair of the head: guide strands grown over the skull, then many between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d import regions
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.parts import Hair, Strands
from facewright.generate.head3d.person import Person
from facewright.generate.head3d.plaits import plaited
from facewright.generate.head3d.roots import scatter
from facewright.generate.head3d.shades import HAIR
from facewright.generate.head3d.shape import fine_triangles, vertex_normals
from facewright.generate.head3d.shell import Dress, Shell
from facewright.generate.head3d.styles import (
    STYLES,
    Place,
    Style,
    fall_forward,
    loosely,
    to_knot,
)
from facewright.generate.head3d.tied import knot_of

_GUIDES = 700
_ASTRAY = 0.03
"""Share of hairs that stand off."""


def head_hair(
    person: Person, skin: Floats, amount: float, dress: Dress | None = None
) -> Strands | None:
    """The hair of a head that is not turned.

    Args:
        person: whose hair.
        skin: (V', 3) subdivided vertices.
        amount: share of the style's strands; fewer are made thicker, to cover as much.
        dress: the clothes, which hair lies on.
    """
    style = STYLES.get(person.hair_style)
    if style is None:
        return None
    rng = np.random.default_rng((person.seed, 0x4A12))
    if person.hair_style == "tied":
        style = replace(style, field=to_knot(knot_of(person)))
    parting = (
        np.copysign(0.036, person.parting) if person.hair_style == "sidepart" else person.parting
    )
    normals = vertex_normals(skin, fine_triangles())
    shell = Shell.of(skin, normals, dress)
    density = hair_density(person)
    first = scatter(rng, round(style.count * 1.25) if style.plait else _GUIDES, density)
    guide_roots = first.on(skin)
    guides = _grow(rng, style, shell, guide_roots, first.on(normals), parting)
    if style.plait:
        kept = _off_throat(_off_face(rng, shell, guides))
        return Strands("hair", plaited(rng, kept, style.plait), style.plait, _hair(person), 0.5)
    roots = scatter(rng, round(style.count * amount), density).on(skin)
    points = _between(rng, style, guides, guide_roots, roots, parting)
    if style.front and person.hair_style != "tied":
        points = _off_throat(_off_face(rng, shell, points))
    radius = style.radius / np.sqrt(amount)
    return Strands("hair", points.astype(np.float32), float(radius), _hair(person), taper=0.25)


def _hair(person: Person) -> Hair:
    return HAIR[person.hair_colour]


def hair_density(person: Person) -> Callable[[Any], Any]:
    """Where somebody's hair grows: densities of places on the mean head, see `regions`."""
    rounded = hairline_bend(person)

    def density(p: Any) -> Any:
        """Density (...) 0 to 1 of places (..., 3)."""
        return regions.scalp(p, person.hairline, rounded=rounded)

    return density


def hairline_bend(person: Person) -> float:
    """How far a hairline bends over the forehead: women's and children's do, men's have corners."""
    return 0.0 if person.sex == "male" and person.age >= 14 else 1.0


_FRINGE = Style(
    9, 2000, 0.00019, ((-0.08, 0.1), (0.05, 0.05)), fall_forward, lift=0.5, stiff=0.4,
    gap=(0.001, 0.010), jitter=0.05, vary=0.09, flat=0.85, frizz=0.0005,
)  # fmt: skip
_LOOSE = Style(
    12, 140, 0.00022, ((-0.08, 0.1), (0.07, 0.13)), loosely, lift=0.5, stiff=0.6,
    gap=(0.002, 0.010), jitter=0.05, vary=0.25, flat=0.4,
)  # fmt: skip


def fringe_hair(person: Person, skin: Floats, amount: float) -> Strands | None:
    """Hair that falls over the forehead, where somebody has a fringe; arguments as `head_hair`."""
    if not person.fringe or person.hair_style not in STYLES:
        return None
    dense = hair_density(person)

    def density(p: Any) -> Any:
        return dense(p) * regions.smooth(regions.azimuth(p), 52, 30) * (p[..., 1] < 0.088)

    style = replace(_FRINGE, length=((0.05, 0.09), (person.fringe, person.fringe + 0.03)))
    found = _patch(person, skin, amount, ("fringe", style, density))
    free = (found.points[..., 1] > _ABOVE_EYES).all(axis=1)
    return replace(found, points=found.points[free])


_ABOVE_EYES = 0.008
"""No fringe falls lower."""


def loose_hair(person: Person, skin: Floats, amount: float) -> Strands | None:
    """Locks before the ears that tied hair leaves out, on two heads of three."""
    if person.hair_style != "tied" or person.sex == "male" or person.seed % 3 == 0:
        return None
    dense = hair_density(person)

    def density(p: Any) -> Any:
        angle = regions.azimuth(p)
        band = regions.smooth(angle, 54, 60) * regions.smooth(angle, 74, 66)
        return dense(p) * band * (p[..., 1] > 0.0) * (p[..., 1] < 0.045)

    found = _patch(person, skin, amount, ("hair-loose", _LOOSE, density))
    normals = vertex_normals(skin, fine_triangles())
    rng = np.random.default_rng((person.seed, 0x1005))
    return replace(found, points=_off_face(rng, Shell.of(skin, normals), found.points))


def _patch(
    person: Person, skin: Floats, amount: float, what: tuple[str, Style, Callable[[Any], Any]]
) -> Strands:
    """Strands of a style, each grown by itself, where a density is; what: name, style, density."""
    name, style, density = what
    rng = np.random.default_rng((person.seed, 0xF219))
    found = scatter(rng, round(style.count * amount), density)
    normals = vertex_normals(skin, fine_triangles())
    points = _grow(
        rng, style, Shell.of(skin, normals), found.on(skin), found.on(normals), person.parting
    )
    radius = float(style.radius / np.sqrt(amount))
    return Strands(name, points, radius, _hair(person), taper=0.2)


def _grow(
    rng: np.random.Generator,
    style: Style,
    shell: Shell,
    roots: Floats,
    normals: Floats,
    parting: float,
) -> Floats:
    """Guides (N, K, 3), step by step along the style's field, outside of the shell."""
    count = len(roots)
    side = np.sign(roots[:, 0] - parting + rng.normal(0, 0.0015, count)).astype(np.float32)
    length = np.interp(roots[:, 1], *style.length) * np.exp(rng.normal(0, style.vary, count))
    ahead = regions.smooth(roots[:, 2], -0.09, -0.03) * regions.smooth(roots[:, 1], 0.09, 0.03)
    length = length * (1 - style.layers * ahead * rng.random(count))
    step = (length / (style.points - 1))[:, None]
    gap = rng.uniform(*style.gap, count)
    at, heading = roots.copy(), normals * style.lift
    out = [at]
    for k in range(1, style.points):
        along = k / (style.points - 1)
        field = style.field(Place(at, roots, shell.outward(at), side, along))
        noise = rng.normal(0, style.jitter, (count, 3))
        heading = _unit(heading * style.stiff + field * (1 - style.stiff) + noise)
        if style.flat and k > 1:
            # below the ears away from the skull's middle is down
            flat = style.flat * regions.smooth(at[:, 1:2], -0.07, -0.01)
            heading = _keep_flat(heading, shell.outward(at), flat)
        moved = shell.push_out(
            (at + heading * step).astype(np.float32), gap * min(1, 0.25 + 2 * along)
        )
        heading = _unit(moved - at)
        at = moved
        out.append(at)
    return np.stack(out, axis=1).astype(np.float32)


def _keep_flat(heading: Any, outward: Any, share: Any) -> Any:
    rise = np.maximum((heading * outward).sum(axis=1, keepdims=True), 0)
    return _unit(heading - outward * rise * share)


def _unit(v: Any) -> Any:
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def _between(
    rng: np.random.Generator,
    style: Style,
    guides: Floats,
    guide_roots: Floats,
    roots: Floats,
    parting: float,
) -> Floats:
    """Strands (N, K, 3) at `roots`, blended from the three nearest guides of their side."""
    out = np.empty((len(roots), guides.shape[1], 3), np.float32)
    closing = (style.clump * np.linspace(0, 1, guides.shape[1]))[None, :, None]
    for side in (-1, 1):
        mine = np.flatnonzero(np.sign(roots[:, 0] - parting + 1e-6) == side)
        near = np.flatnonzero(np.sign(guide_roots[:, 0] - parting + 1e-6) == side)
        if len(near) < 3 or not len(mine):
            out[mine] = roots[mine][:, None]
            continue
        which, weight = _three_nearest(roots[mine], guide_roots[near])
        shift = guides[near] - guides[near][:, :1]
        mean = (shift[which] * weight[:, :, None, None]).sum(axis=1) + roots[mine][:, None]
        out[mine] = mean * (1 - closing) + guides[near][which[:, 0]] * closing
    along = np.linspace(0, 1, guides.shape[1])[None, :, None]
    astray = np.where(rng.random((len(roots), 1, 1)) < _ASTRAY, 4.0, 1.0)
    loose = rng.normal(0, style.frizz, (len(roots), 1, 3)) * along * astray
    wander = np.cumsum(rng.normal(0, style.frizz * 0.35, out.shape), axis=1) * along
    strands = (out + loose + wander).astype(np.float32)
    return _curled(rng, strands, style) if style.curl else strands


def _curled(rng: np.random.Generator, strands: Floats, style: Style) -> Floats:
    """Strands (N, K, 3) wound around their own run."""
    ahead = _unit(np.gradient(strands, axis=1))
    right = _unit(np.cross(ahead, np.array([0.3, 0.9, 0.2])))
    up = np.cross(ahead, right)
    steps = np.linalg.norm(np.diff(strands, axis=1), axis=2)
    run = np.concatenate([np.zeros((len(strands), 1)), np.cumsum(steps, axis=1)], axis=1)
    phase = rng.uniform(0, 2 * np.pi, (len(strands), 1)) + run * style.turns * 2 * np.pi
    wide = style.curl * np.clip(run / 0.012, 0, 1) * rng.uniform(0.6, 1.3, (len(strands), 1))
    offset = np.cos(phase)[..., None] * right + np.sin(phase)[..., None] * up
    out: Floats = (strands + wide[..., None] * offset).astype(np.float32)
    return out


def _three_nearest(points: Floats, among: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Indices (N, 3) of the nearest of `among`, nearest first, and weights (N, 3)."""
    square = (points**2).sum(1)[:, None] - 2 * points @ among.T + (among**2).sum(1)[None]
    which = np.argpartition(square, 3, axis=1)[:, :3]
    distance = np.take_along_axis(square, which, axis=1)
    order = np.argsort(distance, axis=1)
    which = np.take_along_axis(which, order, axis=1)
    near = np.sqrt(np.maximum(np.take_along_axis(distance, order, axis=1), 0))
    weight = 1 / (near + 1e-4) ** 2
    return which, (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32)


_FACE_ANGLE = (54.0, 70.0)
_FACE_REACH = 0.096


def _off_face(rng: np.random.Generator, shell: Shell, points: Floats) -> Floats:
    """Turn strands (N, K, 3) that would hang over the face around the head to its sides."""
    x, y = points[..., 0], points[..., 1]
    ahead = points[..., 2] - regions.AXIS_Z
    side = np.sign(points[:, -1:, 0]) + (points[:, -1:, 0] == 0)
    least = rng.uniform(*_FACE_ANGLE, (len(points), 1)) * (1 - regions.smooth(y, 0.03, 0.06))
    angle = np.degrees(np.arctan2(np.abs(x), ahead))
    over = (angle < least) & (y > _CHIN)
    reach = np.minimum(np.hypot(x, ahead), _FACE_REACH)
    turned = np.radians(least)
    out = points.copy()
    out[..., 0] = np.where(over, side * reach * np.sin(turned), x)
    out[..., 2] = np.where(over, regions.AXIS_Z + reach * np.cos(turned), points[..., 2])
    out[over] = shell.push_out(out[over], np.full(int(over.sum()), 0.005, np.float32))
    return out


_CHIN = -0.084


def _off_throat(points: Floats) -> Floats:
    """Strands (N, K, 3) without those that cross the throat: single ones look like dirt on it."""
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    over = (np.abs(x) < _THROAT) & (y < -0.06) & (y > -0.24) & (z > -0.075)
    return points[~over.any(axis=1)]


_THROAT = 0.046
