"""Pose density against a reference: the bands' numbers, and the lines that a page draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.analyse.report.contours import contours
from facewright.analyse.report.model import Band, PoseReport
from facewright.analyse.report.poses import Poses, turns_of
from facewright.camera.density import KernelDensity
from facewright.camera.pickled import read_density
from facewright.camera.reference import ffhq_density
from facewright.errors import UsageError

Floats = NDArray[np.float64]
Density = Callable[[Floats], Floats]
"""Density per square radian at theta, phi (N, 2) in radians; (N,)."""

RARE: Final = 0.4
"""Density below which LPFF keeps a face (Wu et al., arXiv:2303.14407)."""
LEVELS: Final = (0.04, RARE, 1.0, 2.0, 4.0)
"""Heights of the lines, per square radian."""
FRONT: Final = 15.0
LARGE: Final = 45.0
_YAWS: Final = np.arange(-90.0, 91.0, 15.0)
_PITCHES: Final = np.arange(-60.0, 61.0, 15.0)
FINE: Final = 5.0
"""Degrees of a cell of the drawn yaw x pitch plane."""
_MOST_DOTS: Final = 300
_STEP: Final = 1.0
"""Degrees between the points at which a drawn density is evaluated."""


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """A density that poses are held against.

    Attributes:
        name: for people.
        density: what it is.
        lines: outlines in theta, phi in degrees, by level.
        shares: share of the reference itself in each band of `LEVELS`, the lowest first.
    """

    name: str
    density: Density
    lines: dict[float, list[Floats]]
    shares: tuple[float, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """What a page draws of the poses of one dataset, in degrees.

    Attributes:
        lines: of its own density over theta, phi, by level; empty where poses are too few or lie
            on one line.
        dots: (D, 2) theta, phi of single faces: all of a small set, else those outside of the
            lowest line.
        fine: (K, 3) yaw, pitch of the lower left corner of cells of `FINE` degrees, and faces.
        turned: the reference's outline at `RARE` over yaw, pitch.
        degrees: (M, 2) theta, phi of all faces.
    """

    lines: dict[float, list[Floats]]
    dots: Floats
    fine: NDArray[np.int64]
    turned: list[Floats]
    degrees: Floats


def reference(kde: Path | None) -> Reference:
    """FFHQ's density, or that of a user's file.

    Raises:
        UsageError: the file is no density.
    """
    if kde is None:
        name, density = "FFHQ", ffhq_density()
        return _reference(name, density)
    found = read_density(kde)
    return _reference(f"{kde.name} ({len(found):,} poses)", found)


def _reference(name: str, density: Density) -> Reference:
    theta, phi = np.arange(0.5, 180.0, _STEP), np.arange(-179.5, 180.0, _STEP)
    heights = density(np.radians(_plane(theta, phi))).reshape(len(phi), len(theta))
    mass = np.bincount(
        np.searchsorted(LEVELS, heights.ravel(), side="right"),
        weights=heights.ravel(),
        minlength=len(LEVELS) + 1,
    )
    lines = {level: contours(theta, phi, heights, level) for level in LEVELS}
    return Reference(name, density, lines, tuple((mass / mass.sum()).tolist()))


def pose_report(poses: Poses, against: Reference) -> PoseReport:
    """How many faces lie where the reference is how dense, and a coarse table of yaw and pitch."""
    found = against.density(poses.angles)
    counts = np.bincount(np.searchsorted(LEVELS, found, side="right"), minlength=len(LEVELS) + 1)
    shares = counts / max(len(found), 1)
    edges = (0.0, *LEVELS, None)
    bands = tuple(
        Band(
            low=edges[n] or 0.0,
            high=edges[n + 1],
            faces=int(counts[n]),
            share=float(shares[n]),
            reference=against.shares[n],
        )
        for n in range(len(counts))
    )
    below = LEVELS.index(RARE) + 1
    turn = np.abs(poses.turns[:, 0])
    return PoseReport(
        faces=len(poses.angles),
        source=poses.source,
        reference=against.name,
        bands=bands,
        rare=float(shares[:below].sum()),
        reference_rare=sum(against.shares[:below]),
        front=float((turn <= FRONT).mean()) if len(turn) else None,
        large=float((turn > LARGE).mean()) if len(turn) else None,
        yaw_edges=tuple(_YAWS.tolist()),
        pitch_edges=tuple(_PITCHES.tolist()),
        grid=_grid(poses.turns),
    )


def _grid(turns: Floats) -> tuple[tuple[int, ...], ...]:
    """Faces by pitch (rows) and yaw; those beyond the last edges count in the outermost cells."""
    yaw = np.clip(turns[:, 0], _YAWS[0], _YAWS[-1] - 1e-9)
    pitch = np.clip(turns[:, 1], _PITCHES[0], _PITCHES[-1] - 1e-9)
    counts, _, _ = np.histogram2d(pitch, yaw, bins=(_PITCHES, _YAWS))
    return tuple(tuple(row) for row in counts.astype(int).tolist())


def drawing(poses: Poses, against: Reference) -> Drawing:
    """Lines and cells of one dataset's poses."""
    degrees = np.degrees(poses.angles)
    lines, dots = _own_lines(poses.angles)
    if len(degrees) <= _MOST_DOTS:
        dots = degrees
    corners = np.floor(poses.turns / FINE).astype(np.int64) * int(FINE)
    cells, counts = np.unique(corners, axis=0, return_counts=True)
    turned = [turns_of(np.radians(line)) for line in against.lines[RARE]]
    return Drawing(lines, dots, np.column_stack([cells, counts]), turned, degrees)


def _own_lines(angles: Floats) -> tuple[dict[float, list[Floats]], Floats]:
    """Lines of the poses' own density, and some of the poses that lie outside of all of them."""
    try:
        density = KernelDensity.fit(angles)
    except UsageError:  # too few, or all on one line: single dots say it
        return {}, np.degrees(angles[:_MOST_DOTS])
    low, high = np.degrees(angles.min(axis=0)) - 15, np.degrees(angles.max(axis=0)) + 15
    theta, phi = (np.arange(np.floor(a), b + _STEP, _STEP) for a, b in zip(low, high, strict=True))
    heights = density(np.radians(_plane(theta, phi))).reshape(len(phi), len(theta))
    lines = {level: contours(theta, phi, heights, level) for level in LEVELS}
    degrees = np.degrees(angles)
    at = np.round((degrees - [theta[0], phi[0]]) / _STEP).astype(int)
    alone = degrees[heights[at[:, 1], at[:, 0]] < LEVELS[0]]
    return lines, alone[:: max(1, len(alone) // _MOST_DOTS)][:_MOST_DOTS]


def _plane(theta: Floats, phi: Floats) -> Floats:
    """(P x T, 2) points of a grid, theta fastest."""
    across, along = np.meshgrid(theta, phi)
    return np.stack([across.ravel(), along.ravel()], axis=-1)
