"""Counts of every chart over the kept faces, by one pass of DuckDB."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from facewright.analyse.charts import Chart, Value
from facewright.store.dataset import Dataset

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Distribution:
    """A chart with its counts.

    rows: label and number of faces of every class or bin, empty ones included, in order.
    unknown: faces of which the value is not known. quartiles: of the measure, in its unit.
    """

    chart: Chart
    rows: tuple[tuple[str, int], ...]
    unknown: int
    quartiles: tuple[float, float, float] | None

    @property
    def total(self) -> int:
        """Faces counted, unknown ones included."""
        return sum(number for _, number in self.rows) + self.unknown


def distributions(dataset: Dataset, charts: Sequence[Chart]) -> list[Distribution]:
    """Count the kept faces of the whole dataset by every chart.

    Args:
        dataset: has at least one committed part.
        charts: what to count.
    """
    counts = _counts(dataset, charts)
    quartiles = _quartiles(dataset, charts)
    return [
        _distribution(chart, counts[i], quartiles.get(f"c{i}")) for i, chart in enumerate(charts)
    ]


def _counts(dataset: Dataset, charts: Sequence[Chart]) -> Mapping[int, Mapping[Value | None, int]]:
    """Number of faces by chart and key: all charts as grouping sets of one query."""
    names = [f"c{i}" for i in range(len(charts))]
    columns = ", ".join(f"{c.expression} AS {n}" for c, n in zip(charts, names, strict=True))
    answer = dataset.query(
        f"WITH k AS (SELECT {columns} FROM faces WHERE kept)"  # noqa: S608
        f" SELECT {', '.join(names)}, grouping({', '.join(names)}) AS mask, count(*) AS faces"
        f" FROM k GROUP BY GROUPING SETS ({', '.join(f'({name})' for name in names)})"
    )
    counts: dict[int, dict[Value | None, int]] = defaultdict(dict)
    for row in answer.to_pylist():
        # The mask's bits, first column highest, are 0 for the column that was grouped by.
        grouped = ~row["mask"] & ((1 << len(names)) - 1)
        chart = len(names) - grouped.bit_length()
        counts[chart][row[names[chart]]] = row["faces"]
    return counts


def _quartiles(dataset: Dataset, charts: Sequence[Chart]) -> dict[str, Any]:
    measured = {f"c{i}": chart.measure for i, chart in enumerate(charts) if chart.measure}
    if not measured:
        return {}
    columns = ", ".join(
        f"quantile_cont({measure}, [0.25, 0.5, 0.75]) AS {name}"
        for name, measure in measured.items()
    )
    rows: list[dict[str, Any]] = dataset.query(
        f"SELECT {columns} FROM faces WHERE kept"  # noqa: S608
    ).to_pylist()
    return rows[0]


def _distribution(
    chart: Chart, counts: Mapping[Value | None, int], quartiles: Sequence[float] | None
) -> Distribution:
    labels = {**chart.labels}
    for key in counts:  # a class that the chart does not expect is shown, not lost
        if key is not None and key != UNKNOWN:
            labels.setdefault(key, str(key))
    rows = tuple((label, counts.get(key, 0)) for key, label in labels.items())
    unknown = counts.get(None, 0) + counts.get(UNKNOWN, 0)
    first = tuple(quartiles) if quartiles else None
    return Distribution(chart, rows, unknown, first)  # type: ignore[arg-type]
