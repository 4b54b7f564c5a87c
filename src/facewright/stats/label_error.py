"""Shares that account for label error, beside those as read, with intervals of both.

Two levels: Rogan and Gladen (1978). More: the inverse of the confusion, held to the simplex by
maximum likelihood. The confusion is itself counted on few faces: intervals are percentiles over
draws of both tables, each row from the Dirichlet distribution of its counts plus a prior of 1 / L
a cell (Perks 1947; Jeffreys' for two levels), so that a level of which 20 of 20 faces were read
right is not taken to be read right always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.face_table import Coded
from facewright.stats.audit import Audit
from facewright.stats.cells import shares_of
from facewright.stats.confusion import Confusion, measured_attributes
from facewright.stats.intervals import CONFIDENCE, Interval, wilson
from facewright.stats.inversion import inverted, likeliest, taken_for_each_other, tells_apart

__all__ = [
    "Audit",
    "Confusion",
    "Corrected",
    "corrected",
    "corrected_faces",
    "measured_attributes",
]

DRAWS: Final = 2000
_ROUNDS: Final = 400
"""Of each draw's maximisation: more change the bounds by less than the draws do."""
_OUTSIDE: Final = 9.0
"""Stands for a share that a draw leaves open: beyond all bounds, above or below."""
_FEW: Final = 10
"""Checked faces of a level below which a note says so."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Corrected:
    """Shares of L levels among the faces whose value is stated, as read and corrected.

    Attributes:
        levels: keys.
        counts: (L,) faces as read.
        raw: (L,) shares as read; raw_low, raw_high: their intervals (Wilson).
        shares: (L,) corrected, sum 1; low, high: their intervals, each level's own. All NaN where
            `problem` says why there is none.
        clipped: the inversion left 0..1, and the nearest possible shares in likelihood are given.
        checked: faces on which the confusion was counted.
        source: of the confusion, for people.
        problem: why there are no corrected shares; empty where there are.
        notes: what a reader must know of the corrected shares.
    """

    levels: tuple[str, ...]
    counts: NDArray[np.int64]
    raw: Floats
    raw_low: Floats
    raw_high: Floats
    shares: Floats
    low: Floats
    high: Floats
    clipped: bool
    checked: int
    source: str
    problem: str = ""
    notes: tuple[str, ...] = ()


def corrected_faces(
    coded: Coded, confusion: Confusion, confidence: float = CONFIDENCE, seed: int = 0
) -> Corrected:
    """Shares of an attribute's levels as coded; the confusion is brought to the same levels."""
    counts = coded.counts.astype(np.int64)
    return corrected(counts, confusion.over(coded.levels), confidence, seed=seed)


def corrected(
    counts: NDArray[np.int64],
    confusion: Confusion,
    confidence: float = CONFIDENCE,
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> Corrected:
    """Shares that account for label error.

    Levels of which no true face was checked are left as they are read, and a note says so; the
    others are corrected among themselves.

    Args:
        counts: (L,) faces read as each of the confusion's levels.
        confusion: of the annotator that read them.
        confidence: of each level's interval.
        seed: of the draws.
        draws: how many.

    Raises:
        ValueError: there are not as many counts as levels.
    """
    if counts.shape != (len(confusion.levels),):
        raise ValueError(f"{counts.shape} counts for {len(confusion.levels)} levels")
    known = confusion.counts.sum(axis=1) > 0
    inner = confusion.counts[np.ix_(known, known)]
    problem = _problem(counts, confusion, known)
    shares = low = high = np.full(len(counts), np.nan)
    clipped = False
    if not problem:
        part = counts[known]
        direct = inverted(shares_of(part), _rows(inner))
        clipped = bool((direct < 0).any())
        scale = int(part.sum()) / int(counts.sum())
        shares, low, high = shares_of(counts), low.copy(), high.copy()
        shares[known] = likeliest(shares_of(part), _rows(inner)) * scale
        bounds = _bounds(part, inner, confidence, np.random.default_rng(seed), draws)
        low[known] = np.minimum(bounds[0] * scale, shares[known])
        high[known] = np.maximum(bounds[1] * scale, shares[known])
    raw_low, raw_high = wilson(counts, counts.sum(), confidence)
    return Corrected(
        confusion.levels,
        counts,
        shares_of(counts),
        raw_low,
        raw_high,
        shares,
        low,
        high,
        clipped,
        confusion.checked,
        confusion.source,
        problem,
        () if problem else tuple(_notes(counts, confusion, known, clipped=clipped)),
    )


def _problem(counts: NDArray[np.int64], confusion: Confusion, known: NDArray[np.bool_]) -> str:
    """Why there can be no corrected shares; empty where there can."""
    levels = [key for key, some in zip(confusion.levels, known, strict=True) if some]
    name = confusion.attribute
    if not counts.sum():
        return f"{name} is not known of any face"
    if not levels:
        return f"no face was checked for {name}"
    if len(levels) == 1:
        return f"only faces that truly are '{levels[0]}' were checked for {name}"
    inner = confusion.counts[np.ix_(known, known)]
    if not counts[known].sum() or not inner.sum(axis=1).all():
        return f"the levels of {name} that were checked are never read as one of each other"
    return "" if tells_apart(_rows(inner)) else _untold(name, levels, _rows(inner))


def _untold(name: str, levels: Sequence[str], matrix: Floats) -> str:
    if len(levels) == 2:
        return (
            f"reading {name} tells nothing of it: sensitivity {matrix[1, 1]:.2f}"
            f" + specificity {matrix[0, 0]:.2f} is not above 1 ('{levels[1]}' being positive)"
        )
    pairs = [f"'{levels[i]}' and '{levels[j]}'" for i, j in taken_for_each_other(matrix)]
    example = f", such as {pairs[0]}" if pairs else ""
    return f"reading does not tell the levels of {name} apart{example}"


def _notes(
    counts: NDArray[np.int64], confusion: Confusion, known: NDArray[np.bool_], *, clipped: bool
) -> Sequence[str]:
    notes = [confusion.note] if confusion.note else []
    totals = confusion.counts.sum(axis=1)
    left = [k for k, some, n in zip(confusion.levels, known, counts, strict=True) if n and not some]
    if left:
        notes.append(f"no face that truly is {_or(left)} was checked: left as read")
    few = [f"{k} ({n})" for k, n in zip(confusion.levels, totals, strict=True) if 0 < n < _FEW]
    if few:
        notes.append(f"few checked faces truly are {_or(few)}")
    if clipped:
        notes.append(
            "fewer faces are read as some level than its error alone would give:"
            " shares are held to 0..1"
        )
    return notes


def _or(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _rows(counts: NDArray[np.int64] | Floats) -> Floats:
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True), np.float64)


def _bounds(
    counts: NDArray[np.int64],
    confusion: NDArray[np.int64],
    confidence: float,
    rng: np.random.Generator,
    draws: int,
) -> Interval:
    """Percentile interval (L,), (L,) within 0..1 over draws of both tables."""
    prior = 1 / len(counts)
    read = rng.standard_gamma(counts + prior, (draws, len(counts)))
    read /= read.sum(axis=1, keepdims=True)
    rows = _rows(rng.standard_gamma(confusion + prior, (draws, *confusion.shape)))
    solved = _open_ended(read, rows) if len(counts) == 2 else likeliest(read, rows, _ROUNDS)
    tail = (1 - confidence) / 2
    low, high = np.quantile(solved, [tail, 1 - tail], axis=0)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def _open_ended(read: Floats, rows: Floats) -> Floats:
    """Shares of two levels a draw, not held to 0..1, for that would pull the interval inwards.

    A draw in which reading tells nothing leaves the shares open, as often above as below.
    """
    nothing = np.linalg.det(rows) <= 0
    rows[nothing] = np.eye(2)
    solved = inverted(read, rows)
    solved[nothing] = np.where(np.arange(int(nothing.sum())) % 2, _OUTSIDE, -_OUTSIDE)[:, None]
    return np.clip(solved, -_OUTSIDE, _OUTSIDE)
