"""Tables on the terminal: a build's report, one face's record, a query's answer."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewright.cli.next_steps import print_next
from facewright.record import PHOTO_REASONS, Record
from facewright.rules.chosen import meaning_of
from facewright.schema import leaves, unit_of

if TYPE_CHECKING:
    import pyarrow as pa

    from facewright.engine.build import BuildReport

_LEAST_WIDTH = 9  # of a column of a table on the terminal
_LONG = 8  # a list of more numbers than this is told by its length


def print_report(report: BuildReport) -> None:
    """What a build read, kept, dropped and excluded, how fast, and where to look next."""
    counts = report.counts
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="bold")
    table.add_column()
    table.add_row(str(counts.photos), "photos read")
    table.add_row(str(counts.faces_kept), f"faces kept, of {counts.faces} found")
    for reason, number in counts.faces_dropped.items():
        table.add_row(str(number), f"dropped: {reason} ({meaning_of(reason) or reason})")
    for reason, number in counts.photos_excluded.items():
        table.add_row(str(number), f"excluded: {reason} ({PHOTO_REASONS.get(reason, reason)})")
    if counts.photos_already_aligned:
        said = "already aligned: kept as they are (`realign` in a recipe aligns them again)"
        table.add_row(str(counts.photos_already_aligned), said)
    if report.made:
        speed = f"{report.faces_per_second:.1f}"
        table.add_row(speed, f"faces a second ({report.seconds:.1f} s in all)")
    else:
        table.add_row("", "nothing was left to do: the dataset is complete")
    console = Console()
    console.print(table)
    console.print(Text(f"\nDataset: {report.root}. Look at it:"))
    root = quote(str(report.root))
    print_next(
        console,
        (
            (f"facewright summary {root}", "a page that shows what is in it"),
            (f"facewright sheet {root}", "a picture of its faces"),
            (f"facewright show {root}", "its counts and first records"),
        ),
    )


def print_record(record: dict[str, Any]) -> None:
    """One face's record as a table: field, value, confidence, unit and meaning."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("field", "value", "confidence", "unit"):
        table.add_column(name, overflow="fold")
    confidence = record.get("confidence") or {}
    reasons = record.get("null_reasons") or {}
    for path, info in leaves(Record):
        if path.startswith(("confidence.", "blendshapes.")) or path == "null_reasons":
            continue
        value = _crops(record) if path == "crops" else _dig(record, path)
        known = Text(_value(value))
        shown = known if value is not None else Text(_why(path, reasons), style="dim")
        sure = _confidence(path, confidence)
        table.add_row(path, shown, sure, unit_of(info))
    shapes = record.get("blendshapes") or {}
    strongest = sorted(shapes.items(), key=lambda item: -(item[1] or 0))[:5]
    if strongest:
        table.add_row("blendshapes", ", ".join(f"{k} {v:.2f}" for k, v in strongest), "", "0-1")
    Console().print(table)
    Console().print(Text("Attributes are apparent and estimated, never facts.", style="dim"))


def print_table(table: pa.Table, limit: int) -> None:
    """An Arrow table, at most `limit` rows; a field a line where the columns do not fit."""
    console = Console()
    if len(table.column_names) * _LEAST_WIDTH > console.width:
        for row in table.slice(0, limit).to_pylist(maps_as_pydicts="strict"):
            _print_fields(console, row)
        _print_rest(console, table, limit)
        return
    shown = Table(header_style="bold", box=SIMPLE_HEAD)
    for name in table.column_names:
        shown.add_column(name, overflow="fold")
    for row in table.slice(0, limit).to_pylist():
        shown.add_row(*(Text(_value(value)) for value in row.values()))
    console.print(shown)
    _print_rest(console, table, limit)


def _print_fields(console: Console, row: dict[str, Any]) -> None:
    fields = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    fields.add_column(style="bold")
    fields.add_column(overflow="fold")
    for name, value in row.items():
        fields.add_row(name, Text(_value(value)))
    console.print(fields)
    console.print()


def _print_rest(console: Console, table: pa.Table, limit: int) -> None:
    if len(table) > limit:
        console.print(Text(f"{limit} of {len(table)} rows; --limit shows more", style="dim"))


def print_counts(title: str, counts: dict[str, int]) -> None:
    """Named numbers, one a line, below a title that may be empty."""
    if title:
        Console().print(Text(f"\n{title}", style="bold"))
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="bold")
    table.add_column()
    for name, number in counts.items():
        table.add_row(str(number), Text(name))
    Console().print(table)


def print_pairs(title: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Names with what they are, one a line, below a title."""
    Console().print(Text(title, style="bold"))
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in pairs:
        table.add_row(Text(name), Text(text))
    Console().print(table)


def _crops(record: dict[str, Any]) -> str:
    return ", ".join(f"{c['alignment']}:{c['size']} {c['format']}" for c in record["crops"])


def _dig(record: dict[str, Any], path: str) -> Any:
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if value is not None else None
    return value


def _why(path: str, reasons: dict[str, str]) -> str:
    return next((f"null: {why}" for name, why in reasons.items() if path.startswith(name)), "null")


def _confidence(path: str, confidence: dict[str, float | None]) -> str:
    first, last = path.split(".", maxsplit=1)[0], path.rsplit(".", maxsplit=1)[-1]
    whole = path.removeprefix("apparent_")
    group = "" if first == "ethnicity" else first  # a distribution says itself how sure it is
    names = (whole, path.replace(".", "_"), f"{last}_{first}", f"{last}_occluded", last, group)
    found = next((confidence[name] for name in names if confidence.get(name) is not None), None)
    return "" if found is None else f"{found:.2f}"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list) and len(value) > _LONG:
        return f"{len(value)} values"
    if isinstance(value, list):
        return ", ".join(_value(item) for item in value) or "none"
    if isinstance(value, dict):
        return " ".join(_value(item) for item in value.values() if item is not None)
    return str(value)
