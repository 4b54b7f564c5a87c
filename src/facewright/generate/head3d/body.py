"""A person's parts that are the same in every picture: computed once, shared between views."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d import features, pack, shape
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.facial_hair import beard_strands, brow_strands
from facewright.generate.head3d.parts import Strands
from facewright.generate.head3d.person import Person
from facewright.generate.head3d.shades import in_shades
from facewright.generate.head3d.shape import ANCESTRIES
from facewright.generate.head3d.shell import Dress
from facewright.generate.head3d.skin import SkinMaps, skin_maps
from facewright.generate.head3d.strands import fringe_hair, head_hair, loose_hair
from facewright.generate.head3d.tied import knot_hair, tail_hair

MEAN_HEAD_TOP = 0.106
"""Metres from the eyes to the crown of the mean adult."""


@dataclass(frozen=True)
class Body:
    """A person at rest.

    Attributes:
        person: who.
        vertices: (V, 3), the middle of the eyes at the origin.
        skin: (V', 3) subdivided; push: (V', 3) what the skin gives way under the clothes.
        maps: of the skin.
        strands: hair, brows and beard on the unturned, resting head.
        size: of the head over that of the mean adult.
    """

    person: Person
    vertices: Floats
    skin: Floats
    push: Floats
    maps: SkinMaps
    strands: tuple[Strands, ...]
    size: float


class _Key:
    """A person as a key of a cache: equal persons share a body."""

    def __init__(self, person: Person, amount: float) -> None:
        self.person, self.amount = person, amount
        self._text = repr((person, amount))

    def __hash__(self) -> int:
        return hash(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._text == other._text


def body_of(person: Person, amount: float) -> Body:
    """The body of a person, kept for the last two asked for.

    Args:
        person: who.
        amount: of strands, 1 is standard quality.
    """
    return _body(_Key(person, amount))


@lru_cache(maxsize=2)
def _body(key: _Key) -> Body:
    person = key.person
    macro = shape.macro_weights(
        dict(zip(ANCESTRIES, person.ancestry, strict=True)),
        person.maleness,
        features.skull_years(person.sex, person.age),
        person.weight,
    )
    vertices = shape.neutral(macro, features.target_weights(person.features))
    skin = shape.refine(vertices)
    dress = _dress(person, vertices)
    strands = _head_strands(person, skin, key.amount, dress)
    strands += [*beard_strands(person, skin, key.amount), brow_strands(person, skin, key.amount)]
    return Body(
        person,
        vertices,
        skin,
        _give_way(person, vertices, skin),
        skin_maps(person),
        tuple(strands),
        float(skin[:, 1].max() / MEAN_HEAD_TOP),
    )


def _head_strands(person: Person, skin: Floats, amount: float, dress: Dress) -> list[Strands]:
    """All hair of the head, a bundle a shade."""
    hair = head_hair(person, skin, amount, dress)
    if hair is None:
        return []
    more = (
        fringe_hair(person, skin, amount),
        loose_hair(person, skin, amount),
        knot_hair(person, hair, amount),
        tail_hair(person, hair, amount, skin, dress),
    )
    bundles = [hair, *(bundle for bundle in more if bundle is not None)]
    return [shade for bundle in bundles for shade in in_shades(bundle, person)]


def _dress(person: Person, vertices: Floats) -> Dress:
    """Corners and middles of the clothes' triangles."""
    triangles = pack.proxy(person.clothes).triangles
    cloth = pack.proxy(person.clothes).fit(vertices)
    normals = shape.vertex_normals(cloth, triangles)
    points = np.concatenate([cloth, cloth[triangles].mean(axis=1)])
    return Dress(points, np.concatenate([normals, normals[triangles].mean(axis=1)]))


def _give_way(person: Person, vertices: Floats, skin: Floats) -> Floats:
    """How skin (V', 3) must move so that it stays below the clothes."""
    proxy = pack.proxy(person.clothes)
    cloth = proxy.fit(vertices)
    normals = shape.vertex_normals(skin, shape.fine_triangles())
    out = np.zeros_like(skin)
    near = np.flatnonzero(skin[:, 1] < cloth[:, 1].max() + 0.01)
    samples = np.concatenate([cloth, cloth[proxy.triangles].mean(axis=1)])
    for block in np.array_split(near, max(1, len(near) // 1500)):
        nearest, distance = _nearest(skin[block], samples)
        above = ((skin[block] - samples[nearest]) * normals[block]).sum(axis=1)
        depth = np.where(distance < 0.022, np.clip(above + 0.005, 0, 0.014), 0)
        out[block] = -normals[block] * depth[:, None]
    return out


def _nearest(points: Any, among: Any) -> tuple[NDArray[np.int64], Floats]:
    square = (points**2).sum(1)[:, None] - 2 * points @ among.T + (among**2).sum(1)[None]
    which = square.argmin(axis=1)
    return which, np.sqrt(np.maximum(square[np.arange(len(points)), which], 0))
