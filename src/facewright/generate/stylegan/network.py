"""Network: a StyleGAN generator, arrays in and pictures out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from facewright.errors import UsageError
from facewright.generate.stylegan.arrays import Floats, pixels
from facewright.generate.stylegan.mapped import Mapped
from facewright.generate.stylegan.memory import free_bytes, how_many, told_of_memory
from facewright.generate.stylegan.sg2 import Noise


class Synthesis(Protocol):
    """Either synthesis network."""

    @property
    def layers(self) -> int:
        """How many styles it takes."""

    @property
    def resolution(self) -> int:
        """Side of its pictures in pixels."""

    @property
    def rotates(self) -> bool:
        """Whether its input can be placed."""

    def __call__(
        self,
        ws: Tensor,
        noise: Noise = ...,
        chance: torch.Generator | None = ...,
        placed: Tensor | None = ...,
        /,
    ) -> Tensor:
        """(N, layers, w_dim) to (N, 3, resolution, resolution), white 1 and black -1."""

    def memory(self, pictures: int) -> int:
        """Bytes for so many pictures at once."""


@dataclass(frozen=True, eq=False)
class Network(Mapped):
    """A generator.

    Attributes:
        kind: "stylegan2", "stylegan3-t" or "stylegan3-r".
        synthesis: styles to pictures, as tensors and differentiable.
    """

    kind: str
    synthesis: Synthesis

    @property
    def resolution(self) -> int:
        """Side of its pictures in pixels."""
        return self.synthesis.resolution

    @property
    def num_ws(self) -> int:
        """Styles of a picture, one a layer."""
        return self.synthesis.layers

    def map(
        self,
        z: ArrayLike,
        label: int | ArrayLike | None = None,
        truncation: float = 1.0,
        cutoff: int | None = None,
    ) -> Floats:
        """Styles (W+) of latents.

        Args:
            z: (N, z_dim).
            label: a class from 0 on, or (labels,) or (N, labels) numbers. A network with
                classes needs one; one without takes none.
            truncation: psi. 1 leaves styles alone, 0 makes all of them the average; between,
                pictures are better and more alike.
            cutoff: truncate only so many layers, from the coarsest on; None for all.

        Returns:
            (N, num_ws, w_dim) float32.

        Raises:
            UsageError: of another shape, or a label that the network does not know.
        """
        return self.mapped(z, label, truncation, cutoff)

    def synthesize(
        self,
        ws: ArrayLike,
        *,
        noise: Noise = "const",
        seed: int = 0,
        placed: ArrayLike | None = None,
    ) -> NDArray[np.uint8]:
        """Pictures of styles, as many at once as memory holds.

        Args:
            ws: (N, w_dim) one style for all layers, or (N, num_ws, w_dim).
            noise: StyleGAN2's: "const" (the network's own), "none", or "random" from `seed`.
            seed: of random noise.
            placed: StyleGAN3's (3, 3) affine map of a place in the picture to the place whose
                content is seen there: sides from the centre, x right, y down.

        Returns:
            (N, resolution, resolution, 3) RGB.

        Raises:
            UsageError: of another shape, StyleGAN2 cannot be placed, or memory does not suffice.
        """
        styles = self.styles(ws)
        if placed is not None and not self.synthesis.rotates:
            raise UsageError(f"{self.kind} cannot move or turn its input; StyleGAN3 can")
        where = None if placed is None else self.tensor(np.asarray(placed, np.float32))
        what, advice = self._told()
        at_once = how_many(self.synthesis.memory, free_bytes(self.device), what, advice)
        chance = torch.Generator(self.device).manual_seed(seed)
        out = [np.zeros((0, self.resolution, self.resolution, 3), np.uint8)]
        with torch.inference_mode(), told_of_memory(what, advice):
            for start in range(0, len(styles), at_once):
                part = self.tensor(styles[start : start + at_once])
                out.append(pixels(self.synthesis(part, noise, chance, where)))
        return np.concatenate(out)

    def _told(self) -> tuple[str, str]:
        side = self.resolution
        fits = max(side // 2, 4)
        return (
            f"a picture of {side} pixels by {self.kind}",
            f"free some, or use a network of {fits} pixels, which needs a quarter",
        )


def mix(coarse: ArrayLike, fine: ArrayLike, layers: int | slice) -> Floats:
    """Style mixing: the styles of `fine` in some layers, of `coarse` in the others.

    Args:
        coarse: (N, num_ws, w_dim).
        fine: the same shape.
        layers: from which layer on, or which ones: 0 is the coarsest. Pose and shape are in the
            first third, features in the second, colours in the last.
    """
    out = np.array(coarse, np.float32)
    chosen = layers if isinstance(layers, slice) else slice(layers, None)
    out[:, chosen] = np.asarray(fine, np.float32)[:, chosen]
    return out
