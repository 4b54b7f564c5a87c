"""EG3D: a person as three planes, seen by any camera; its depth and its shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from facewright.camera.label import CameraLabel
from facewright.errors import UsageError
from facewright.generate.eg3d.cameras import frontal_camera
from facewright.generate.eg3d.enlarging import Enlarging
from facewright.generate.eg3d.field import Field
from facewright.generate.eg3d.march import Seen
from facewright.generate.eg3d.rendering import RAYS_AT_ONCE, Rendering
from facewright.generate.stylegan.arrays import Floats, array, pixels
from facewright.generate.stylegan.mapped import Mapped
from facewright.generate.stylegan.memory import free_bytes, how_many, told_of_memory
from facewright.generate.stylegan.sg2 import Synthesis2
from facewright.store.atomic import atomic_file

_POINTS_AT_ONCE = 1 << 17
_MOST_SIDE = 512  # of a grid of densities: 0.5 GB


@dataclass(frozen=True, eq=False)
class Person:
    """One person of a network. ws: (num_ws, w_dim). planes: (P, C, H, W), on its device."""

    ws: Floats
    planes: Tensor


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """A person as one camera sees it.

    Attributes:
        pixels: (S, S, 3) uint8 RGB.
        rendered: (r, r, 3) uint8 RGB, the picture before it was enlarged.
        depth: (r, r) float32 distance from the camera along each pixel's ray, in the label's
            units; where nothing is seen, the farthest sample.
        opacity: (r, r) float32, 0 where nothing is seen.
    """

    pixels: NDArray[np.uint8]
    rendered: NDArray[np.uint8]
    depth: Floats
    opacity: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """Densities on a cube's grid.

    Attributes:
        density: (N, N, N) float32 over x (the frontal picture's right), y (up), z (towards the
            frontal camera), before the softplus; the surface lies about where it is 10.
        origin: x, y, z of the first place.
        step: between places.
    """

    density: Floats
    origin: tuple[float, float, float]
    step: float

    def save(self, path: str | Path) -> None:
        """Write an .npz of density, origin and step, whole or not at all.

        Raises:
            StorageError: it cannot be written.
        """
        with atomic_file(Path(path)) as file:
            np.savez_compressed(file, density=self.density, origin=self.origin, step=self.step)


@dataclass(frozen=True, eq=False)
class Eg3d(Mapped):
    """An EG3D generator; a label of its mapping network is a camera.

    Attributes:
        backbone: styles to planes.
        field: how planes are read.
        rendering: how rays are sampled.
        enlarging: the super-resolution.
        side: pixels that are rendered, before they are enlarged.
        label_scale: of the camera before the mapping network; 0 where it was trained without.
    """

    backbone: Synthesis2
    field: Field
    rendering: Rendering
    enlarging: Enlarging
    side: int
    label_scale: float
    kind: str = "eg3d"

    @property
    def resolution(self) -> int:
        """Side of its pictures in pixels."""
        return self.enlarging.resolution

    @property
    def num_ws(self) -> int:
        """Styles of a person, one a layer of the backbone."""
        return self.backbone.layers

    def map(
        self,
        z: ArrayLike,
        camera: CameraLabel | None = None,
        truncation: float = 1.0,
        cutoff: int | None = None,
    ) -> Floats:
        """Styles of latents.

        Args:
            z: (N, z_dim).
            camera: what the mapping network is told, `frontal_camera()` for None. Keep it while
                the rendering camera varies: another one is another person.
            truncation: psi, see `facewright.generate.stylegan.network.Network.map`.
            cutoff: truncate only so many layers; None for all.

        Returns:
            (N, num_ws, w_dim).

        Raises:
            UsageError: of another shape.
        """
        told = (camera or frontal_camera()).array * self.label_scale
        return self.mapped(z, told if self.labels else None, truncation, cutoff)

    def person(self, ws: ArrayLike) -> Person:
        """The planes of one person; keep them for further views.

        Args:
            ws: (w_dim,) or (num_ws, w_dim).

        Raises:
            UsageError: of another shape, or memory does not suffice.
        """
        rows = self.styles(np.asarray(ws, np.float32)[None])
        what, advice = self._told()
        how_many(self.memory, free_bytes(self.device), what, advice)
        with torch.inference_mode(), told_of_memory(what, advice):
            flat = self.backbone(self.tensor(rows))[0]
            count = len(self.field.axes)
            return Person(rows[0], flat.reshape(count, -1, *flat.shape[1:]))

    def view(
        self,
        person: Person,
        camera: CameraLabel,
        *,
        side: int | None = None,
        seed: int | None = None,
    ) -> View:
        """A person as a camera sees it.

        Args:
            person: of this network.
            camera: that renders; not what the mapping network was told.
            side: pixels that are rendered before they are enlarged; None for the network's own.
            seed: samples rays at random, as published; None for the same places always.

        Raises:
            UsageError: memory does not suffice.
        """
        side = self.side if side is None else side
        if not 8 <= side <= _MOST_SIDE:
            raise UsageError(f"the rendered side is 8 to {_MOST_SIDE} pixels, not {side}")
        chance = None if seed is None else torch.Generator(self.device).manual_seed(seed)
        label = self.tensor(camera.array.astype(np.float32))
        w = self.tensor(person.ws[-1:])
        with torch.inference_mode(), told_of_memory(*self._told()):
            seen = self.rendering.render(
                lambda points: self.field(person.planes, points), label, side, chance
            )
            features = seen.features.T.reshape(1, -1, side, side)
            picture = self.enlarging(features, w, chance)
            return _view(seen, features, picture, side)

    def synthesize(
        self, ws: ArrayLike, cameras: Sequence[CameraLabel] | None = None
    ) -> NDArray[np.uint8]:
        """Pictures, one of each person by its camera; persons that repeat are made once.

        Args:
            ws: (N, w_dim) or (N, num_ws, w_dim).
            cameras: N; None for the frontal one always.

        Returns:
            (N, resolution, resolution, 3) RGB.

        Raises:
            UsageError: of another shape or number, or memory does not suffice.
        """
        rows = self.styles(ws)
        cameras = [frontal_camera()] * len(rows) if cameras is None else cameras
        if len(cameras) != len(rows):
            raise UsageError(f"{len(rows)} persons need as many cameras, not {len(cameras)}")
        out = np.zeros((len(rows), self.resolution, self.resolution, 3), np.uint8)
        person: Person | None = None
        for number, (row, camera) in enumerate(zip(rows, cameras, strict=True)):
            if person is None or not np.array_equal(person.ws, row):
                person = self.person(row)
            out[number] = self.view(person, camera).pixels
        return out

    def shape(self, person: Person, side: int = 128) -> Shape:
        """A person's densities on a grid, e.g. for marching cubes.

        Args:
            person: of this network.
            side: places along each axis of the cube that the planes cover.

        Raises:
            UsageError: another side than 2 to 512.
        """
        if not 2 <= side <= _MOST_SIDE:
            raise UsageError(f"a shape has 2 to {_MOST_SIDE} places along an axis, not {side}")
        box = self.rendering.box
        line = torch.linspace(-box / 2, box / 2, side, device=self.device)
        points = torch.cartesian_prod(line, line, line)
        with torch.inference_mode():
            parts = [
                self.field(person.planes, points[start : start + _POINTS_AT_ONCE])[0]
                for start in range(0, len(points), _POINTS_AT_ONCE)
            ]
            density = array(torch.cat(parts)).reshape(side, side, side)
        return Shape(density, (-box / 2, -box / 2, -box / 2), box / (side - 1))

    def memory(self, persons: int) -> int:
        """Bytes that planes, rays or super-resolution need, whichever needs most."""
        samples = self.rendering.coarse + self.rendering.fine
        channels = int(self.field.layers[0].weight.shape[1])
        rays = 4 * RAYS_AT_ONCE * samples * channels * (len(self.field.axes) + 4)
        enlarged = Synthesis2(self.enlarging.blocks).memory(1)
        return max(self.backbone.memory(persons), rays, enlarged)

    def _told(self) -> tuple[str, str]:
        side = self.resolution
        return (
            f"a picture of {side} pixels by EG3D",
            f"free some, or use a network of {side // 2} pixels",
        )


def _view(seen: Seen, features: Tensor, picture: Tensor, side: int) -> View:
    return View(
        pixels(picture)[0],
        pixels(features)[0],
        array(seen.depth).reshape(side, side),
        array(seen.opacity).reshape(side, side),
    )
