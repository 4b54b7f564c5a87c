"""Safe HTML from unsafe text: every string of a dataset passes through here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NewType
from unicodedata import category
from urllib.parse import urlsplit

Html = NewType("Html", str)
"""Text that is HTML already."""

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTROL = frozenset({"Cc", "Cs"})  # not Cf as a whole: Persian names need their joiners


def text(value: object) -> Html:
    """Escape for an element's content or a quoted attribute.

    Control and direction marks are spelled out by their numbers (U+202E and its like), so that
    no name can turn the text around it.
    """
    return Html(escape(visible(value), quote=True))


def visible(value: object) -> str:
    """Text with its control and direction marks spelled out, also for a terminal."""
    return "".join(
        f"\\u{ord(char):04x}" if char in _TURNING or category(char) in _CONTROL else char
        for char in str(value)
    )


def name(value: object) -> Html:
    """A name from the data, kept apart from the direction of the text around it."""
    return Html(f"<bdi>{text(value)}</bdi>")


def link(address: str | None, content: Html) -> Html:
    """Content as a link where the address is http or https, else the content alone."""
    if address is None or not _is_web(address):
        return content
    return Html(f'<a href="{text(address)}" rel="noopener noreferrer nofollow">{content}</a>')


def join(parts: Iterable[Html], between: str = "") -> Html:
    """Several pieces of HTML as one."""
    return Html(between.join(parts))


def table(heads: Sequence[str], rows: Iterable[Sequence[Html]], caption: str) -> Html:
    """A table with column heads; the first cell of each row is the row's head.

    On a narrow screen its rows become blocks, for which the roles are spelled out: browsers
    forget them when the style changes what a table displays as.
    """
    head = join(Html(f'<th scope="col" role="columnheader">{text(one)}</th>') for one in heads)
    body = join(_row(heads, cells) for cells in rows)
    return Html(
        f'<table class="list" role="table"><caption class="unseen">{text(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def details(summary: Html, content: Html) -> Html:
    """Content that opens on a click, and in print."""
    return Html(f"<details><summary>{summary}</summary>{content}</details>")


def number(value: int) -> Html:
    """A count with thousands apart."""
    return Html(f"{value:,}")


def share(part: int, whole: int) -> Html:
    """A share in percent with one decimal; "–" of nothing."""
    return Html(f"{100 * part / whole:.1f} %" if whole else "–")


def _row(heads: Sequence[str], cells: Sequence[Html]) -> Html:
    rest = join(
        Html(f'<td role="cell" data-head="{text(head)}">{cell}</td>')
        for head, cell in zip(heads[1:], cells[1:], strict=True)
    )
    return Html(f'<tr role="row"><th scope="row" role="rowheader">{cells[0]}</th>{rest}</tr>')


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # e.g. an unclosed bracket of an IPv6 address
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
