"""The essentials on the terminal."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewright.analyse.markup import visible
from facewright.analyse.report.model import AttributeReport, Crossing, Report, SetReport
from facewright.analyse.report.wording import decimal, interval, named, percent, points, short

_ROWS: Final = 6
_SHOWN: Final = ("sex", "age_group", "ethnicity")


def print_report(report: Report, console: Console) -> None:
    """Every dataset's essentials, then what sets them apart."""
    for one in report.sets:
        _print_set(one, console)
    if len(report.sets) > 1:
        _print_distances(report, console)
    console.print(Text("Attributes are apparent and estimated, never facts.", style="dim"))


def _print_set(one: SetReport, console: Console) -> None:
    console.print(_text(one.name, style="bold underline"))
    counts = one.counts
    told = [f"{counts.analysed:,} faces counted"]
    if counts.faces is not None and counts.faces_dropped is not None:
        told.append(f"{counts.faces:,} found, {counts.faces_dropped:,} dropped")
    if counts.photos is not None:
        told.append(f"{counts.photos:,} photos")
    if counts.photos_excluded:
        told.append(f"{counts.photos_excluded:,} excluded")
    console.print(Text("; ".join(told)))
    for sentence in one.findings:
        console.print(_text(f"• {sentence}"), soft_wrap=False)
    for sentence in one.missing:
        console.print(_text(f"◦ {sentence}", style="dim"))
    console.print()
    by = one.crossing.attributes if one.crossing else _SHOWN
    shown = [each for each in one.attributes if each.name in by and each.known]
    if shown:
        console.print(_distributions(shown))
    if one.crossing is not None and len(one.crossing.attributes) > 1:
        console.print(_gaps(one.crossing))
    console.print()


def _distributions(shown: list[AttributeReport]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for head in ("attribute", "value"):
        table.add_column(head, overflow="fold")
    for head in ("faces", "share", "95 % interval", "corrected"):
        table.add_column(head, justify="right", no_wrap=True)
    for one in shown:
        for n, level in enumerate(one.levels[: 2 * _ROWS]):
            fixed = percent(level.corrected.share) if level.corrected else ""
            numbers = (f"{level.count:,}", percent(level.share), interval(level.low, level.high))
            table.add_row(_text("" if n else one.title), _text(short(level.label)), *numbers, fixed)
        if one.unknown:
            table.add_row("", Text("unknown", style="dim"), f"{one.unknown:,}", "", "", "")
    return table


def _gaps(found: Crossing) -> Table:
    told = sorted(found.cells, key=lambda cell: -abs(cell.difference or 0.0))[:_ROWS]
    title = f"Largest gaps to {found.target}; total variation {decimal(found.total_variation, 2)}"
    table = Table(
        box=box.SIMPLE_HEAD, header_style="bold", title=_text(title), title_justify="left"
    )
    table.add_column(_text(" x ".join(found.attributes)), overflow="fold")
    for head in ("faces", "share", "expected", "points"):
        table.add_column(head, justify="right", no_wrap=True)
    for cell in told:
        numbers = (f"{cell.count:,}", percent(cell.share), percent(cell.expected))
        table.add_row(_text(named(cell.labels)), *numbers, points(cell.difference))
    return table


def _print_distances(report: Report, console: Console) -> None:
    for sentence in report.findings:
        console.print(_text(f"• {sentence}"))
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for head in ("of", "between"):
        table.add_column(head, overflow="fold")
    table.add_column("total variation", justify="right")
    table.add_column("by chance", justify="right")
    for one in report.distances[: 2 * _ROWS]:
        numbers = (decimal(one.total_variation), decimal(one.by_chance))
        style = "" if one.beyond_chance else "dim"
        table.add_row(_text(one.of), _text(f"{one.a} and {one.b}"), *numbers, style=style)
    console.print(table)


def _text(words: str, style: str = "") -> Text:
    """Words from the data, which can neither colour nor turn what is around them."""
    return Text(visible(words), style=style)
