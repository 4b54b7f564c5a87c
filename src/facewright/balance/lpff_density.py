"""lpff-density: keep the views, or any combinations, that are rare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from facewright.attributes.face_table import FaceTable
from facewright.balance.poses import camera_angles
from facewright.balance.rarity import rarity
from facewright.balance.strategy import Choice, Job, Options
from facewright.camera.density import KernelDensity
from facewright.camera.pickled import read_density
from facewright.camera.reference import ffhq_density
from facewright.camera.replicas import RARE, lpff_keeps, lpff_replicas
from facewright.errors import UsageError
from facewright.stats.cells import cell_numbers

Floats = NDArray[np.float64]

CAMERA = "camera"
_REPEATED = 0.16  # density up to which LPFF's rebalancing repeats a picture


class LpffDensity(Options):
    """LPFF's rule: keep a face where the density at it is low.

    By the camera it is the published rule: density of FFHQ's cameras over (theta, phi) below 0.4
    per square radian. By attributes it is the same rule over them jointly, under the density of
    the table itself: numbers by kernel density, classes by the share of their cell. With
    repeat=true nothing is dropped, and rare faces come up to six times, as in LPFF's rebalanced
    sets, under the density of the table itself.
    """

    name: ClassVar[str] = "lpff-density"

    by: Annotated[
        str, Field(description='"camera", or attributes between commas: yaw,pitch,smile')
    ] = CAMERA
    below: Annotated[
        float | None, Field(gt=0, description="density below which a face is rare; 0.4 by camera")
    ] = None
    rarest: Annotated[
        float, Field(gt=0, lt=1, description="by attributes: share of faces that is rare")
    ] = 0.114  # of FFHQ's own cameras this share is below 0.4
    kde: Annotated[
        Path | None, Field(description="pickled scipy gaussian_kde over theta, phi, as LPFF's")
    ] = None
    repeat: Annotated[bool, Field(description="repeat rare faces instead of dropping others")] = (
        False
    )

    def choose(self, job: Job) -> Choice:
        """See `facewright.balance.strategy.Strategy`.

        Raises:
            UsageError: the table has no cameras or lacks an attribute, nothing is known of any
                face, or the density's file cannot be read.
        """
        density = self._by_camera(job.table) if self.by == CAMERA else self._by_columns(job.table)
        known = np.isfinite(density)
        if not known.any():
            raise UsageError(f"{job.table.name}: no face has a value of all of {self.by}")
        below = self._below(density[known])
        times = np.zeros(len(density), np.int64)
        if self.repeat:
            times[known] = lpff_replicas(density[known] * (_REPEATED / below))
            what = f"repeated up to six times where density <= {below:.4g}"
        else:
            rare = lpff_keeps(density[known]) if below == RARE else density[known] < below
            times[known] = rare
            what = f"kept where density < {below:.4g}"
        notes = []
        if not known.all():
            notes.append(f"{int((~known).sum())} faces are left out: {self.by} is not known")
        if job.size is not None:
            times = _rarest(times, density, job.size)
        if not times.any():
            notes.append(f"no face has a density below {below:.4g}")
        why = f"lpff-density by {self.by}: {what}; {int(times.sum())} of {len(density)} faces"
        return Choice(times, job.target, why, notes=tuple(notes))

    def _below(self, density: Floats) -> float:
        """The density below which a face is rare."""
        if self.below is not None:
            return self.below
        if self.by == CAMERA:
            return _REPEATED if self.repeat else RARE
        return float(np.sort(density)[int(len(density) * self.rarest)])

    def _by_camera(self, table: FaceTable) -> Floats:
        """Density (N,) over theta, phi; NaN where the camera is not known."""
        told = table.leaves.get("camera_density") == "number"
        if told and self.kde is None and not self.repeat:
            density = table.numbers("camera_density")
            if np.isfinite(density).any():
                return density
        angles = camera_angles(table)
        known = np.isfinite(angles).all(axis=1)
        out = np.full(len(angles), np.nan)
        if self.kde is not None:
            under: KernelDensity = read_density(self.kde)
            out[known] = under(angles[known])
        elif self.repeat:
            out[known] = KernelDensity.fit(angles[known])(angles[known])
        else:
            out[known] = ffhq_density()(angles[known])
        return out

    def _by_columns(self, table: FaceTable) -> Floats:
        """Density (N,) over attributes; NaN where one is not known."""
        if self.kde is not None:
            raise UsageError("lpff-density: kde is a density over cameras; leave out by, or kde")
        names = [name.strip() for name in self.by.split(",") if name.strip()]
        found = [table.attribute(name) for name in names]
        classes = [each for each in found if each.measure is None]
        measures = [each.measure for each in found if each.measure is not None]
        cells = cell_numbers(table.coded(classes)) if classes else np.zeros(len(table), np.int64)
        numbers = np.zeros((len(table), len(measures)))
        for n, measure in enumerate(measures):
            numbers[:, n] = table.numbers(measure)
        return rarity(cells, numbers)


def _rarest(times: NDArray[np.int64], density: Floats, size: int) -> NDArray[np.int64]:
    """Only the `size` rarest of the faces that are taken.

    Raises:
        UsageError: fewer are taken.
    """
    most = int(times.sum())
    if size > most:
        raise UsageError(
            f"lpff-density gives {most} faces, not {size}; raise below or rarest, or leave out"
            " the size"
        )
    rows = np.repeat(np.arange(len(times)), times)
    first = rows[np.argsort(density[rows], kind="stable")][:size]
    return np.bincount(first, minlength=len(times)).astype(np.int64)
