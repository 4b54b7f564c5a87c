"""Text in pictures: what the built-in font can draw, cut to the room there is."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
SEPARATOR = " ·  "  # the built-in font sets its dot tight to the right
_ELLIPSIS = "…"


@cache
def font(size: int) -> Font:
    """Pillow's own font at a size in pixels; no font file is needed."""
    return ImageFont.load_default(size)


def drawable(text: str) -> str:
    """Text on one line, accents folded: the built-in font has few letters beyond ASCII.

    Letters that it lacks are drawn as its empty box; control and direction marks become boxes
    too, so that an id cannot rearrange the line.
    """
    folded = unicodedata.normalize("NFKD", text)
    kept = [char for char in folded if not unicodedata.combining(char)]
    return "".join(char if char.isprintable() else "\ufffd" for char in kept)


def shortened(text: str, width: float, face: Font) -> str:
    """Text with its middle left out until it is at most `width` pixels wide; ids end in NN."""
    if face.getlength(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:  # the most letters that fit
        keep = (low + high + 1) // 2
        if face.getlength(_without_middle(text, keep)) <= width:
            low = keep
        else:
            high = keep - 1
    return _without_middle(text, low)


def packed(parts: Sequence[str], width: float, lines: int, face: Font) -> list[str]:
    """Put parts on at most so many lines, joined by dots in order; those without room are left out.

    A first part that is too wide by itself is shortened.
    """
    packed_lines: list[str] = []
    for part in parts:
        joined = f"{packed_lines[-1]}{SEPARATOR}{part}" if packed_lines else part
        if packed_lines and face.getlength(joined) <= width:
            packed_lines[-1] = joined
        elif len(packed_lines) < lines:
            packed_lines.append(shortened(part, width, face))
    return packed_lines


def _without_middle(text: str, keep: int) -> str:
    tail = keep // 2
    return text[: keep - tail] + _ELLIPSIS + (text[-tail:] if tail else "")
