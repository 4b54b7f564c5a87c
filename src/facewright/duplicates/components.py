"""Connected components of millions of rows, links coming in any order and in any number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

_STEPS = 4  # up a path before all paths are halved


class Components:
    """Union-find over rows 0..n-1 by whole arrays of links; it keeps n numbers and no link.

    Roots are joined by `minimum.at` and paths are halved by pointer jumping (Shiloach and
    Vishkin, "An O(log n) parallel connectivity algorithm", 1982), so a component's root is
    its least row, whatever the order of links.
    """

    def __init__(self, rows: int) -> None:
        self._parent = np.arange(rows, dtype=np.int64)

    def link(self, first: Rows, second: Rows) -> None:
        """Join the components of rows `first` (N,) and `second` (N,), pair by pair."""
        while len(first):
            one, other = self._roots(first), self._roots(second)
            apart = one != other
            first, second, one, other = (x[apart] for x in (first, second, one, other))
            low, high = np.minimum(one, other), np.maximum(one, other)
            np.minimum.at(self._parent, high, low)

    def labels(self) -> Rows:
        """The least row of each row's component (n,)."""
        self._parent = self._roots(np.arange(len(self._parent)))
        return self._parent.copy()

    def _roots(self, rows: Rows) -> Rows:
        found = self._parent[rows]
        for _ in range(_STEPS):
            above = self._parent[found]
            if np.array_equal(above, found):
                break
            found = above
        else:  # a long path: halve all of them until each row points at its root
            self._halve()
            found = self._parent[rows]
        self._parent[rows] = found
        return found

    def _halve(self) -> None:
        while True:
            above = self._parent[self._parent]
            if np.array_equal(above, self._parent):
                return
            self._parent = above


def groups(labels: Rows) -> tuple[Rows, Rows]:
    """Rows of components of two or more, one after another.

    Args:
        labels: of rows (n,), as `Components.labels`.

    Returns:
        Rows, those of a component in a run and ascending, components by their least row; and
        where each run starts, with the total at the end (components + 1,).
    """
    sizes = np.bincount(labels, minlength=len(labels))
    rows = np.flatnonzero(sizes[labels] > 1)
    order = rows[np.argsort(labels[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    return order, np.append(starts, len(order))


def equal_links(keys: NDArray[np.generic]) -> tuple[Rows, Rows]:
    """Links that join all rows of equal keys: each row to the next one with its key.

    Args:
        keys: (N,), of a type that sorts.
    """
    order = np.argsort(keys, kind="stable")
    same = keys[order[1:]] == keys[order[:-1]]
    return order[:-1][same], order[1:][same]
