"""Whole numbers of faces from shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

_DIGITS = 9
"""Decimals of a remainder that count; beyond them lies the noise of floating point."""
_TINY = 1e-6
_CELL_WEIGHT = 1e-3


def hamilton(shares: ArrayLike, size: int) -> Counts:
    """Quotas by largest remainder (Hamilton, 1792).

    Each cell gets its exact quota rounded down; what is left goes, one each, to the largest
    remainders; of equal ones to the larger share, then to the first.

    Args:
        shares: any shape, adding up to 1.
        size: faces in all.

    Returns:
        The shape of `shares`; adds up to `size`, each within 1 of shares x size.
    """
    wanted = np.asarray(shares, np.float64)
    exact = np.round(wanted.ravel() * size, _DIGITS)
    quotas = np.floor(exact).astype(np.int64)
    left = size - int(quotas.sum())
    remainders = np.round(exact - quotas, _DIGITS)
    first = np.lexsort((-wanted.ravel(), -remainders))
    quotas[first[: max(left, 0)]] += 1
    return quotas.reshape(wanted.shape)


def controlled(shares: ArrayLike, size: int, groups: Sequence[Sequence[int]]) -> Counts:
    """Quotas of which the sums are as near their own exact quotas as can be, too.

    Largest remainders look at one cell at a time: of 24 cells of 3.75 faces each, all the four
    that lose out may be of one sex. Cox's controlled rounding (JASA 82, 1987) keeps each cell
    within 1 and chooses among the cells those that keep the sums; here it is done by exchanging
    one face between two cells for as long as the squared errors of the sums go down, those of
    the cells being what counts where sums do not care.

    Args:
        shares: one axis an attribute, adding up to 1.
        size: faces in all.
        groups: axes over whose cells sums are kept, as ((0, 1), (2,)).

    Returns:
        The shape of `shares`; adds up to `size`, each within 1 of shares x size.
    """
    wanted = np.asarray(shares, np.float64)
    exact = np.round(wanted.ravel() * size, _DIGITS)
    counts = hamilton(wanted, size).ravel()
    at = np.indices(wanted.shape).reshape(wanted.ndim, -1)
    sums = [
        np.ravel_multi_index([at[axis] for axis in g], [wanted.shape[axis] for axis in g])
        for g in groups
    ]
    weights = [(which, 1.0) for which in sums] + [(np.arange(wanted.size), _CELL_WEIGHT)]
    while (found := _best_exchange(counts - exact, weights)) is not None:
        giver, taker = found
        counts[giver] -= 1
        counts[taker] += 1
    return counts.reshape(wanted.shape)


def _best_exchange(
    errors: Floats, weights: Sequence[tuple[NDArray[np.intp], float]]
) -> tuple[int, int] | None:
    """The cells that gain most by giving one face and taking it; None where none gains."""
    givers = np.flatnonzero(errors > _TINY)  # what is above its exact quota stays within 1 of it
    takers = np.flatnonzero(errors < -_TINY)
    if not len(givers) or not len(takers):
        return None
    change = np.zeros((len(givers), len(takers)))
    for which, weight in weights:
        off = np.bincount(which, errors)
        give, take = which[givers], which[takers]
        moved = give[:, None] != take
        change += weight * moved * 2 * (1 - off[give][:, None] + off[take])
    best = np.unravel_index(int(change.argmin()), change.shape)
    if change[best] > -_TINY:
        return None
    return int(givers[best[0]]), int(takers[best[1]])


def capped(shares: ArrayLike, caps: ArrayLike, size: int) -> Counts:
    """Quotas that no cell's cap hinders: what a short cell lacks goes to the others by share.

    Shares are all scaled by one factor until the caps leave `size` faces ("water filling"); of
    all choices of `size` faces this is one of least total variation from the shares.

    Args:
        shares: any shape, adding up to 1; cells of share 0 get nothing.
        caps: most faces of each cell.
        size: faces in all; at most the sum of the caps of the cells with a share.

    Returns:
        The shape of `shares`, nowhere above `caps`.
    """
    wanted, most = np.asarray(shares, np.float64), np.asarray(caps, np.int64)
    there = np.flatnonzero(wanted.ravel() > 0)
    share, cap = wanted.ravel()[there], most.ravel()[there]
    size = min(size, int(cap.sum()))
    fills = np.argsort(cap / share, kind="stable")
    full = np.cumsum(cap[fills])  # if this cell and all before it are full
    open_share = share.sum() - np.cumsum(share[fills])
    level = cap[fills] / share[fills]
    reached = full + level * np.maximum(open_share, 0.0)
    n = int(np.searchsorted(reached, size))  # cells that are full
    before = int(full[n - 1]) if n else 0
    rest = float(share[fills[n:]].sum())
    out = cap.astype(np.float64)
    out[fills[n:]] = share[fills[n:]] / rest * (size - before) if rest > 0 else 0.0
    exact = np.zeros(wanted.size)
    exact[there] = np.minimum(out, cap)
    return hamilton(exact / max(size, 1), size).reshape(wanted.shape)
