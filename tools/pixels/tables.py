"""Figures of the pixel annotators, printed by sex and apparent ethnicity and kept for cards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from pixels.sets import LabelledSet

Floats = NDArray[np.float64]
Figure = dict[str, Any]
SCRIPT = "tools/measure_pixels.py"
_GROUPS = {
    "apparent_sex": ("f", "m"),
    "apparent_ethnicity": ("white", "black", "east_asian", "south_asian"),
}


@dataclass
class Report:
    """Collects figures by annotator and prints them as they come."""

    figures: dict[str, list[Figure]] = field(default_factory=dict)

    def add(self, annotator: str, figure: str, value: float, on: str, n: int) -> None:
        """Keep one figure."""
        entry = {"figure": figure, "value": round(float(value), 3), "on": on, "n": int(n)}
        self.figures.setdefault(annotator, []).append({**entry, "script": SCRIPT})
        print(f"  {annotator:<11} {figure:<58} {float(value):8.3f}  {on} (n = {n})")


def labels(sets: list[LabelledSet], name: str) -> NDArray[Any]:
    """A label's strings over all sets."""
    return np.concatenate([s.column(name) for s in sets])


def set_names(sets: list[LabelledSet]) -> str:
    """What to say of the sets that figures were measured on."""
    return " + ".join(s.name for s in sets)


def by_group(sets: list[LabelledSet], where: NDArray[np.intp]) -> list[tuple[str, NDArray[Any]]]:
    """Masks (M,) over the faces `where`: everybody, each sex, each apparent ethnicity."""
    groups = [("all", np.ones(len(where), bool))]
    for label, values in _GROUPS.items():
        answers = labels(sets, label)[where]
        groups += [(value, answers == value) for value in values]
    return groups


def auc(truth: NDArray[Any], scores: Floats) -> float:
    """Area under the ROC curve, NaN where one class is missing."""
    if len(np.unique(truth)) < 2:
        return float("nan")
    return float(roc_auc_score(truth, scores))


def table(title: str, header: str, rows: list[tuple[str, ...]]) -> None:
    """Print aligned rows."""
    print(f"\n{title}")
    lines = [tuple(header.split("|")), *rows]
    widths = [max(len(line[c]) for line in lines) for c in range(len(lines[0]))]
    for line in lines:
        print("  " + "  ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)))


def quantile_cells(values: Floats, levels: tuple[float, ...] = (0.05, 0.5, 0.95)) -> list[str]:
    """Quantiles of values, or dashes where there are none."""
    known = values[np.isfinite(values)]
    if not len(known):
        return ["-"] * len(levels)
    return [f"{q:.2f}" for q in np.quantile(known, levels)]
