"""The page's plots as Vega-Lite, with their numbers in them: to restyle for a paper.

`altair.Chart.from_json(Path("report/plots/intersections.vl.json").read_text())` opens one. Colours
are viridis and Okabe and Ito's, which stay apart in grey and for colour-blind people.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from facewright.analyse.report.model import Report, SetReport
from facewright.analyse.report.wording import named

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"
_COLOURS: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
_MOST_LEVELS: Final = 30
_MOST_CELLS: Final = 40

Json = dict[str, Any]


def plots(report: Report) -> Iterator[tuple[str, Json]]:
    """Name and specification of every plot that has something to show."""
    names = [one.name for one in report.sets]
    found = {
        "attributes": _attributes(report, names),
        "intersections": _intersections(report, names),
        "pairs": _pairs(report),
        "poses": _poses(report),
    }
    yield from ((name, spec) for name, spec in found.items() if spec["data"]["values"])


def _spec(title: str, values: list[Json], **more: Any) -> Json:
    return {"$schema": SCHEMA, "title": title, "data": {"values": values}, **more}


def _of_set(names: list[str]) -> Json:
    scale = {"domain": names, "range": [_COLOURS[n % len(_COLOURS)] for n in range(len(names))]}
    legend = {} if len(names) > 1 else {"legend": None}
    return {"field": "dataset", "type": "nominal", "scale": scale, **legend}


def _bars(names: list[str], level: Json) -> list[Json]:
    """Bars of shares with their intervals as whiskers, datasets side by side."""
    offset = {"yOffset": {"field": "dataset"}} if len(names) > 1 else {}
    share = {"field": "share", "type": "quantitative", "axis": {"format": "%"}, "title": "share"}
    bar = {"mark": "bar", "encoding": {"y": level, "x": share, "color": _of_set(names), **offset}}
    whisker = {
        "mark": {"type": "rule", "color": "black"},
        "encoding": {"y": level, "x": {"field": "low", "type": "quantitative"},
                     "x2": {"field": "high"}, **offset},
    }  # fmt: skip
    return [bar, whisker]


def _attributes(report: Report, names: list[str]) -> Json:
    values = [
        {
            "dataset": one.name,
            "attribute": each.title,
            "level": level.label,
            "share": level.share,
            "low": level.low,
            "high": level.high,
            "corrected": level.corrected.share if level.corrected else None,
        }
        for one in report.sets
        for each in one.attributes
        if each.known
        for level in each.levels[:_MOST_LEVELS]
    ]
    order = list(dict.fromkeys(row["attribute"] for row in values))
    level = {"field": "level", "type": "nominal", "sort": None, "title": None}
    return _spec(
        "Shares of the faces whose value is known, with 95 % intervals",
        values,
        facet={"field": "attribute", "type": "nominal", "sort": order, "title": None},
        columns=3,
        spec={"width": 220, "layer": _bars(names, level)},
        resolve={"scale": {"y": "independent", "x": "independent"}},
    )


def _intersections(report: Report, names: list[str]) -> Json:
    values = [
        {
            "dataset": one.name,
            "intersection": named(cell.labels),
            "share": cell.share,
            "low": cell.low,
            "high": cell.high,
            "expected": cell.expected,
        }
        for one in report.sets
        if one.crossing is not None
        for cell in sorted(one.crossing.cells, key=lambda cell: -abs(cell.difference or 0.0))[
            :_MOST_CELLS
        ]
    ]
    level = {"field": "intersection", "type": "nominal", "sort": None, "title": None}
    tick: Json = {
        "mark": {"type": "tick", "color": "black", "thickness": 2},
        "encoding": {"y": level, "x": {"field": "expected", "type": "quantitative"}},
    }
    title = "Shares of intersections, with 95 % intervals; ticks: expected"
    return _spec(title, values, width=500, layer=[*_bars(names, level), tick])


def _pairs(report: Report) -> Json:
    values = [
        {"dataset": one.name, "a": titles[pair.a], "b": titles[pair.b], "v": pair.cramers_v}
        for one in report.sets
        for titles in [_titles(one)]
        for pair in one.pairs
        if pair.cramers_v is not None and not pair.same_source
    ]
    order = list(dict.fromkeys(title for one in report.sets for title in _titles(one).values()))
    sides: Json = {
        "x": {"field": "a", "type": "nominal", "sort": order, "title": None},
        "y": {"field": "b", "type": "nominal", "sort": order, "title": None},
    }
    colour = {"field": "v", "type": "quantitative", "scale": {"scheme": "viridis"}, "title": "V"}
    return _spec(
        "Cramér’s V of all pairs",
        values,
        facet={"field": "dataset", "type": "nominal", "sort": None, "title": None},
        columns=1,
        spec={"mark": "rect", "encoding": {**sides, "color": colour}},
    )


def _titles(one: SetReport) -> dict[str, str]:
    return {each.name: each.title for each in one.attributes}


def _poses(report: Report) -> Json:
    values = [
        {"dataset": one.name, "yaw": yaw, "pitch": pitch, "faces": count}
        for one in report.sets
        if one.pose is not None
        for pitch, row in zip(one.pose.pitch_edges, one.pose.grid, strict=False)
        for yaw, count in zip(one.pose.yaw_edges, row, strict=False)
    ]
    binned: Json = {
        name: {"field": name, "type": "ordinal", "sort": order, "title": f"{name}, degrees from"}
        for name, order in (("yaw", "ascending"), ("pitch", "descending"))
    }
    scale = {"scheme": "viridis", "type": "symlog"}
    colour = {"field": "faces", "type": "quantitative", "scale": scale}
    return _spec(
        "Faces by 15 degrees of yaw and pitch",
        values,
        facet={"field": "dataset", "type": "nominal", "sort": None, "title": None},
        columns=2,
        spec={
            "mark": "rect",
            "encoding": {"x": binned["yaw"], "y": binned["pitch"], "color": colour},
        },
    )
