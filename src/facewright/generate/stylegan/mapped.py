"""What all generators behind a mapping network share: seeds to latents, latents to styles."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from facewright.errors import UsageError
from facewright.generate.stylegan.arrays import Floats, array, label_rows, latents, styles
from facewright.generate.stylegan.mapping import Mapping


@dataclass(frozen=True, eq=False)
class Mapped(ABC):
    """A generator whose pictures follow from styles.

    Attributes:
        sha256: of the published file.
        device: "cpu" or "cuda".
        mapping: latents (and labels) to styles.
    """

    sha256: str
    device: str
    mapping: Mapping

    @property
    @abstractmethod
    def num_ws(self) -> int:
        """Styles of a picture, one a layer."""

    @property
    def z_dim(self) -> int:
        """Length of a latent."""
        return self.mapping.z_dim

    @property
    def w_dim(self) -> int:
        """Length of a style."""
        return self.mapping.w_dim

    @property
    def labels(self) -> int:
        """Length of a label (classes, or a camera's numbers), or 0 for a network without."""
        return self.mapping.label_dim

    def latents(self, seeds: Sequence[int]) -> Floats:
        """(N, z_dim) latents of seeds, the same that the published programs draw for them.

        Raises:
            UsageError: a seed is not in 0 .. 2^32 - 1.
        """
        return latents(seeds, self.z_dim)

    def mapped(
        self,
        z: ArrayLike,
        label: int | ArrayLike | None,
        truncation: float,
        cutoff: int | None,
    ) -> Floats:
        """Styles (N, num_ws, w_dim) of latents (N, z_dim); labels as `label_rows` reads them.

        Raises:
            UsageError: of another shape, or a label that the network does not know.
        """
        latent = np.asarray(z, np.float32)
        if latent.ndim != 2 or latent.shape[1] != self.z_dim:
            raise UsageError(f"latents are (N, {self.z_dim}), not {latent.shape}")
        labels = label_rows(label, self.labels, len(latent))
        with torch.inference_mode():
            told = None if labels is None else self.tensor(labels)
            rows = self.tensor(latent)
            return array(self.mapping.styles(rows, told, self.num_ws, truncation, cutoff))

    def styles(self, ws: ArrayLike) -> Floats:
        """W or W+ as W+: (N, w_dim) or (N, num_ws, w_dim) to (N, num_ws, w_dim).

        Raises:
            UsageError: of another shape.
        """
        return styles(ws, self.num_ws, self.w_dim)

    def tensor(self, values: NDArray[Any]) -> Tensor:
        """An array on the network's device."""
        return torch.from_numpy(np.ascontiguousarray(values)).to(self.device)
