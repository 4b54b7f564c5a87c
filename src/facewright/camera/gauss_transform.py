"""Sums of Gaussians of unit width in the plane, fast: interpolation on Chebyshev nodes.

A black-box fast multipole method (Fong & Darve 2009) in its simplest case: the kernel is a
product over x and y and smooth on the scale of a cell, so that one matrix an axis carries every
source's weight to every target. Cost: (sources + targets) x 256 and two products of matrices whose
sides are 16 a column or row of cells with points, instead of sources x targets exponentials.

Error. The m-th derivative of exp(-x^2/2) is at most 1.0866 sqrt(m!) (Cramer), so interpolating on
m Chebyshev nodes in a cell of half-width h errs by at most e = 2 x 1.0866 (h/2)^m / sqrt(m!).
Four interpolations follow each other (x and y of source and target), each growing the others'
error by at most the nodes' Lebesgue constant L: a term exp(-d^2/2) <= 1 errs by at most
e (1 + L + L^2 + L^3). With h = 1/2, m = 16 (L < 2.8) that is 3.8e-15: below what float64 loses in
adding the terms. Targets further than 9 from the box of all sources are given 0 (< 2.6e-18).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ERROR = 1e-13
"""Bound on the error of a sum, in units of the number of sources; rounding included."""

_NODES = 16
_REACH = 9.0
_MOST_NODES = 16_000_000  # of the grid: 128 MB an array, three at once
_FEW_PAIRS = 2_000_000
_BLOCK = 4_000_000  # pairs that are held at once: 32 MB an array


class _Grid(NamedTuple):
    """Cells of side 1 that hold points: their columns and rows, and each point's own.

    Attributes:
        cells: two arrays, sorted: the columns and the rows in which points lie.
        places: two arrays (N,): index into them of each point.
        weights: two arrays (N, 16): of the cell's nodes, in x and in y.
    """

    cells: tuple[NDArray[np.int64], NDArray[np.int64]]
    places: tuple[NDArray[np.intp], NDArray[np.intp]]
    weights: tuple[Floats, Floats]

    @classmethod
    def of(cls, points: Floats) -> _Grid:
        """The grid that holds all points."""
        whole = np.floor(points).astype(np.int64)
        x, places_x = np.unique(whole[:, 0], return_inverse=True)
        y, places_y = np.unique(whole[:, 1], return_inverse=True)
        local = 2.0 * (points - whole) - 1.0
        weights = _weights(local[:, 0]), _weights(local[:, 1])
        return cls((x, y), (places_x, places_y), weights)

    def by_cell(self) -> Iterator[tuple[slice, slice, NDArray[np.intp]]]:
        """Each cell's nodes in x and y, and the points in it."""
        cell = self.places[0] * len(self.cells[1]) + self.places[1]
        order = np.argsort(cell, kind="stable")
        starts = np.flatnonzero(np.diff(cell[order], prepend=-1))
        for rows in np.split(order, starts[1:]):
            x, y = (int(place[rows[0]]) * _NODES for place in self.places)
            yield slice(x, x + _NODES), slice(y, y + _NODES), rows


def gauss_sums(sources: Floats, targets: Floats) -> Floats:
    """Sum over all sources of exp(-|target - source|^2 / 2) at each target.

    Args:
        sources: (N, 2), at least one.
        targets: (M, 2).

    Returns:
        (M,), wrong by at most N x `ERROR`. Few pairs, or points spread over too many cells, are
        summed term by term.
    """
    if len(sources) * len(targets) <= _FEW_PAIRS:
        return exact_sums(sources, targets)
    low, high = sources.min(axis=0), sources.max(axis=0)
    near = np.all((targets > low - _REACH) & (targets < high + _REACH), axis=1)
    out = np.zeros(len(targets))
    origin = _REACH - low  # cells are counted near zero, where floats are finest
    giver, taker = _Grid.of(sources + origin), _Grid.of(targets[near] + origin)
    columns, rows = (max(len(giver.cells[axis]), len(taker.cells[axis])) for axis in (0, 1))
    if columns * rows * _NODES**2 > _MOST_NODES:
        return exact_sums(sources, targets)
    field = _kernel(taker.cells[0], giver.cells[0]) @ _spread(giver)
    out[near] = _read(field @ _kernel(giver.cells[1], taker.cells[1]), taker)
    return out


def exact_sums(sources: Floats, targets: Floats) -> Floats:
    """`gauss_sums` term by term, in blocks of 32 MB."""
    out = np.empty(len(targets))
    step = max(1, _BLOCK // max(1, len(sources)))
    for start in range(0, len(targets), step):
        rows = slice(start, start + step)
        squares = (targets[rows, :1] - sources[:, 0]) ** 2
        squares += (targets[rows, 1:] - sources[:, 1]) ** 2
        squares *= -0.5
        out[rows] = np.exp(squares, out=squares).sum(axis=1)
    return out


def _spread(grid: _Grid) -> Floats:
    """Sources as weights on the nodes of their cells' columns and rows."""
    out = np.zeros((len(grid.cells[0]) * _NODES, len(grid.cells[1]) * _NODES))
    for x, y, rows in grid.by_cell():
        out[x, y] = grid.weights[0][rows].T @ grid.weights[1][rows]
    return out


def _read(field: Floats, grid: _Grid) -> Floats:
    """Values at the targets of a field known on the nodes."""
    out = np.empty(len(grid.places[0]))
    for x, y, rows in grid.by_cell():
        out[rows] = ((grid.weights[0][rows] @ field[x, y]) * grid.weights[1][rows]).sum(axis=1)
    return out


def _kernel(ones: NDArray[np.int64], others: NDArray[np.int64]) -> Floats:
    """exp(-(a - b)^2 / 2) between all nodes of two lists of cells."""
    a, b = ((cells[:, None] + (_roots() + 1.0) / 2.0).ravel() for cells in (ones, others))
    kernel: Floats = np.exp(-0.5 * (a[:, None] - b) ** 2)
    return kernel


def _roots() -> Floats:
    """Chebyshev's nodes of the first kind in (-1, 1)."""
    return np.cos((2 * np.arange(_NODES) + 1) * np.pi / (2 * _NODES))


def _weights(local: Floats) -> Floats:
    """Lagrange's polynomials of the nodes at points of [-1, 1]: (N, 16)."""
    orders = np.arange(_NODES)
    sums = np.cos(np.outer(np.arccos(np.clip(local, -1.0, 1.0)), orders))
    at_nodes = np.cos(np.outer(orders, np.arccos(_roots())))
    at_nodes[1:] *= 2.0
    weights: Floats = sums @ at_nodes / _NODES
    return weights
