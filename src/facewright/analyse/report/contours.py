"""Lines of equal height of a function on a grid: marching squares, with linear interpolation."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Sides of a cell: 0 below, 1 right, 2 above, 3 left. Corners of a case's bits: lower left 1, lower
# right 2, upper right 4, upper left 8. Saddles (5 and 10) are cut so that high corners stay apart.
_SIDES: Final[dict[int, tuple[tuple[int, int], ...]]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 0), (1, 2)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((0, 2),),
    10: ((0, 1), (2, 3)),
    11: ((1, 2),),
    12: ((1, 3),),
    13: ((0, 1),),
    14: ((0, 3),),
}


def contours(x: Floats, y: Floats, heights: Floats, level: float) -> list[Floats]:
    """Closed lines around where a function is at least `level`.

    Outside of the grid the function counts as below it, so that every line closes.

    Args:
        x: (X,) rising coordinates of the grid's columns, evenly spaced.
        y: (Y,) of its rows.
        heights: (Y, X).
        level: height of the lines.

    Returns:
        Lines (K, 2) of x, y whose last point is their first.
    """
    low = min(float(heights.min()), level) - max(abs(level), 1e-12)
    padded = np.pad(heights.astype(np.float64), 1, constant_values=low)
    columns, rows = _padded(x), _padded(y)
    above = padded >= level
    bits = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    lines = _chained(bits)
    return [_placed(line, padded, level, columns, rows) for line in lines]


def _padded(values: Floats) -> Floats:
    step = values[1] - values[0]
    return np.concatenate([[values[0] - step], values, [values[-1] + step]])


_Edge = tuple[int, int, bool]
"""Row and column of the grid's point at which an edge starts, and whether it goes upwards."""


def _chained(bits: NDArray[np.int64]) -> list[list[_Edge]]:
    """Crossed edges in the order in which lines meet them; the last is the first."""
    meets: dict[_Edge, list[_Edge]] = defaultdict(list)
    for row, column in zip(*np.nonzero((bits > 0) & (bits < 15)), strict=True):
        r, c = int(row), int(column)
        sides = ((r, c, False), (r, c + 1, True), (r + 1, c, False), (r, c, True))
        for one, other in _SIDES[int(bits[r, c])]:
            meets[sides[one]].append(sides[other])
            meets[sides[other]].append(sides[one])
    lines = []
    while meets:
        start = next(iter(meets))
        line, here = [start], start
        while here in meets:
            following = meets[here].pop()
            if not meets[here]:
                del meets[here]
            meets[following].remove(here)
            if not meets[following]:
                del meets[following]
            line.append(following)
            here = following
        lines.append(line)
    return lines


def _placed(
    line: list[_Edge], heights: Floats, level: float, columns: Floats, rows: Floats
) -> Floats:
    points = []
    for r, c, upwards in line:
        r2, c2 = (r + 1, c) if upwards else (r, c + 1)
        first, second = heights[r, c], heights[r2, c2]
        t = (level - first) / (second - first)
        points.append(
            (columns[c] + t * (columns[c2] - columns[c]), rows[r] + t * (rows[r2] - rows[r]))
        )
    return np.array(points)
