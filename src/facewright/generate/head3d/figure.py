"""A person in a pose with an expression, as meshes and strands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d import eyes, pack, regions, shape
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.body import Body
from facewright.generate.head3d.colour import LUMINANCE, bytes_to_linear
from facewright.generate.head3d.expression import with_gaze
from facewright.generate.head3d.eyewear import glasses_parts
from facewright.generate.head3d.jewellery import earring_parts
from facewright.generate.head3d.parts import Material, Part, Strands
from facewright.generate.head3d.skin import SkinMaps


@dataclass(frozen=True)
class Figure:
    """What the camera looks at.

    Attributes:
        parts: meshes, the skin first; strands: hair.
        vertices: (V, 3) and skin: (V', 3) of the turned head, for the truth.
        middle: (3,) where a portrait's middle lies.
    """

    parts: tuple[Part, ...]
    strands: tuple[Strands, ...]
    vertices: Floats
    skin: Floats
    middle: Floats


def pose(
    body: Body,
    units: Mapping[str, float],
    rotation: NDArray[np.float64],
    gaze: tuple[float, float] = (0.0, 0.0),
) -> Figure:
    """Put a body into a pose.

    Args:
        body: who.
        units: expression.
        rotation: (3, 3) of the skull, as `camera.axes.head_of_azure` makes it.
        gaze: degrees towards the picture's right and up, relative to the head.
    """
    resting = shape.express(body.vertices, with_gaze(units, gaze))
    balls = pack.array("group_eyes")
    resting[balls] = eyes.look(shape.express(body.vertices, units)[balls], gaze)
    pivot = shape.neck_joint(body.vertices)
    vertices = shape.turn_head(resting, shape.follow_weights(), pivot, rotation)
    skin = shape.refine(vertices)
    strands = tuple(
        _turned(bundle, body, shape.refine(resting), pivot, rotation) for bundle in body.strands
    )
    parts = [
        _skin(skin + body.push, body.maps),
        _eyes(vertices, body.person.eye_colour),
        *_mouth(vertices),
        _lashes(vertices, body),
        _clothes(vertices, body),
        *_hat(vertices, body),
        *glasses_parts(body.person.glasses, body.skin, pivot, rotation),
        *earring_parts(body.person, body.vertices, pivot, rotation),
    ]
    middle = shape.turn_head(_MIDDLE * body.size, np.array(1.0), pivot, rotation)
    return Figure(tuple(parts), strands, vertices, skin, middle)


_MIDDLE = np.array([0.0, -0.020, -0.05], np.float32)


def _skin(vertices: Floats, maps: SkinMaps) -> Part:
    triangles = shape.fine_triangles()
    return Part(
        "skin",
        vertices,
        shape.vertex_normals(vertices, triangles),
        triangles,
        pack.array("fine_uv"),
        shape.fine_triangle_uv(),
        Material(
            "skin", maps.albedo, roughness=maps.roughness, bump=maps.bump, specular=0.36, sheen=0.1
        ),
    )


def _proxy_part(name: str, vertices: Floats, material: Material) -> Part:
    proxy = pack.proxy(name)
    points = proxy.fit(vertices)
    normals = shape.vertex_normals(points, proxy.triangles)
    return Part(name, points, normals, proxy.triangles, proxy.uv, proxy.triangle_uv, material)


def _eyes(vertices: Floats, colour: str) -> Part:
    triangles, uv = eyes.shell()
    points = pack.proxy("HighPolyEyes").fit(vertices)
    normals = shape.vertex_normals(points, triangles)
    material = Material("eye", eyes.eye_texture(colour), roughness=0.06, specular=0.5)
    return Part("eyes", points, normals, triangles, uv, triangles, material)


def _mouth(vertices: Floats) -> list[Part]:
    teeth = Material("plain", _teeth_texture(), roughness=0.25, specular=0.45)
    tongue = Material("plain", (0.46, 0.19, 0.18), roughness=0.32, specular=0.45)
    part = _proxy_part("Teeth_Base", vertices, teeth)
    forward = replace(part, vertices=part.vertices + _TEETH_SHIFT)
    return [forward, _proxy_part("tongue01", vertices, tongue), _palate(forward.vertices)]


def _palate(teeth: Floats) -> Part:
    """The red inside of the mouth, as the back of an egg around the teeth (N, 3).

    The data has none: one looked into the hollow head.
    """
    low, high = teeth.min(axis=0), teeth.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2 * (0.95, 0.78, 1.0)
    polar, around = np.linspace(0.02, 0.5 * np.pi, 10), np.linspace(0, 2 * np.pi, 25)
    p, a = np.meshgrid(polar, around, indexing="ij")
    unit = np.stack([np.sin(p) * np.cos(a), np.sin(p) * np.sin(a), -np.cos(p)], axis=-1)
    points = (unit.reshape(-1, 3) * half + middle).astype(np.float32)
    row, column = np.meshgrid(np.arange(9), np.arange(24), indexing="ij")
    first = (row * 25 + column).ravel()
    triangles = shape.split_quads(np.stack([first, first + 1, first + 26, first + 25], axis=1))
    flesh = Material("plain", (0.50, 0.16, 0.145), roughness=0.4, specular=0.4)
    normals = shape.vertex_normals(points, triangles)
    return Part("palate", points, normals, triangles, np.zeros((len(points), 2)), triangles, flesh)


_TEETH_SHIFT = np.array([0.0, -0.0042, 0.0022], np.float32)
"""The data's teeth stand so far back and high that no smile shows them."""


@cache
def _teeth_texture() -> Floats:
    """Enamel off-white, gums as painted."""
    linear = bytes_to_linear(pack.picture("texture_Teeth_Base")[..., :3])
    gum = np.clip(linear[..., 0] / (linear[..., 1] + 0.01) - 1.5, 0, 1)[..., None]
    grey = linear.mean(axis=2, keepdims=True)
    enamel = np.clip(grey * np.array([1.5, 1.43, 1.30]), 0, 0.86)
    out: Floats = (linear * 0.8 * gum + enamel * (1 - gum)).astype(np.float32)
    return out


def _lashes(vertices: Floats, body: Body) -> Part:
    person = body.person
    opacity = 0.26
    if person.sex == "female":
        opacity = float(np.interp(person.age, (12, 17, 55, 80), (0.30, 0.42, 0.42, 0.30)))
        opacity += 0.35 * person.makeup
    alpha = pack.picture("texture_Eyelashes01")[..., 3].astype(np.float32) / 255 * opacity
    material = Material("plain", (0.014, 0.010, 0.008), alpha=alpha, roughness=0.5, specular=0.3)
    return _proxy_part("Eyelashes01", vertices, material)


def _clothes(vertices: Floats, body: Body) -> Part:
    person = body.person
    colour, alpha = _dyed(person.clothes, person.clothes_colour)
    part = _proxy_part(
        person.clothes,
        vertices,
        Material("plain", colour, alpha=alpha, roughness=0.85, specular=0.2, sheen=0.5),
    )
    return replace(part, name="clothes", vertices=part.vertices + part.normals * 0.0015)


def _dyed(name: str, colour: Any, contrast: float = 0.55) -> tuple[Floats, Floats | None]:
    """A texture in another colour, and its coverage where it has holes."""
    picture = pack.picture(f"texture_{name}")
    grey = bytes_to_linear(picture[..., :3]) @ LUMINANCE
    alpha = None
    solid = np.ones(grey.shape, bool)
    if picture.shape[2] == 4:
        solid = picture[..., 3] > 128
        if (~solid).mean() > 0.01:
            alpha = picture[..., 3].astype(np.float32) / 255
    middle = max(float(np.median(grey[solid])), 1e-3)
    relief = np.clip(grey / middle, 0.35, 1.8) ** contrast
    dyed = np.clip(np.array(colour) * relief[..., None], 0.005, 0.8).astype(np.float32)
    return dyed, alpha


def _hat(vertices: Floats, body: Body) -> list[Part]:
    hat = body.person.hat.replace("-", "_")
    if hat == "none":
        return []
    colour, alpha = _dyed(hat, np.array(body.person.clothes_colour) * 0.6 + 0.01)
    material = Material("plain", colour, alpha=alpha, roughness=0.9, specular=0.1, sheen=0.4)
    return [replace(_proxy_part(hat, vertices, material), name="hat")]


def _turned(
    bundle: Strands, body: Body, resting: Floats, pivot: Floats, rotation: NDArray[np.float64]
) -> Strands:
    """Strands moved with the face's expression and turned with the head.

    Hair that hangs turns the less the lower it hangs, as it lies on the shoulders.
    """
    points = bundle.points
    if not bundle.name.startswith(("hair", "fringe")):
        points = points + _carried(bundle, body, resting)
    low = regions.smooth(points[..., 1], -0.22, -0.13)
    return replace(bundle, points=shape.turn_head(points, 0.15 + 0.85 * low, pivot, rotation))


def _carried(bundle: Strands, body: Body, resting: Floats) -> Floats:
    """How far (N, 1, 3) the skin at each root has moved with the expression."""
    moved = resting - body.skin
    changed = np.flatnonzero(np.abs(moved).max(axis=1) > 1e-5)
    out = np.zeros((len(bundle.points), 1, 3), np.float32)
    if not len(changed):
        return out
    roots = bundle.points[:, 0]
    places = body.skin[changed]
    for block in np.array_split(np.arange(len(roots)), max(1, len(roots) // 500)):
        square = (
            (roots[block] ** 2).sum(1)[:, None]
            - 2 * roots[block] @ places.T
            + (places**2).sum(1)[None]
        )
        nearest = square.argmin(axis=1)
        close = square[np.arange(len(block)), nearest] < 0.004**2
        out[block, 0] = moved[changed[nearest]] * close[:, None]
    return out
