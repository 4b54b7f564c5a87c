"""What a run of `generate` made, on the terminal."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewright.cli.next_steps import print_next
from facewright.record import PHOTO_REASONS
from facewright.rules.chosen import meaning_of

if TYPE_CHECKING:
    from facewright.engine.generating import GenerateReport


def print_made(report: GenerateReport) -> None:
    """How much of the order is met, what was rejected and why, and where to look next."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="bold")
    table.add_column()
    table.add_row(str(report.met), f"pictures as ordered, of {report.ordered}")
    for reason, number in report.rejected.items():
        why = PHOTO_REASONS.get(reason) or meaning_of(reason) or reason
        table.add_row(str(number), f"rejected: {reason} ({why})")
    if report.counts.photos:
        share = f"{report.share_rejected:.1%}"
        table.add_row(share, f"of {report.counts.photos} pictures made were rejected")
    if report.made:
        speed = report.seconds / report.made
        table.add_row(f"{speed:.1f}", f"seconds a picture ({report.seconds:.0f} s in all)")
    else:
        table.add_row("", "nothing was left to do: the dataset is complete")
    console = Console()
    console.print(table)
    if report.met < report.ordered:
        lacking = report.ordered - report.met
        said = f"{lacking} could not be met: the annotators contradict every attempt;"
        console.print(Text(f"{said} --attempts tries more often", style="yellow"))
    console.print(Text(f"\nSynthetic faces: {report.root}. Look at them:"))
    root = quote(str(report.root))
    print_next(
        console,
        (
            (f"facewright sheet {root}", "a picture of its faces"),
            (f"facewright summary {root}", "a page that shows what is in it"),
            (
                f"facewright export {root} --layout generated-photos -o OUT",
                "pictures with a JSON file each",
            ),
        ),
    )
