"""What a selection says of how it was balanced: distances before and after."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from facewright.analyse.report.model import Moved
from facewright.store.selection import Selection


def balanced(select: Path | None) -> tuple[Moved, ...]:
    """Rows of a selection that `facewright balance` wrote; none of any other.

    Raises:
        UsageError: it is no selection.
    """
    if select is None:
        return ()
    chosen = Selection.load(select)
    return tuple(
        _moved(of, chosen.target or "its target", row) for of, row in chosen.distances.items()
    )


def _moved(of: str, target: str, row: Any) -> Moved:
    before, after = _side(row, "before"), _side(row, "after")
    return Moved(
        of=of,
        target=target,
        total_variation_before=_number(before.get("total_variation")),
        total_variation_after=_number(after.get("total_variation")),
        kl_before=_number(before.get("kl_divergence")),
        kl_after=_number(after.get("kl_divergence")),
    )


def _side(row: Any, name: str) -> Mapping[str, Any]:
    """Selections may be written by hand: what is no table of numbers says nothing."""
    side = row.get(name) if isinstance(row, Mapping) else None
    return side if isinstance(side, Mapping) else {}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None
