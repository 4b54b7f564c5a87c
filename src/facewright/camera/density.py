"""How often a view occurs: Gaussian kernel density in the plane, as SciPy's `gaussian_kde`.

LPFF keeps the rare views: those whose density under the FFHQ cameras is below 0.4. Densities are
per square radian of (theta, phi), see `facewright.camera.angles`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.camera.gauss_transform import gauss_sums
from facewright.errors import UsageError

Floats = NDArray[np.float64]


def scott_factor(count: int) -> float:
    """Scott's bandwidth factor of `count` points in the plane: count^(-1/6)."""
    return float(count ** (-1.0 / 6.0))


@dataclass(frozen=True, eq=False)
class KernelDensity:
    """Density of points in the plane: a Gaussian of one covariance on each.

    Attributes:
        samples: (N, 2) points.
        covariance: (2, 2) of the kernel.
    """

    samples: Floats
    covariance: Floats

    @classmethod
    def fit(cls, samples: ArrayLike, factor: float | None = None) -> Self:
        """Kernel of the samples' own covariance times factor^2.

        Args:
            samples: (N, 2), e.g. theta, phi in radians.
            factor: bandwidth factor; None for Scott's.

        Raises:
            UsageError: not (N, 2) finite numbers, or the samples lie on one line.
        """
        points = np.array(samples, np.float64)
        if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
            raise UsageError("a density needs samples of shape (N, 2), all finite")
        if len(points) < 3:
            raise UsageError(f"a density needs 3 samples or more, not {len(points)}")
        scale = scott_factor(len(points)) if factor is None else factor
        with np.errstate(over="ignore", invalid="ignore"):
            covariance = np.cov(points.T) * scale**2
            least = 1e-12 * covariance[0, 0] * covariance[1, 1]
            flat = not least < np.linalg.det(covariance) < np.inf
        if flat:
            raise UsageError("the samples of a density lie on one line, or immeasurably far off")
        return cls(points, covariance)

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def height(self) -> float:
        """Peak of one kernel of mass 1: 1 / (2 pi sqrt(det covariance))."""
        return float(1.0 / (2.0 * np.pi * np.sqrt(np.linalg.det(self.covariance))))

    def __call__(self, points: ArrayLike) -> Floats:
        """Density at points.

        Args:
            points: (M, 2).

        Returns:
            (M,), wrong by at most `height` x `facewright.camera.gauss_transform.ERROR`.
        """
        whiten = np.linalg.inv(np.linalg.cholesky(self.covariance)).T
        middle = self.samples.mean(axis=0)
        targets = (np.asarray(points, np.float64).reshape(-1, 2) - middle) @ whiten
        sums = gauss_sums((self.samples - middle) @ whiten, targets)
        return np.maximum(sums, 0.0) * (self.height / len(self.samples))
