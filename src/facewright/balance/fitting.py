"""Iterative proportional fitting (raking): weights whose sums over groups are as wanted.

Deming and Stephan, "On a least squares adjustment of a sampled frequency table" (1940). Only
cells that have faces are held, so the number of attributes costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Margin:
    """What one attribute, or several together, should add up to.

    Attributes:
        groups: (U,) group of each cell.
        wanted: (G,) share of each group; adds up to 1.
    """

    groups: Ints
    wanted: Floats

    def shares(self, masses: Floats) -> Floats:
        """(G,) share that each group has of masses (U,) that add up to 1."""
        sums = np.bincount(self.groups, weights=masses, minlength=len(self.wanted))
        return sums.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Fit:
    """Result of raking.

    Attributes:
        masses: (U,) fitted mass of each cell, adding up to 1; all 0 where nothing could stay.
        off: for each margin the largest |share - wanted| over its groups.
        rounds: passes over all margins.
    """

    masses: Floats
    off: tuple[float, ...]
    rounds: int


def fit(start: Floats, margins: Sequence[Margin], tolerance: float, rounds: int = 500) -> Fit:
    """Rake masses until every margin is met to a tolerance, or nothing gets better.

    Args:
        start: (U,) 0 or more, e.g. faces of each cell.
        margins: at least one.
        tolerance: largest |share - wanted| that is good enough.
        rounds: at most this many passes.
    """
    masses = start / max(float(start.sum()), np.finfo(np.float64).tiny)
    best = np.inf
    for done in range(rounds + 1):
        off = tuple(float(np.abs(each.shares(masses) - each.wanted).max()) for each in margins)
        if max(off) <= tolerance or done == rounds or (done % 50 == 49 and max(off) > 0.999 * best):
            break
        if done % 50 == 49:
            best = max(off)
        for each in margins:
            masses = _scaled(masses, each)
    return Fit(masses, off, done)


def _scaled(masses: Floats, margin: Margin) -> Floats:
    shares = margin.shares(masses)
    factors = np.divide(margin.wanted, shares, out=np.zeros_like(shares), where=shares > 0)
    scaled = masses * factors[margin.groups]
    total = float(scaled.sum())
    return scaled / total if total > 0 else scaled
