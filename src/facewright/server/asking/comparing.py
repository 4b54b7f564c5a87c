"""How faces fall on the cells of some attributes, and how far that is from what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.face_table import Coded
from facewright.balance.feasible import largest_exact
from facewright.balance.sentence import parse_target
from facewright.balance.split import Distances
from facewright.balance.target import Target
from facewright.server.asking.filters import FilterError
from facewright.server.catalogue.catalogue import Catalogue, Mask
from facewright.server.catalogue.columns import Column
from facewright.stats.cells import Cells
from facewright.stats.intervals import wilson

Floats = NDArray[np.float64]

USUAL: Final = ("sex", "age_group", "ethnicity")
EQUAL: Final = "equal"
ALL: Final = "all"
DATASET: Final = "dataset:"

_MOST_LEVELS: Final = 400
_MOST_CELLS: Final = 500
"""Cells that an answer lists."""
_DIGITS: Final = 6


def compared(
    catalogue: Catalogue, mask: Mask | None, by: Sequence[str], said: str
) -> dict[str, Any]:
    """Shares of faces beside what a target wants, as `ReportAnswer` tells.

    Args:
        catalogue: whose faces.
        mask: (N,) those that are looked at; None for all.
        by: attributes; none: those that the target names, or the usual ones.
        said: "equal", "all" or "dataset:NAME" (as these are distributed), a sentence, or "" for
            no target.

    Raises:
        UsageError: no such attribute or dataset, too many cells, or the target cannot be read.
    """
    target = parse_target(said) if is_sentence(said) else None
    names = _names(catalogue, by, target)
    cells = _cells(catalogue, mask, names)
    wanted = _wanted(catalogue, said, target, cells)
    answer = {
        "total": len(cells.numbers),
        "known": cells.total,
        "by": list(names),
        "target": said,
        "marginals": {
            each.attribute.name: _marginal(each, axis, wanted)
            for axis, each in enumerate(cells.coded)
        },
        "cells": _listed(cells, wanted),
        "distances": None,
        "largest": None,
    }
    if wanted is None:
        return answer
    return {**answer, "distances": _distances(cells, wanted), "largest": _largest(cells, wanted)}


def is_sentence(said: str) -> bool:
    """Whether a target is written as a sentence."""
    return bool(said) and said not in (EQUAL, ALL) and not said.startswith(DATASET)


def _names(catalogue: Catalogue, by: Sequence[str], target: Target | None) -> tuple[str, ...]:
    usual = tuple(name for name in USUAL if name in catalogue.columns)
    names = tuple(dict.fromkeys(by)) or (usual if target is None else target.attributes)
    for name in names:
        try:
            column = catalogue.column(name)
        except KeyError:
            raise FilterError("by", f"no attribute {name[:80]!r}") from None
        if column.members is not None:
            raise FilterError("by", f"{name[:80]!r} holds lists: a face would be in several cells")
        if not 0 < len(column.levels) <= _MOST_LEVELS:
            raise FilterError("by", f"{name[:80]!r} has {len(column.levels)} levels")
    return names


def _cells(catalogue: Catalogue, mask: Mask | None, names: Sequence[str]) -> Cells:
    rows = None if mask is None else np.flatnonzero(mask)
    return Cells.of([_coded(catalogue.column(name), rows) for name in names])


def _coded(column: Column, rows: NDArray[np.intp] | None) -> Coded:
    codes = (column.codes if rows is None else column.codes.take(rows)).astype(np.int32)
    codes[codes == len(column.levels)] = -1
    return Coded(column.attribute, column.levels, codes)


def _wanted(catalogue: Catalogue, said: str, target: Target | None, cells: Cells) -> Floats | None:
    """Wanted share of each cell; None where nothing is wanted."""
    if target is not None:
        return target.expected(cells)
    if said == EQUAL:
        return Target.uniform(cells.names).expected(cells)
    if not said:
        return None
    mask = None if said == ALL else _of_dataset(catalogue, said.removeprefix(DATASET))
    other = _cells(catalogue, mask, cells.names)
    if not other.total:
        raise FilterError("target", f"{said[:80]}: no face has a value of {', '.join(cells.names)}")
    return other.shares


def _of_dataset(catalogue: Catalogue, name: str) -> Mask:
    column = catalogue.columns["dataset"]
    if name not in column.index:
        raise FilterError("target", f"no dataset {name[:80]!r}")
    mask: Mask = column.codes == column.index[name]
    return mask


def _marginal(each: Coded, axis: int, wanted: Floats | None) -> dict[str, Any]:
    """Shares of one attribute, of the faces of which it is known, with 95 % intervals (Wilson)."""
    counts = each.counts
    total = int(counts.sum())
    low, high = wilson(counts, total)
    told: dict[str, Any] = {
        "faces": dict(zip(each.levels, counts.tolist(), strict=True)),
        "found": _by_level(each, counts / max(total, 1)),
        "low": _by_level(each, low),
        "high": _by_level(each, high),
        "unknown": each.unknown,
        "wanted": None,
    }
    if wanted is not None:
        others = tuple(other for other in range(wanted.ndim) if other != axis)
        told["wanted"] = _by_level(each, wanted.sum(axis=others))
    return told


def _by_level(each: Coded, values: Floats) -> dict[str, float]:
    return dict(zip(each.levels, np.round(values, _DIGITS).tolist(), strict=True))


def _listed(cells: Cells, wanted: Floats | None) -> list[dict[str, Any]]:
    """The cells that hold most, or should; in their order."""
    counts, shares = cells.counts.ravel(), cells.shares.ravel()
    of_target = np.zeros(len(shares)) if wanted is None else wanted.ravel()
    order = np.argsort(-np.maximum(shares, of_target), kind="stable")[:_MOST_CELLS]
    chosen = np.sort(order[(counts[order] > 0) | (of_target[order] > 0)])
    at = np.unravel_index(chosen, cells.counts.shape)
    return [
        {
            "levels": {
                each.attribute.name: each.levels[at[axis][n]]
                for axis, each in enumerate(cells.coded)
            },
            "faces": int(counts[cell]),
            "share": round(float(shares[cell]), _DIGITS),
            "wanted": None if wanted is None else round(float(of_target[cell]), _DIGITS),
        }
        for n, cell in enumerate(chosen.tolist())
    ]


def _distances(cells: Cells, wanted: Floats) -> dict[str, float | None]:
    found = Distances.between(cells.counts.astype(np.float64), wanted).plain()
    return {"kullback_leibler" if k == "kl_divergence" else k: v for k, v in found.items()}


def _largest(cells: Cells, wanted: Floats) -> int:
    """Most faces of which every cell has its exact share."""
    return largest_exact(cells.counts, wanted) if cells.total else 0
