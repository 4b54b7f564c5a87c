"""What follows from a label: an age says the age group, and an age group something of the age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from facewright.server.catalogue.catalogue import Catalogue, Label
from facewright.server.notes.edits import GROUPS, group_of, moved, said_number


def with_followers(catalogue: Catalogue, labels: Iterable[Label]) -> Iterator[Label]:
    """Labels, each with what follows from it behind it; a later label wins over both.

    Args:
        catalogue: of the estimates.
        labels: oldest first.
    """
    numbers: dict[tuple[str, str], float | None] = {}
    for label in labels:
        yield label
        for group, (number, _) in GROUPS.items():
            if label.attribute not in (group, number):
                continue
            key = (label.face_id, number)
            now = numbers.get(key, _estimate(catalogue, number, label.face_id))
            numbers[key] = said = _number(label, group, now)
            yield Label(number, label.face_id, None if said is None else str(said))
            yield Label(group, label.face_id, None if said is None else group_of(group, said))


def _number(label: Label, group: str, now: float | None) -> float | None:
    """The number that a label of it, of a bin or of its group comes to."""
    if label.value is None:
        return None
    if label.attribute == group:
        return moved(group, label.value, now)
    return said_number(label.value, now)


def _estimate(catalogue: Catalogue, attribute: str, face_id: str) -> float | None:
    column, row = catalogue.columns.get(attribute), catalogue.ids.find(face_id)
    if column is None or column.numbers is None or row is None:
        return None
    number = float(column.numbers[row])
    return None if np.isnan(number) else number
