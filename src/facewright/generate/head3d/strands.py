"""Hair of the head: guide strands grown over the skull, then many between them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d import regions
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.parts import Hair, Strands
from facewright.generate.head3d.person import Person
from facewright.generate.head3d.roots import scatter
from facewright.generate.head3d.shape import fine_triangles, vertex_normals
from facewright.generate.head3d.shell import Dress, Shell
from facewright.generate.head3d.styles import STYLES, Place, Style, fall_forward

HAIR: dict[str, Hair] = {
    "black": Hair(5.0, 0.25, (0.010, 0.008, 0.007)),
    "dark-brown": Hair(2.8, 0.15, (0.028, 0.018, 0.012)),
    "brown": Hair(1.5, 0.16, (0.065, 0.038, 0.022)),
    "light-brown": Hair(0.85, 0.16, (0.13, 0.080, 0.045)),
    "auburn": Hair(0.70, 0.85, (0.12, 0.042, 0.018)),
    "red": Hair(0.25, 0.95, (0.24, 0.085, 0.028)),
    "dark-blond": Hair(0.42, 0.16, (0.22, 0.145, 0.078)),
    "blond": Hair(0.22, 0.13, (0.36, 0.25, 0.135)),
    "grey": Hair(0, 0, (0.24, 0.235, 0.23), absorption=(0.16, 0.17, 0.18)),
    "white": Hair(0, 0, (0.48, 0.47, 0.45), absorption=(0.035, 0.040, 0.050)),
}
"""By the words of `words.HAIR_COLOURS`; pigments from fits to renders, not from chemistry."""

_GUIDES = 700


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
    parting = (
        np.copysign(0.036, person.parting) if person.hair_style == "sidepart" else person.parting
    )
    normals = vertex_normals(skin, fine_triangles())
    shell = Shell.of(skin, normals, dress)

    def density(p: Any) -> Any:
        return regions.scalp(p, person.hairline)

    first = scatter(rng, _GUIDES, density)
    guide_roots = first.on(skin)
    guides = _grow(rng, style, shell, guide_roots, first.on(normals), parting)
    roots = scatter(rng, round(style.count * amount), density).on(skin)
    points = _between(rng, style, guides, guide_roots, roots, parting)
    if person.hair_style != "tied":
        points = _off_face(rng, shell, points) if style.front else points
    radius = style.radius / np.sqrt(amount)
    return Strands("hair", points.astype(np.float32), float(radius), HAIR[person.hair_colour])


_FRINGE = Style(
    8, 900, 0.00026, ((-0.08, 0.1), (0.05, 0.05)), fall_forward, lift=0.35, stiff=0.35,
    gap=(0.001, 0.007), jitter=0.03, vary=0.08, flat=0.9,
)  # fmt: skip


def fringe_hair(person: Person, skin: Floats, amount: float) -> Strands | None:
    """Hair that falls over the forehead, where somebody has a fringe; arguments as `head_hair`."""
    if not person.fringe or person.hair_style not in STYLES:
        return None
    rng = np.random.default_rng((person.seed, 0xF219))

    def density(p: Any) -> Any:
        band = regions.smooth(regions.azimuth(p), 44, 34) * (p[..., 1] < 0.082)
        return regions.scalp(p, person.hairline) * band

    found = scatter(rng, round(_FRINGE.count * amount), density)
    style = replace(_FRINGE, length=((-0.08, 0.1), (person.fringe, person.fringe)))
    normals = vertex_normals(skin, fine_triangles())
    points = _grow(
        rng, style, Shell.of(skin, normals), found.on(skin), found.on(normals), person.parting
    )
    radius = float(style.radius / np.sqrt(amount))
    return Strands("fringe", points, radius, HAIR[person.hair_colour], taper=0.25)


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
    loose = rng.normal(0, style.frizz, (len(roots), 1, 3)) * along
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
