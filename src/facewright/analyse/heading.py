"""What stands above the pictures of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import ImageDraw

from facewright.analyse.lettering import SEPARATOR, drawable, font, shortened
from facewright.analyse.paper import TEXT, TITLE

_TITLE, _FACTS = 26, 15
_RISE, _DESCENT = 4, 30  # of the title above the margin, of the facts below it


@dataclass(frozen=True, slots=True)
class Heading:
    """What a sheet is of: a title, such as the dataset's name, and a line of facts."""

    title: str
    facts: Sequence[str]


def draw_heading(pen: ImageDraw.ImageDraw, heading: Heading, margin: int, width: int) -> None:
    """Write it at the top of a sheet, shortened to what fits.

    Args:
        pen: of the sheet.
        heading: what to say.
        margin: of the sheet, on its left, right and top, in pixels.
        width: of the sheet, in pixels.
    """
    room = width - 2 * margin
    title = shortened(drawable(heading.title), room, font(_TITLE))
    pen.text((margin, margin - _RISE), title, TITLE, font(_TITLE))
    facts = shortened(SEPARATOR.join(heading.facts), room, font(_FACTS))
    pen.text((margin, margin + _DESCENT), facts, TEXT, font(_FACTS))
