"""What a scene is made of, in words of no renderer: meshes with materials, strands, a camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d.arrays import Floats

Kind = Literal["skin", "eye", "plain", "glass"]


@dataclass(frozen=True)
class Material:
    """How a surface answers light.

    Attributes:
        kind: skin (principled, bumped), eye (a wet ball), plain (principled), glass (thin, clear).
        colour: linear albedo, (H, W, 3) picture or (3,).
        alpha: (H, W) coverage, or None for a solid surface.
        roughness: (H, W) or one number.
        bump: (H, W) height in metres of one unit of texture, or None.
        specular: of the principled model, .5 is a refractive index of 1.5.
        sheen: light of a fuzz at grazing angles.
        metal: 0 to 1.
    """

    kind: Kind
    colour: Any = (0.5, 0.5, 0.5)
    alpha: Floats | None = None
    roughness: Any = 0.5
    bump: Floats | None = None
    specular: float = 0.4
    sheen: float = 0.0
    metal: float = 0.0


@dataclass(frozen=True)
class Part:
    """A mesh.

    Attributes:
        name: unique in the scene.
        vertices: (N, 3) metres; normals: (N, 3).
        triangles: (T, 3).
        uv: (U, 2), v down; triangle_uv: (T, 3).
        material: of the whole mesh.
    """

    name: str
    vertices: Floats
    normals: Floats
    triangles: NDArray[np.int64]
    uv: Floats
    triangle_uv: NDArray[np.int64]
    material: Material


@dataclass(frozen=True)
class Hair:
    """Colour of hair: its pigments (of Chiang et al. 2016) or, for grey hair, what it absorbs.

    Attributes:
        eumelanin: brown pigment; pheomelanin: red pigment.
        absorption: RGB a fibre's diameter, in place of pigments.
        albedo: linear colour as a whole, for what lies under the strands.
        roughness: along and around the fibre.
    """

    eumelanin: float
    pheomelanin: float
    albedo: tuple[float, float, float]
    absorption: tuple[float, float, float] | None = None
    roughness: tuple[float, float] = (0.32, 0.38)


@dataclass(frozen=True)
class Strands:
    """A bundle of hairs.

    Attributes:
        name: unique in the scene.
        points: (N, K, 3) along each hair, from its root.
        radius: metres at the root.
        hair: colour.
        taper: radius of the tip over that of the root.
    """

    name: str
    points: Floats
    radius: float
    hair: Hair
    taper: float = 0.4


@dataclass(frozen=True)
class Camera:
    """A pinhole that looks along -z.

    Attributes:
        position: (3,) metres.
        fov: degrees across the picture.
    """

    position: tuple[float, float, float]
    fov: float

    def project(self, points: NDArray[Any], size: int) -> NDArray[np.float64]:
        """Points (N, 3) as (N, 3): pixel x and y (centres are integers), depth in the same unit.

        Depth is from the camera's distance to the middle of the scene, smaller is nearer: as z of
        this project's meshes.
        """
        focal = size / 2 / np.tan(np.radians(self.fov / 2))
        rel = np.asarray(points, np.float64) - np.array(self.position)
        depth = -rel[:, 2]
        x = size / 2 - 0.5 + focal * rel[:, 0] / depth
        y = size / 2 - 0.5 - focal * rel[:, 1] / depth
        return np.stack([x, y, (depth - self.position[2]) * focal / self.position[2]], axis=1)


@dataclass(frozen=True)
class Lighting:
    """Light on the scene.

    Attributes:
        world: (H, W, 3) equirectangular radiance; columns run from azimuth +180 to -180 degrees
            (0 at the camera, positive to the picture's right), rows from zenith to nadir.
        key: area lights as (direction (3,), radiance (3,)), 70 cm wide and 1.5 m away.
    """

    world: Floats
    key: tuple[tuple[tuple[float, float, float], tuple[float, float, float]], ...] = ()


@dataclass(frozen=True)
class Scene:
    """All that a renderer needs.

    Attributes:
        parts: meshes; strands: hair.
        camera, light: see there.
    """

    parts: Sequence[Part]
    strands: Sequence[Strands]
    camera: Camera
    light: Lighting


@dataclass(frozen=True)
class Radiance:
    """What a renderer gives back, all (S, S, ...) float32, premultiplied by coverage.

    Attributes:
        colour: (S, S, 3) linear.
        coverage: (S, S) of the figure over the background.
        albedo: (S, S, 3); normal: (S, S, 3).
        skin: (S, S) coverage by skin.
    """

    colour: Floats
    coverage: Floats
    albedo: Floats
    normal: Floats
    skin: Floats
    facts: dict[str, Any] = field(default_factory=dict)
