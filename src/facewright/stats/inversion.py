"""True shares from shares as read and P(read | true): inversion, held to the simplex."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDS: Final = 5000
"""Of expectation maximisation, where one answer is wanted and not its spread."""
_STILL: Final = 1e-11
_ROUNDING: Final = 1e-12
_NOTHING: Final = 1e-9
"""Share that maximisation would take for ever to bring to 0."""
_WORST_CONDITION: Final = 1e6
"""Condition number of a confusion beyond which its levels are not told apart."""


def tells_apart(matrix: Floats) -> bool:
    """Whether reading tells the true levels apart at all.

    For two levels: sensitivity + specificity > 1 (Rogan and Gladen 1978). For more: the matrix
    has the orientation of the one of no error, and is not close to singular.

    Args:
        matrix: (L, L) P(read | true), rows true.
    """
    return bool(np.linalg.det(matrix) > 0 and np.linalg.cond(matrix) < _WORST_CONDITION)


def taken_for_each_other(matrix: Floats) -> list[tuple[int, int]]:
    """Pairs of levels of which, among themselves, sensitivity + specificity is not above 1."""
    size = len(matrix)
    return [
        (i, j)
        for i in range(size)
        for j in range(i + 1, size)
        if matrix[i, i] * matrix[j, j] <= matrix[i, j] * matrix[j, i]
    ]


def inverted(read: Floats, matrix: Floats) -> Floats:
    """Shares (.., L) that solve read = shares @ matrix; some may be below 0 or above 1.

    For two levels this is Rogan and Gladen's (read + specificity - 1) / (sensitivity +
    specificity - 1).

    Args:
        read: (.., L) shares as read.
        matrix: (.., L, L) P(read | true), rows true, not singular.
    """
    solved = np.linalg.solve(np.swapaxes(matrix, -1, -2), read[..., None])
    return np.asarray(solved[..., 0], np.float64)


def likeliest(read: Floats, matrix: Floats, rounds: int = ROUNDS) -> Floats:
    """Shares (.., L), 0 or more with sum 1, under which what was read is likeliest.

    Where the inversion is such, it is the answer. Elsewhere by expectation maximisation
    (Dempster, Laird and Rubin 1977, 4.3; Vardi and Lee 1993): share the faces of each level as
    read among the true levels by Bayes' rule, add up, and again.

    Args:
        read: (.., L) shares as read.
        matrix: (.., L, L) P(read | true), rows true, not singular.
        rounds: of the maximisation, at most.
    """
    shares = inverted(read, matrix)
    if shares.shape[-1] == 2:  # between two levels there is nothing to share out
        return np.clip(shares, 0.0, 1.0)
    outside = (shares < -_ROUNDING).any(axis=-1)
    shares = np.maximum(shares, 0.0)
    shares[outside] = _maximised(read[outside], matrix[outside], rounds)
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), np.float64)


def _maximised(read: Floats, matrix: Floats, rounds: int) -> Floats:
    """Expectation maximisation of B problems (B, L), (B, L, L) from even shares on."""
    turned = np.swapaxes(matrix, -1, -2)
    shares = np.full(read.shape, 1 / read.shape[-1])
    for _ in range(rounds):
        expected = (turned @ shares[..., None])[..., 0]
        ratio = np.divide(read, expected, out=np.zeros_like(read), where=expected > 0)
        better = shares * (matrix @ ratio[..., None])[..., 0]
        better /= better.sum(axis=-1, keepdims=True)
        moved = float(np.abs(better - shares).max(initial=0.0))
        shares = better
        if moved < _STILL:
            break
    return np.where(shares < _NOTHING, 0.0, shares)
