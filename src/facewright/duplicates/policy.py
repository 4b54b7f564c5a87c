"""Which of several duplicates is the best: an order inside of each cluster.

Faces are compared by the first key, those that are equal by the next, ... and at last by their
place in the datasets. So that a difference that means nothing does not decide, quality and size
count in steps below the best of the cluster: 0.05 of `quality.overall`, a tenth of
`quality.face_size`. Licences count by what they ask for, see `openness`. What is unknown is last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.duplicates.evidence import Evidence
from facewright.duplicates.settings import Key
from facewright.provenance.licences import Licence, Redistribution
from facewright.provenance.naming import read_licence

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_QUALITY_STEP: Final = 0.05
_SIZE_STEP: Final = 0.1
_ROUNDING: Final = 1e-6
_DUTIES: Final = (
    1,
    4,
    2,
    8,
    0,
)  # attribution, non-commercial, share-alike, no derivatives, changes
_UNKNOWN_DUTY: Final = 16
_PASSING_ON: Final = {
    Redistribution.YES: 0,
    Redistribution.UNCLEAR: 100,
    Redistribution.INSTITUTION: 200,
    Redistribution.NO: 400,
}


def openness(licence: Licence) -> int:
    """What a licence asks for, as a number: 0 nothing, more for each duty, most if not passed on.

    CC0 and public domain 0, BY 1, BY-SA 3, BY-NC 5, BY-NC-SA 7, BY-ND 9, unclear ones from 100,
    within an institution from 200, all rights reserved from 400.
    """
    asked = sum(
        _UNKNOWN_DUTY if duty is None else weight * duty
        for duty, weight in zip(licence.duties, _DUTIES, strict=True)
    )
    return asked + _PASSING_ON[licence.redistribution]


def ranked(evidence: Evidence, rows: Rows, starts: Rows, keys: Sequence[Key]) -> Rows:
    """Rows of clusters with the best of each cluster first.

    Args:
        evidence: of all faces.
        rows: of the clusters, one cluster after another.
        starts: where each cluster starts, with the total at the end.
        keys: what makes a face better, the most important first.
    """
    cluster = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    worse = [_KEYS[key](evidence, rows, starts[:-1]) for key in keys]
    order = np.lexsort((rows, *reversed(worse), cluster))
    return rows[order]


def _quality(evidence: Evidence, rows: Rows, starts: Rows) -> Floats:
    return _steps(evidence.quality[rows], starts, _QUALITY_STEP)


def _size(evidence: Evidence, rows: Rows, starts: Rows) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return _steps(np.log(evidence.size[rows]), starts, float(np.log1p(_SIZE_STEP)))


def _licence(evidence: Evidence, rows: Rows, starts: Rows) -> Floats:  # noqa: ARG001 - as the others
    asked = [openness(read_licence(name, url)) for name, url in evidence.licences]
    return np.array(asked, np.float64)[evidence.licence[rows]]


def _steps(values: Floats, starts: Rows, step: float) -> Floats:
    """Whole steps by which each value is below the best of its run; infinite where unknown."""
    if not len(values):
        return values
    known = np.where(np.isfinite(values), values, -np.inf)
    best = np.repeat(np.maximum.reduceat(known, starts), np.diff(np.append(starts, len(values))))
    with np.errstate(invalid="ignore"):
        below = np.floor((best - known) / step + _ROUNDING)
    return np.where(np.isfinite(known), below, np.inf)


_KEYS: Final[dict[Key, Callable[[Evidence, Rows, Rows], Floats]]] = {
    "quality": _quality,
    "size": _size,
    "licence": _licence,
}
