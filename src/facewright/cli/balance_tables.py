"""Tables of `facewright balance` on the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from facewright.balance.outcome import Outcome
    from facewright.balance.split import Distances, Split

_MOST: Final = 40  # lines of a table


def print_cells(outcome: Outcome) -> None:
    """What is wanted of each cell, was there, was taken and is lacking."""
    console = Console()
    joint = outcome.choice.wanted is not None
    for split in outcome.splits[:1] if joint else outcome.splits:
        console.print(_cells(split))
        console.print()


def _cells(split: Split) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in split.cells.names:
        table.add_column(name, overflow="fold")
    for name in ("share", "had", "wanted", "taken", "lacking"):
        table.add_column(name, justify="right")
    rows = split.rows()
    if split.wanted is None:
        table.columns[-1].header = table.columns[-3].header = ""
    shown = rows
    if len(rows) > _MOST:
        shown = sorted(rows, key=lambda row: (-row["lacking"], -row["share"]))[:_MOST]
        table.caption = f"{_MOST} of {len(rows)} cells, those that lack most; --json has all"
        table.caption_justify = "left"
    taken = max(float(split.taken.sum()), 1e-300)
    for row in shown:
        table.add_row(*row["levels"].values(), *_numbers(row, split, taken))
    return table


def _numbers(row: dict[str, Any], split: Split, total: float) -> list[str | Text]:
    share, had = f"{row['share']:.2%}", str(row["had"])
    if split.wanted is None:
        return [share, had, "", f"{row['taken'] / total:.2%}", ""]
    lacking = Text(str(row["lacking"]), style="bold") if row["lacking"] else Text("")
    return [share, had, str(row["wanted"]), f"{row['taken']:.0f}", lacking]


def print_distances(outcome: Outcome) -> None:
    """How far the faces were from the target, and are."""
    if not outcome.splits:
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("distance to the target", overflow="fold")
    for name in ("total variation", "KL (nats)", "chi-square"):
        table.add_column(name, justify="right", no_wrap=True)
    for split in outcome.splits:
        pairs = zip(_told(split.before), _told(split.after), strict=True)
        table.add_row(split.title, *(f"{before} → {after}" for before, after in pairs))
    console = Console()
    console.print(table)
    console.print()


def _told(distances: Distances) -> list[str]:
    found = (distances.total_variation, distances.kl_divergence, distances.chi_square)
    return ["-" if math.isnan(value) else f"{_rounded(value):.4g}" for value in found]


def _rounded(value: float) -> float:
    """Without the noise of floating point, which looks like a distance."""
    return round(value, 6) if math.isfinite(value) else value


def print_summary(outcome: Outcome) -> None:
    """How many faces came out, what could not be, and what could."""
    console = Console()
    different = int((outcome.choice.times > 0).sum())
    repeated = "" if different == outcome.faces else f" ({different} different ones)"
    console.print(Text(f"{outcome.faces} faces{repeated}: {outcome.choice.why}"))
    for note in outcome.choice.notes:
        console.print(Text(f"note: {note}"))
    feasible = outcome.feasible
    if outcome.lacking:
        console.print(Text(f"{outcome.lacking} faces are lacking; --order writes what they are"))
    if feasible is not None:
        told = (
            f"without repeats the target allows {feasible.exact} faces exactly, and"
            f" {feasible.within} within a total variation of 0.01"
        )
        console.print(Text(told))
