"""Measured figures: collected by card, broken down, printed, and kept for the cards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.learn.fitted import weights_folder
from labelled import Labelled

SCRIPT = "tools/measure_models.py"
PORTRAITS = "100 synthetic portraits"
TABLER = "145 real portraits (tabler)"
BOTH = "145 real and 100 synthetic portraits"
FEWEST = 5  # faces below which a subgroup is not worth a figure
BREAKDOWN = ("apparent_sex", "apparent_ethnicity")

Figures = dict[str, list[dict[str, Any]]]
"""Rows of figures by the id of a model or an annotator, the most telling first."""


def add(figures: Figures, card: str, figure: str, value: float, on: str, n: int) -> None:
    """Append one figure; those of fewer faces than five, or of none, say nothing."""
    if n >= FEWEST and not np.isnan(value):
        row = {"figure": figure, "value": round(float(value), 4), "on": on, "n": int(n)}
        figures.setdefault(card, []).append({**row, "script": SCRIPT})


def add_by_subgroup(
    figures: Figures,
    card: str,
    figure: str,
    values: NDArray[Any],
    faces: Labelled,
    known: NDArray[np.bool_],
    kinds: Sequence[str] = BREAKDOWN,
) -> None:
    """A mean over all known faces, then by sex and apparent ethnicity.

    Args:
        figures: to append to.
        card: id of the model or annotator.
        figure: what is measured.
        values: (N,) of each face: right or not, or an error.
        faces: whose labels break it down.
        known: (N,) faces that count.
        kinds: label columns to break down by.
    """
    on = sets_of(faces, known)
    add(figures, card, figure, _mean(values[known]), on, int(known.sum()))
    for kind in kinds:
        for value in _values(faces.column(kind)[known]):
            mask = known & (faces.column(kind) == value)
            text = f"{figure}, {kind.removeprefix('apparent_')} {value}"
            add(figures, card, text, _mean(values[mask]), on, int(mask.sum()))


def sets_of(faces: Labelled, known: NDArray[np.bool_]) -> str:
    """Name of the sets that the known faces with pictures are of."""
    sets = set(faces.column("set")[known].tolist())
    if sets == {"portraits"}:
        return PORTRAITS
    return BOTH if "portraits" in sets else TABLER


def print_figures(figures: Figures) -> None:
    """A table a card."""
    for card, rows in figures.items():
        print(f"\n{card}")
        for row in rows:
            print(f"  {row['figure']:70s} {row['value']:8.3f}  n {row['n']:4d}  {row['on']}")


def write(figures: Figures) -> None:
    """Replace this script's figures in measured.json; those of other scripts stay."""
    path = weights_folder() / "measured.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for card, rows in kept.items():
        others = [row for row in rows if row["script"] != SCRIPT]
        if others or card in figures:
            figures[card] = others + figures.get(card, [])
    text = json.dumps(figures, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"\nwritten: {path.name}, {sum(map(len, figures.values()))} figures")


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _values(column: NDArray[Any]) -> Iterable[str]:
    return sorted(set(column.tolist()) - {""})
