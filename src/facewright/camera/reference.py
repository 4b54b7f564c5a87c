"""Density of the published FFHQ cameras, from a table of 20 KB instead of 139,914 angles.

The table holds the coefficients of a bicubic B-spline over (theta, phi) on a grid of 1 x 0.5
degrees, theta up to 90 (the set holds every picture's mirror, so the density is even about it),
in whole multiples of a unit. `tools/build_density.py` computes it from the angles and measures
it: at the 139,914 published cameras it errs by at most 2.2e-4 of up to 7.15, by at most 4e-5
between 0.3 and 0.5, and gives LPFF's verdict (density < 0.4) on every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

TABLE = "ffhq_density.npz"
ERROR = 2.5e-4
"""Bound, measured, on the distance from the exact density anywhere."""


@dataclass(frozen=True, eq=False)
class ReferenceDensity:
    """Density per square radian over (theta, phi), 0 outside of its grid.

    Attributes:
        coefficients: (T, P) of the B-spline, with a margin of zeros of 3 on each side.
        start: theta, phi in degrees of the first coefficient within the margin.
        step: degrees of theta, phi between two.
    """

    coefficients: Floats
    start: Floats
    step: Floats

    def __call__(self, angles: ArrayLike) -> Floats:
        """Density at theta, phi (N, 2) in radians; (N,)."""
        grid = (np.degrees(np.asarray(angles, np.float64)).reshape(-1, 2) - self.start) / self.step
        cell = np.floor(grid)
        along, across = np.moveaxis(_basis(grid - cell), 1, 0)
        first = cell.astype(np.int64) + 2
        last = np.array(self.coefficients.shape) - 1
        out = np.zeros(len(grid))
        for i in range(4):
            for j in range(4):
                at = np.clip(first + np.array([i, j]), 0, last)
                out += along[:, i] * across[:, j] * self.coefficients[at[:, 0], at[:, 1]]
        return np.maximum(out, 0.0)


@cache
def ffhq_density() -> ReferenceDensity:
    """The density of the 139,914 cameras of EG3D's FFHQ, as LPFF uses it."""
    with (files("facewright.camera") / TABLE).open("rb") as file, np.load(file) as data:
        half = data["coefficients"] * float(data["unit"])
        start, step = data["start"].astype(np.float64), data["step"].astype(np.float64)
    whole = np.concatenate([half, half[-2::-1]])
    return ReferenceDensity(np.pad(whole, 3), start, step)


def _basis(local: Floats) -> Floats:
    """The four cubic B-splines over a cell at points in 0..1: (..., 4)."""
    t = local
    parts = [(1 - t) ** 3, (3 * t - 6) * t**2 + 4, ((3 - 3 * t) * t + 3) * t + 1, t**3]
    return np.stack(parts, axis=-1) / 6.0
