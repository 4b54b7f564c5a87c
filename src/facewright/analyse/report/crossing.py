"""Intersections: faces by several attributes at once, held against a target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.analyse.report.model import Cell, ChiSquare, Crossing
from facewright.analyse.report.study import Settings, Study, is_known
from facewright.analyse.report.wording import short
from facewright.balance.target import Target
from facewright.errors import UsageError
from facewright.stats.cells import Cells
from facewright.stats.distances import chi_square, kl_divergence, total_variation
from facewright.stats.intervals import wilson

USUAL: Final = ("sex", "age_group", "ethnicity")
MOST_CELLS: Final = 20_000
_FEW_LEVELS: Final = 12


def chosen(studies: Sequence[Study], settings: Settings, target: Target | None) -> tuple[str, ...]:
    """Attributes of the intersections, the same for all datasets.

    Those that are asked for; else the target's; else those of `USUAL` that are known in every
    dataset; else, of tables that know none of them, columns of the user's with few values.
    """
    if settings.by:
        return settings.by
    if target is not None:
        return target.attributes
    usual = tuple(name for name in USUAL if all(one.known(name) for one in studies))
    if usual:
        return usual
    shared = set.intersection(*(set(one.coded) for one in studies))
    own = [name for name in studies[0].coded if name in shared and not is_known(name)]
    return tuple(name for name in own if all(_is_handy(one, name) for one in studies))[:2]


def _is_handy(study: Study, name: str) -> bool:
    return 2 <= int((study.coded[name].counts > 0).sum()) <= _FEW_LEVELS


def crossing(study: Study, names: Sequence[str], target: Target | None) -> Crossing | None:
    """The intersections of one dataset; None where none of the attributes is known in it.

    Raises:
        UsageError: an attribute is not there, there are too many intersections, or the target
            does not fit.
    """
    left_out = {name: "no face has a value" for name in names if not study.known(name)}
    kept = [study.coded[name] for name in names if name not in left_out]
    if not kept:
        return None
    _check_size(names, math.prod(len(each.levels) for each in kept))
    cells = Cells.of(kept)
    expected = _expected(cells, target)
    shares = cells.shares
    has_faces = cells.total > 0
    return Crossing(
        attributes=cells.names,
        titles=tuple(each.attribute.title for each in kept),
        counted=cells.total,
        unknown=cells.unknown,
        cells=_cells(cells, expected) if has_faces else (),
        target=_said(target),
        chi_square=_chi_square(cells.counts, expected) if has_faces else None,
        total_variation=total_variation(shares, expected) if has_faces else None,
        kl_divergence=finite(kl_divergence(shares, expected)) if has_faces else None,
        left_out=left_out,
    )


def _expected(cells: Cells, target: Target | None) -> NDArray[np.float64]:
    if target is None:
        return np.full(cells.counts.shape, 1 / cells.counts.size)
    return target.expected(cells)


def _said(target: Target | None) -> str:
    if target is None:
        return "a uniform target (none was given)"
    return f"the target {target.name}"


def _check_size(names: Sequence[str], cells: int) -> None:
    if cells > MOST_CELLS:
        raise UsageError(
            f"--by {','.join(names)}: {cells:,} intersections are more than a report can hold"
            f" ({MOST_CELLS:,}); name fewer attributes, or those of fewer values"
        )


def _cells(cells: Cells, expected: NDArray[np.float64]) -> tuple[Cell, ...]:
    counts = cells.counts.ravel()
    low, high = wilson(counts, cells.total)
    shares, wanted = cells.shares.ravel(), expected.ravel()
    return tuple(
        Cell(
            keys=keys,
            labels=tuple(map(short, labels)),
            count=int(counts[n]),
            share=float(shares[n]),
            low=float(low[n]),
            high=float(high[n]),
            expected=float(wanted[n]),
            difference=float(shares[n] - wanted[n]),
        )
        for n, (keys, labels) in enumerate(zip(cells.keys(), cells.labels(), strict=True))
    )


def _chi_square(counts: NDArray[np.int64], expected: NDArray[np.float64]) -> ChiSquare:
    found = chi_square(counts.ravel(), expected.ravel())
    return ChiSquare(
        statistic=finite(found.statistic),
        degrees=found.degrees,
        p_value=finite(found.p_value),
        sparse=found.sparse,
    )


def finite(value: float) -> float | None:
    """The number; None where it is infinite or not defined."""
    return value if math.isfinite(value) else None
