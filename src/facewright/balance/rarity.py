"""How rare a face is among others by several attributes jointly.

LPFF's idea, carried to any attributes: numbers by a Gaussian kernel density of Scott's bandwidth,
classes by the share of their cell, and both together as the share of the cell times the density
of the numbers within it.
"""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.errors import UsageError

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_NUMBERS: Final = 3
_EDGE: Final = 6.0  # standard deviations; a point beyond is as rare as can be
_SIDE: Final = {1: 4096, 2: 1024, 3: 192}  # most nodes along an axis of the grid
_FINE: Final = 8.0  # nodes in a bandwidth where the grid may be so large
_MARGIN: Final = 4.0  # bandwidths around the points
_FLAT: Final = 1e-9


def rarity(cells: Counts, numbers: Floats) -> Floats:
    """Joint density of every face.

    Args:
        cells: (N,) cell of the classes; all 0 where there are none; -1 where one is not known.
        numbers: (N, D), D up to 3; NaN where one is not known.

    Returns:
        (N,) share of the cell x density of the numbers within it, per product of their units; NaN
        where something is not known. In a cell of too few or too equal faces for a density it
        is 0: such a cell is rare.

    Raises:
        UsageError: more than three numbers.
    """
    if numbers.shape[1] > MOST_NUMBERS:
        raise UsageError(f"a joint density takes {MOST_NUMBERS} numbers at most, and any classes")
    known = (cells >= 0) & np.isfinite(numbers).all(axis=1)
    out = np.full(len(cells), np.nan)
    total = max(int(known.sum()), 1)
    for cell in np.unique(cells[known]).tolist():
        own = np.flatnonzero(known & (cells == cell))
        out[own] = len(own) / total * density(numbers[own])
    return out


def density(points: Floats) -> Floats:
    """Gaussian kernel density of points at themselves, with Scott's bandwidth n^(-1/(D+4)).

    Points are shared out over a grid in whitened coordinates, smoothed by FFT and read off
    linearly: within a few percent of the exact sum where most points lie. No point gets less
    than its own kernel.

    Args:
        points: (N, D); D = 0 gives ones.

    Returns:
        (N,) per product of the units; 0 where N < D + 2 or the points lie on a plane.
    """
    count, width = points.shape
    if not width:
        return np.ones(count)
    if count < width + 2:
        return np.zeros(count)
    centred = points - points.mean(axis=0)
    scale = centred.std(axis=0, ddof=1)
    if not (scale > 0).all():
        return np.zeros(count)
    covariance = np.cov((centred / scale).T).reshape(width, width)
    if np.linalg.det(covariance) < _FLAT:
        return np.zeros(count)
    whiten = np.linalg.inv(np.linalg.cholesky(covariance))
    white = (centred / scale) @ whiten.T
    bandwidth = count ** (-1.0 / (width + 4))
    alone = 1.0 / (count * (np.sqrt(2 * np.pi) * bandwidth) ** width)
    near = np.abs(white).max(axis=1) <= _EDGE
    out = np.full(count, alone)
    out[near] = np.maximum(_smoothed(white[near], bandwidth) / count, alone)
    per_unit: Floats = out * np.linalg.det(whiten) / np.prod(scale)
    return per_unit


def _smoothed(points: Floats, bandwidth: float) -> Floats:
    """Sum of the points' kernels of mass 1 at each of them, on a grid."""
    width = points.shape[1]
    low = points.min(axis=0) - _MARGIN * bandwidth
    high = points.max(axis=0) + _MARGIN * bandwidth
    step = max(bandwidth / _FINE, float((high - low).max()) / _SIDE[width])
    shape = tuple(np.ceil((high - low) / step).astype(np.int64) + 2)
    places = (points - low) / step
    corner = np.floor(places).astype(np.int64)
    local = places - corner
    grid = np.zeros(int(np.prod(shape)))
    corners = [
        (np.ravel_multi_index(tuple((corner + at).T), shape), _share(local, at))
        for at in map(np.array, product((0, 1), repeat=width))
    ]
    for nodes, shares in corners:
        grid += np.bincount(nodes, weights=shares, minlength=len(grid))
    # Sharing out and reading off each widen a kernel by step^2 / 6: take both off beforehand.
    spread = max(bandwidth**2 - step**2 / 3, (bandwidth / 2) ** 2)
    smooth = _blur(grid.reshape(shape), np.sqrt(spread) / step).ravel() / step**width
    return np.asarray(sum(smooth[nodes] * shares for nodes, shares in corners), np.float64)


def _share(local: Floats, corner: Counts) -> Floats:
    """(N,) share of each point that a corner of its cell gets."""
    return np.asarray(np.where(corner, local, 1.0 - local).prod(axis=1), np.float64)


def _blur(grid: Floats, sigma: float) -> Floats:
    """Convolve with a Gaussian of `sigma` nodes, whose transform is known, along every axis."""
    found = np.fft.rfftn(grid)
    for axis, size in enumerate(grid.shape):
        last = axis == grid.ndim - 1
        turns = np.fft.rfftfreq(size) if last else np.fft.fftfreq(size)
        gain = np.exp(-2.0 * (np.pi * sigma * turns) ** 2)
        found *= np.expand_dims(gain, tuple(n for n in range(grid.ndim) if n != axis))
    return np.fft.irfftn(found, grid.shape, axes=tuple(range(grid.ndim)))
