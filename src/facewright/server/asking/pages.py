"""Pages of faces: by cursor, which holds its place, or by number, for jumping in a grid."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from facewright.errors import UsageError
from facewright.server.asking.ordering import Order
from facewright.server.catalogue.catalogue import Mask, Rows

_FIRST: Final = 4096
_LARGEST: Final = 262_144
_CHECK: Final = 6  # bytes


class CursorError(UsageError):
    """A cursor that is no cursor, or that belongs to another filter or order."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some faces of a line.

    Attributes:
        rows: of the faces.
        place: in the line, at which the next page begins; None at the end.
    """

    rows: Rows
    place: int | None


def page_from(order: Order, mask: Mask | None, place: int, limit: int) -> Page:
    """The first faces from a place of a line on for which a mask holds."""
    found: list[Rows] = []
    missing, block = limit, _FIRST
    while missing > 0 and place < len(order):
        rows = order.stretch(place, place + block)
        held = np.flatnonzero(_holds(rows, mask))
        if len(held) > missing:
            found.append(rows[held[:missing]])
            return Page(np.concatenate(found), place + int(held[missing - 1]) + 1)
        found.append(rows[held])
        missing -= len(held)
        place, block = place + len(rows), min(2 * block, _LARGEST)
    if missing <= 0 and not _more(order, mask, place):
        place = len(order)
    rows = np.concatenate(found) if found else np.zeros(0, np.int32)
    return Page(rows, place if place < len(order) else None)


def lined_up(order: Order, mask: Mask | None) -> Rows:
    """All faces of a line for which a mask holds."""
    parts = [
        rows[_holds(rows, mask)]
        for at in range(0, len(order), _LARGEST)
        for rows in (order.stretch(at, at + _LARGEST),)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.int32)


def write_cursor(place: int, key: str) -> str:
    """A cursor for a place of the line that a key (filter, order, version) stands for."""
    data = place.to_bytes(6, "big") + _check(key)
    return base64.urlsafe_b64encode(data).decode()


def read_cursor(cursor: str, key: str) -> int:
    """The place of a cursor.

    Raises:
        CursorError: it is none, or of another line.
    """
    try:
        data = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CursorError("this is no cursor; take `next` of the page before") from None
    if len(data) != 6 + _CHECK:
        raise CursorError("this is no cursor; take `next` of the page before")
    if data[6:] != _check(key):
        raise CursorError(
            "the cursor is of another filter or order, or the dataset has changed; begin again"
        )
    return int.from_bytes(data[:6], "big")


def _check(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_CHECK).digest()


def _holds(rows: Rows, mask: Mask | None) -> Mask:
    there: Mask = rows >= 0
    return there if mask is None or not len(mask) else there & mask[rows]


def _more(order: Order, mask: Mask | None, place: int) -> bool:
    """Whether a face follows."""
    return len(page_from(order, mask, place, 1).rows) > 0 if place < len(order) else False
