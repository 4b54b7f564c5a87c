"""Markdown from data that may hold anything: nothing in it becomes a link, a table or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]|~#!])")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028-\u202e\u2066-\u2069]+")
_UNSAFE_URL = re.compile(r"[\x00-\x20<>\"\\^`{|}\x7f-\uffff]")
_LONGEST = 300


def plain(text: str) -> str:
    """One line of text without control characters, marks of direction and doubled spaces."""
    return _CONTROL.sub(" ", text).strip()


def escaped(text: str) -> str:
    """Text that shows as it is, on one line, cut where it is very long."""
    line = plain(text)
    line = f"{line[: _LONGEST - 1]}…" if len(line) > _LONGEST else line
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", line)


def code(text: str) -> str:
    """A name as a span of code."""
    return f"`{plain(text).replace('`', '').replace('|', '')}`"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 photo", "1,200 photos"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def link(text: str, url: str | None) -> str:
    """A link, or the bare text where there is no http address."""
    if not url or not url.startswith(("http://", "https://")):
        return escaped(text)
    return f"[{escaped(text)}](<{_UNSAFE_URL.sub(_percent, url)}>)"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; numbers are set to the right.

    A head that ends in "#" is one of numbers.
    """
    lines = ["| " + " | ".join(head.rstrip("#") for head in heads) + " |"]
    lines.append("|" + "|".join("---:" if head.endswith("#") else "---" for head in heads) + "|")
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def bullets(items: Iterable[str]) -> str:
    """A list, one line an item."""
    return "\n".join(f"- {item}" for item in items)


def page(*blocks: str) -> bytes:
    """Blocks with an empty line between them, those that are empty left out."""
    return ("\n\n".join(block for block in blocks if block) + "\n").encode()


def share(part: int, whole: int) -> str:
    """Percent with one decimal, "–" of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))
