"""Network: a StyleGAN generator, arrays in and pictures out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from facewright.errors import UsageError
from facewright.generate.stylegan.mapping import Mapping
from facewright.generate.stylegan.memory import free_bytes, how_many, told_of_memory
from facewright.generate.stylegan.sg2 import Noise

Floats = NDArray[np.float32]


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
class Network:
    """A generator.

    Attributes:
        kind: "stylegan2", "stylegan3-t" or "stylegan3-r".
        sha256: of the published file.
        device: "cpu" or "cuda".
        mapping: latents to styles.
        synthesis: styles to pictures, as tensors and differentiable.
    """

    kind: str
    sha256: str
    device: str
    mapping: Mapping
    synthesis: Synthesis

    @property
    def resolution(self) -> int:
        """Side of its pictures in pixels."""
        return self.synthesis.resolution

    @property
    def z_dim(self) -> int:
        """Length of a latent."""
        return self.mapping.z_dim

    @property
    def w_dim(self) -> int:
        """Length of a style."""
        return self.mapping.w_dim

    @property
    def num_ws(self) -> int:
        """Styles of a picture, one a layer."""
        return self.synthesis.layers

    @property
    def labels(self) -> int:
        """Length of a label: number of classes, or 0 for a network without."""
        return self.mapping.label_dim

    def latents(self, seeds: Sequence[int]) -> Floats:
        """(N, z_dim) latents of seeds, the same that the published programs draw for them.

        Raises:
            UsageError: a seed is not in 0 .. 2^32 - 1.
        """
        return latents(seeds, self.z_dim)

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
        latent = np.asarray(z, np.float32)
        if latent.ndim != 2 or latent.shape[1] != self.z_dim:
            raise UsageError(f"latents are (N, {self.z_dim}), not {latent.shape}")
        labels = label_rows(label, self.labels, len(latent))
        with torch.inference_mode():
            told = None if labels is None else self.tensor(labels)
            return array(
                self.mapping.styles(self.tensor(latent), told, self.num_ws, truncation, cutoff)
            )

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

    def styles(self, ws: ArrayLike) -> Floats:
        """W or W+ as W+: (N, w_dim) or (N, num_ws, w_dim) to (N, num_ws, w_dim).

        Raises:
            UsageError: of another shape.
        """
        return styles(ws, self.num_ws, self.w_dim)

    def tensor(self, values: NDArray[Any]) -> Tensor:
        """An array on the network's device."""
        return torch.from_numpy(np.ascontiguousarray(values)).to(self.device)

    def _told(self) -> tuple[str, str]:
        side = self.resolution
        fits = max(side // 2, 4)
        return (
            f"a picture of {side} pixels by {self.kind}",
            f"free some, or use a network of {fits} pixels, which needs a quarter",
        )


def latents(seeds: Sequence[int], length: int) -> Floats:
    """(N, length) independent normals of seeds, as the published programs draw them.

    Raises:
        UsageError: a seed is not in 0 .. 2^32 - 1.
    """
    if any(not 0 <= seed < 2**32 for seed in seeds):
        raise UsageError("seeds of a network are whole numbers from 0 to 4294967295")
    rows = [np.random.RandomState(seed).standard_normal(length) for seed in seeds]
    return np.array(rows, np.float32).reshape(len(seeds), length)


def label_rows(label: int | ArrayLike | None, classes: int, rows: int) -> Floats | None:
    """Labels (rows, classes) of a class number, of one row or of all; None without classes.

    Raises:
        UsageError: none where one is needed, one where none is, or of another length.
    """
    if classes == 0:
        if label is not None:
            raise UsageError("this network takes no label")
        return None
    if label is None:
        raise UsageError(f"this network needs a label: a class from 0 to {classes - 1}")
    if isinstance(label, int | np.integer):
        if not 0 <= label < classes:
            raise UsageError(f"no class {label}; there are 0 to {classes - 1}")
        label = np.eye(classes)[label]
    found = np.asarray(label, np.float32)
    if found.shape not in {(classes,), (rows, classes)} or not np.isfinite(found).all():
        raise UsageError(f"a label is {classes} numbers, not of shape {found.shape}")
    return np.broadcast_to(found, (rows, classes)).copy()


def styles(ws: ArrayLike, layers: int, length: int) -> Floats:
    """W (N, length) or W+ (N, layers, length) as W+.

    Raises:
        UsageError: of another shape, or not finite.
    """
    found = np.asarray(ws, np.float32)
    if found.ndim == 2:
        found = np.repeat(found[:, None], layers, axis=1)
    if found.ndim != 3 or found.shape[1:] != (layers, length):
        raise UsageError(
            f"styles are (N, {length}) or (N, {layers}, {length}), not {np.shape(ws)};"
            " they belong to another network"
        )
    if not np.isfinite(found).all():
        raise UsageError("styles hold numbers that are not finite")
    return found


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


def array(values: Tensor) -> Floats:
    """A tensor as an array of its own."""
    found: Floats = values.float().cpu().numpy().copy()
    return found


def pixels(pictures: Tensor) -> NDArray[np.uint8]:
    """(N, C >= 3, H, W) of -1..1 to (N, H, W, 3) uint8, rounded as published pictures are."""
    scaled = (pictures[:, :3].float() * 127.5 + 128).clamp(0, 255)
    found: NDArray[np.uint8] = scaled.to(torch.uint8).permute(0, 2, 3, 1).contiguous().cpu().numpy()
    return found
