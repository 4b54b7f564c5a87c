"""Where strands start: points spread over the skin by a density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d import regions, shape
from facewright.generate.head3d.arrays import Floats


@dataclass(frozen=True)
class Roots:
    """Points on the skin.

    Attributes:
        triangle: (N,) of `shape.fine_triangles`; weight: (N, 3) of its corners.
    """

    triangle: NDArray[np.int64]
    weight: Floats

    def on(self, values: NDArray[Any]) -> Floats:
        """Values (V', C) of the skin's vertices at the roots, (N, C)."""
        corners = values[shape.fine_triangles()[self.triangle]]
        out: Floats = (corners * self.weight[:, :, None]).sum(axis=1).astype(np.float32)
        return out


def scatter(rng: np.random.Generator, count: int, density: Any) -> Roots:
    """About `count` points, as dense on the mean head as `density` says.

    Args:
        rng: draws them.
        count: of points where the density were 1 over its whole region.
        density: of positions (N, 3) on the mean head, see `regions`.
    """
    head, triangles = regions.mean_head(), shape.fine_triangles()
    corners = head[triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    # at the densest corner, so that no part of a region is missed by coarse triangles
    most = density(corners).max(axis=1)
    odds = np.linalg.norm(normal, axis=1) * most
    triangle = rng.choice(len(triangles), count, p=odds / odds.sum())
    weight = rng.dirichlet((1.0, 1.0, 1.0), count).astype(np.float32)
    found = Roots(triangle, weight)
    keep = rng.random(count) < density(found.on(head)) / np.maximum(most[triangle], 1e-6)
    return Roots(triangle[keep], weight[keep])
