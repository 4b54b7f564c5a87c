"""The report as a folder: page, numbers and their schema, tables as CSV, plots as Vega-Lite."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from facewright.analyse.report.measure import Measured
from facewright.analyse.report.model import Report
from facewright.analyse.report.page.whole import page
from facewright.analyse.report.vega import plots
from facewright.provenance.attribution import safe
from facewright.store.atomic import make_folder, write_atomic

PAGE: Final = "report.html"
NUMBERS: Final = "report.json"
SCHEMA: Final = "report.schema.json"
TABLES: Final = "tables"
PLOTS: Final = "plots"
_JOIN: Final = " | "
"""Between several names in one cell."""

Row = Sequence[Any]


def write_report(measured: Measured, folder: Path) -> list[Path]:
    """Write all files; the page last, so that it is there when all else is.

    Returns:
        What was written.

    Raises:
        StorageError: a file cannot be written.
    """
    report = measured.report
    make_folder(folder / TABLES)
    make_folder(folder / PLOTS)
    contents = {folder / TABLES / f"{name}.csv": _csv(rows) for name, rows in tables(report)}
    contents |= {folder / PLOTS / f"{name}.vl.json": _json(spec) for name, spec in plots(report)}
    contents[folder / SCHEMA] = _json(Report.model_json_schema())
    contents[folder / NUMBERS] = as_json(report).encode()
    contents[folder / PAGE] = page(measured).encode()
    for path, data in contents.items():
        write_atomic(path, data)
    return list(contents)


def as_json(report: Report) -> str:
    """The text of report.json."""
    return report.model_dump_json(indent=1) + "\n"


def _json(data: Any) -> bytes:
    return json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n"


def _csv(rows: Iterable[Row]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return safe(_JOIN.join(map(str, value)))
    return safe(value) if isinstance(value, str) else value


def tables(report: Report) -> Iterator[tuple[str, Iterable[Row]]]:
    """Name and rows, the heads first, of every table; each row says of which dataset it is."""
    yield "attributes", _attributes(report)
    yield "intersections", _intersections(report)
    yield "pairs", _pairs(report)
    yield "cross_tables", _cross_tables(report)
    yield "pose_bands", _pose_bands(report)
    yield "yaw_pitch", _yaw_pitch(report)
    yield "losses", _losses(report)
    yield "licences_and_authors", _names(report)
    yield "duplicates", _duplicates(report)
    yield "annotators", _makers(report)
    yield "distances", _distances(report)


def _attributes(report: Report) -> Iterator[Row]:
    yield (
        *("dataset", "attribute", "level", "label", "faces", "share", "low", "high"),
        *("corrected", "corrected_low", "corrected_high", "confusion"),
    )
    for one in report.sets:
        for each in one.attributes:
            for level in each.levels:
                fixed = level.corrected
                corrected = (fixed.share, fixed.low, fixed.high) if fixed else (None, None, None)
                numbers = (level.count, level.share, level.low, level.high, *corrected)
                yield (one.name, each.name, level.key, level.label, *numbers, each.confusion)
            if each.other_levels:
                rest = f"{each.other_levels} other values"
                yield (one.name, each.name, "", rest, each.other_faces, *[None] * 7)
            yield (one.name, each.name, "", "unknown", each.unknown, *[None] * 7)


def _intersections(report: Report) -> Iterator[Row]:
    yield (
        *("dataset", "attributes", "levels", "faces", "share", "low", "high"),
        *("expected", "difference"),
    )
    for one in report.sets:
        if one.crossing is not None:
            for cell in one.crossing.cells:
                named = (one.name, one.crossing.attributes, cell.keys, cell.count)
                yield (*named, cell.share, cell.low, cell.high, cell.expected, cell.difference)


def _pairs(report: Report) -> Iterator[Row]:
    yield (
        "dataset",
        "a",
        "b",
        "faces",
        "cramers_v",
        "mutual_information",
        "p_value",
        "beyond_chance",
        "same_source",
    )
    for one in report.sets:
        for pair in one.pairs:
            numbers = (pair.cramers_v, pair.mutual_information, pair.p_value)
            kind = (pair.beyond_chance, pair.same_source)
            yield (one.name, pair.a, pair.b, pair.faces, *numbers, *kind)


def _cross_tables(report: Report) -> Iterator[Row]:
    yield ("dataset", "a", "level_of_a", "b", "level_of_b", "faces")
    for one in report.sets:
        for each in one.cross_tables:
            for label, row in zip(each.rows, each.counts, strict=True):
                for other, count in zip(each.columns, row, strict=True):
                    yield (one.name, each.a, label, each.b, other, count)


def _pose_bands(report: Report) -> Iterator[Row]:
    yield ("dataset", "reference", "density_from", "density_to", "faces", "share", "of_reference")
    for one in report.sets:
        for band in one.pose.bands if one.pose else ():
            assert one.pose is not None
            numbers = (band.low, band.high, band.faces, band.share, band.reference)
            yield (one.name, one.pose.reference, *numbers)


def _yaw_pitch(report: Report) -> Iterator[Row]:
    yield ("dataset", "yaw_from", "pitch_from", "faces")
    for one in report.sets:
        if one.pose is not None:
            for pitch, row in zip(one.pose.pitch_edges, one.pose.grid, strict=False):
                for yaw, count in zip(one.pose.yaw_edges, row, strict=False):
                    yield (one.name, yaw, pitch, count)


def _losses(report: Report) -> Iterator[Row]:
    yield ("dataset", "what", "reason", "meaning", "number", "examples")
    for one in report.sets:
        for what, losses in (("photo excluded", one.excluded), ("face dropped", one.dropped)):
            for each in losses:
                yield (one.name, what, each.reason, each.meaning, each.number, each.examples)


def _names(report: Report) -> Iterator[Row]:
    yield ("dataset", "what", "name", "photos")
    for one in report.sets:
        for what, names in (("licence", one.licences), ("author", one.authors)):
            for each in names:
                yield (one.name, what, each.name, each.photos)


def _duplicates(report: Report) -> Iterator[Row]:
    yield ("dataset", "kind", "groups", "in_all", "examples")
    for one in report.sets:
        for each in one.duplicates:
            examples = tuple(" = ".join(group) for group in each.examples)
            yield (one.name, each.kind, each.groups, each.faces, examples)


def _makers(report: Report) -> Iterator[Row]:
    yield ("dataset", "annotator", "version", "models", "columns")
    for one in report.sets:
        for each in one.makers:
            yield (one.name, each.id, each.version, each.models, each.columns)


def _distances(report: Report) -> Iterator[Row]:
    yield (
        "a",
        "b",
        "of",
        "total_variation",
        "by_chance",
        "jensen_shannon",
        "kl_divergence",
        "p_value",
        "beyond_chance",
    )
    for one in report.distances:
        far = (one.total_variation, one.by_chance, one.jensen_shannon, one.kl_divergence)
        yield (one.a, one.b, one.of, *far, one.p_value, one.beyond_chance)
