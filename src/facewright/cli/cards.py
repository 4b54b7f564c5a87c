"""Cards on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewright.annotators.base import AnnotatorCard
from facewright.vision.cards import ModelCard

Card = ModelCard | AnnotatorCard
_WIDE = 140  # characters of a terminal
_ALL_COLUMNS = ("id", "kind", "task", "licence", "sha256", "origin", "measured")
_FEW_COLUMNS = ("id", "task", "licence", "measured")


def print_cards(cards: Sequence[Card]) -> None:
    """All cards, a line each; a narrow terminal gets the columns that matter most."""
    console = Console()
    names = _ALL_COLUMNS if console.width >= _WIDE else _FEW_COLUMNS
    table = Table(header_style="bold", box=None, padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name, overflow="fold", no_wrap=name == "id")
    for card in cards:
        line = _line(card)
        table.add_row(*(line[name] for name in names))
    console.print(table)
    console.print(Text("facewright models ID shows one card whole", style="dim"))


def print_card(card: Card) -> None:
    """One card, whole."""
    console = Console()
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in card.model_dump(mode="json").items():
        if name not in ("measured", "known_failures") and value not in (None, [], ()):
            table.add_row(name, _text(value))
    console.print(table)
    figures = Table(title="measured", header_style="bold", title_justify="left")
    for name in ("figure", "value", "on", "n", "script"):
        figures.add_column(name, overflow="fold")
    for figure in card.measured:
        figures.add_row(*(_text(v) for v in figure.model_dump().values()))
    if card.measured:
        console.print(figures)
    for failure in card.known_failures:
        console.print(Text(f"fails: {failure}"))


def _line(card: Card) -> dict[str, str]:
    first = next(iter(card.measured), None)
    line = {
        "id": card.id,
        "task": card.task,
        "measured": f"{first.figure} {first.value:g}" if first else "",
    }
    if isinstance(card, ModelCard):
        origin = f"{card.origin.package} {card.origin.version}"
        licence = card.licence_weights
        return line | {
            "kind": "model",
            "licence": licence,
            "sha256": card.sha256[:12],
            "origin": origin,
        }
    own = (card.sha256 or "")[:12]
    return line | {
        "kind": "annotator",
        "licence": card.licence,
        "sha256": own,
        "origin": "Facewright",
    }


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_text(v)}" for k, v in value.items() if v not in (None, [], ""))
    if isinstance(value, list | tuple):
        return ", ".join(_text(item) for item in value)
    return "" if value is None else str(value)
