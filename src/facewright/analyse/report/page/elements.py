"""Pieces of the page that all its parts use: tables of numbers, figures, names of datasets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from facewright.analyse.markup import Html, details, join, name, text

LETTERS: Final = "ABCDEFGH"


def letter(at: int) -> str:
    """The letter of a dataset by its place; past H, its number."""
    return LETTERS[at] if at < len(LETTERS) else str(at + 1)


def badge(at: int, total: int) -> Html:
    """The letter of a dataset with its colour and hatching; nothing where there is one alone."""
    return Html(f'<b class="badge s{at % 4}">{letter(at)}</b> ') if total > 1 else Html("")


def set_name(title: str, at: int, total: int) -> Html:
    """A dataset's name behind its letter."""
    return Html(f"{badge(at, total)}{name(title)}")


def numbers(
    heads: Sequence[str], rows: Iterable[Sequence[Html]], caption: str, texts: int = 1
) -> Html:
    """A table of numbers that scrolls sideways where it is too wide.

    Args:
        heads: of its columns.
        rows: cells; the first of each row is its head.
        caption: what it is, for those who hear it; also shown above it.
        texts: columns from the left that are texts, and not numbers.
    """
    head = join(
        Html(f'<th scope="col"{_kind(n, texts)}>{text(one)}</th>') for n, one in enumerate(heads)
    )
    body = join(_row(cells, texts) for cells in rows)
    return Html(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{text(caption)}">'
        f'<table class="numbers"><caption><span>{text(caption)}</span></caption>'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[Html], texts: int) -> Html:
    rest = join(Html(f"<td{_kind(n, texts)}>{cell}</td>") for n, cell in enumerate(cells[1:], 1))
    return Html(f'<tr><th scope="row">{cells[0]}</th>{rest}</tr>')


def _kind(column: int, texts: int) -> str:
    return "" if column < texts else ' class="n"'


def table_of(content: Html, summary: str = "Table") -> Html:
    """A plot's table, behind a click."""
    return details(text(summary), content)


def section(identity: str, title: str, content: Html, note: Html | None = None) -> Html:
    """A part of the page with its heading, to which the contents lead."""
    said = Html(f'<p class="note">{note}</p>') if note else Html("")
    return Html(
        f'<section aria-labelledby="{identity}"><h2 id="{identity}">{text(title)}</h2>'
        f"{said}{content}</section>"
    )


def paragraph(content: Html, kind: str = "note") -> Html:
    """A paragraph of a class; nothing for nothing."""
    return Html(f'<p class="{kind}">{content}</p>') if content else Html("")


def bullets(items: Iterable[Html], kind: str = "") -> Html:
    """A list; nothing for nothing."""
    rows = join(Html(f"<li>{item}</li>") for item in items)
    marked = f' class="{kind}"' if kind else ""
    return Html(f"<ul{marked}>{rows}</ul>") if rows else Html("")


def facts(pairs: Iterable[tuple[str, Html]]) -> Html:
    """Figures with what they are, as a row of boxes."""
    boxes = join(Html(f"<div><dt>{text(key)}</dt><dd>{value}</dd></div>") for key, value in pairs)
    return Html(f'<dl class="headline">{boxes}</dl>')
