"""All pairs of embeddings with a cosine from a threshold on, exactly, block by block.

Comparing N embeddings of D numbers costs N^2 D / 2 multiplications. Most pairs are far below the
threshold, and a few numbers say so: with V the K directions that hold most of a sample's energy,

    cos(x, y) = <Vx, Vy> + <rest of x, rest of y>  <=  <Vx, Vy> + |rest of x| |rest of y|

(Cauchy and Schwarz), which is one product of K + 1 numbers. Pairs whose bound is below the
threshold are passed over, and none can be lost by it; the others are multiplied out. A sample says
which K is the cheapest, 0 where none is worth it. A block of which too many pairs pass is
multiplied out whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]

_BLOCK: Final = 4096  # rows: a block of bounds is 64 MB
_SAMPLE: Final = 2048
_WIDTHS: Final = (0, 32, 48, 64, 96, 128, 192, 256)
_SLACK: Final = 2e-4  # what rounding of float32 sums may take from a bound
_PAIRS: Final = 8192  # multiplied out at once
_PASSED: Final = 800.0  # times as dear as in a whole block is a pair that is multiplied out alone
_CROWDED: Final = (
    1.0 / _PASSED
)  # share of a block's pairs from which the block is multiplied out whole


@dataclass(frozen=True, slots=True)
class Alike:
    """Some pairs of rows, first < second, with their cosines.

    Attributes:
        first: rows (N,).
        second: rows (N,).
        cosine: float32 (N,), as of the given embeddings.
    """

    first: Rows
    second: Rows
    cosine: Floats


def usable(embeddings: NDArray[np.floating]) -> Rows:
    """Rows of embeddings (N, D) that have a direction: finite and not all zero."""
    found = [
        start + np.flatnonzero(np.isfinite(norms) & (norms > 0))
        for start, norms in _norms_by_block(embeddings)
    ]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def cosines(embeddings: NDArray[np.floating], first: Rows, second: Rows) -> Floats:
    """Cosines (M,) of pairs of rows of embeddings (N, D); NaN where one has no direction."""
    out = np.full(len(first), np.nan, np.float32)
    for start in range(0, len(first), _PAIRS):
        part = slice(start, start + _PAIRS)
        one, other = _unit(embeddings[first[part]]), _unit(embeddings[second[part]])
        out[part] = np.einsum("nd,nd->n", one, other)
    return out


def alike_pairs(
    embeddings: NDArray[np.floating],
    least: float,
    on_rows: Callable[[int, int], None] | None = None,
) -> Iterator[Alike]:
    """All pairs of rows with a cosine of at least `least`, each once, in batches.

    Args:
        embeddings: float16 or float32 (N, D). Rows that are zero or not finite have no pairs.
        least: cosine, above 0 and up to 1.
        on_rows: told how many rows are done, of how many.

    Memory beside the embeddings: 4 * (K + 1) bytes a row, K at most 256, and 300 MB.
    """
    rows = usable(embeddings)
    directions = _directions(embeddings, rows, least)
    short = _shortened(embeddings, rows, directions)
    # The last two: of a row of blocks, the first stays and is not made again for each.
    units = lru_cache(maxsize=2)(lambda at: _unit(embeddings[rows[at : at + _BLOCK]]))
    for top in range(0, len(rows), _BLOCK):
        for left in range(top, len(rows), _BLOCK):
            yield from _block(embeddings, rows, short, units, (top, left), least)
        if on_rows is not None:
            on_rows(min(top + _BLOCK, len(rows)), len(rows))


def _norms_by_block(embeddings: NDArray[np.floating]) -> Iterator[tuple[int, Floats]]:
    for start in range(0, len(embeddings), _BLOCK):
        block = embeddings[start : start + _BLOCK].astype(np.float32)
        yield start, np.sqrt(np.einsum("nd,nd->n", block, block))


def _unit(vectors: NDArray[np.floating]) -> Floats:
    """Vectors (N, D) at length 1; NaN where they have no direction."""
    long = vectors.astype(np.float32)
    norms = np.sqrt(np.einsum("nd,nd->n", long, long))
    norms[norms == 0] = np.nan
    with np.errstate(invalid="ignore"):
        unit: Floats = long / norms[:, None]
    return unit


def _directions(embeddings: NDArray[np.floating], rows: Rows, least: float) -> Floats:
    """Orthonormal directions (D, K) of most energy; K by what a sample would cost."""
    if len(rows) <= _BLOCK:
        return np.zeros((embeddings.shape[1], 0), np.float32)
    sample = _unit(embeddings[rows[:: max(len(rows) // _SAMPLE, 1)]])
    energy, vectors = np.linalg.eigh(sample.T.astype(np.float64) @ sample)
    strongest = vectors[:, np.argsort(energy)[::-1]].astype(np.float32)
    dimensions = sample.shape[1]
    costs = []
    for width in (w for w in _WIDTHS if w <= dimensions):
        bounds = _with_rest(sample, strongest[:, :width])
        passed = float((np.triu(bounds @ bounds.T, 1) >= least - _SLACK).mean() * 2)
        costs.append((width + min(passed * _PASSED, 1.0) * dimensions, width))
    return strongest[:, : min(costs)[1]]


def _with_rest(unit: Floats, directions: Floats) -> Floats:
    """Vectors (N, K + 1) whose products are upper bounds of those of `unit` (N, D)."""
    short = unit @ directions
    rest = np.sqrt(np.maximum(1.0 - np.einsum("nk,nk->n", short, short), 0.0))
    return np.column_stack([short, rest])


def _shortened(embeddings: NDArray[np.floating], rows: Rows, directions: Floats) -> Floats:
    out = np.empty((len(rows), directions.shape[1] + 1), np.float32)
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        out[part] = _with_rest(_unit(embeddings[rows[part]]), directions)
    return out


def _block(
    embeddings: NDArray[np.floating],
    rows: Rows,
    short: Floats,
    units: Callable[[int], Floats],
    corner: tuple[int, int],
    least: float,
) -> Iterator[Alike]:
    """Pairs of one block of the upper triangle."""
    top, left = corner
    whole = short.shape[1] == 1
    if not whole:
        products = short[top : top + _BLOCK] @ short[left : left + _BLOCK].T
        passed = products >= least - _SLACK
        whole = np.count_nonzero(passed) > _CROWDED * products.size
    if whole:
        products = units(top) @ units(left).T
        passed = products >= least
    upper, right = np.divmod(np.flatnonzero(passed), products.shape[1])
    above = top + upper < left + right
    upper, right = upper[above], right[above]
    first, second = rows[top + upper], rows[left + right]
    exact = products[upper, right] if whole else cosines(embeddings, first, second)
    near = exact >= least
    if near.any():
        yield Alike(first[near], second[near], exact[near])
