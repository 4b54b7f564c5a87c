"""Labels by hand put into a table of faces, as far as they stand in columns of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa

from facewright.attributes.known import ATTRIBUTES

COLUMN_OF: Final[Mapping[str, str]] = {
    each.name: each.measure or each.expression
    for each in ATTRIBUTES
    if (each.measure or each.expression).isidentifier() and each.levels
}
"""Attribute to the column of the Record that says it: sex, age, ethnicity, glasses, eye colour."""

Said = tuple[str, str, str | None]
"""Face id, attribute, value; None: nobody can tell."""


def with_labels(table: pa.Table, labels: Sequence[Said]) -> pa.Table:
    """A table in which labels stand in place of estimates; later ones win.

    Labels of attributes that are made of several columns change nothing.

    Args:
        table: of faces, with their ids in the dataset.
        labels: of some of them.
    """
    by_column: dict[str, dict[str, str | None]] = {}
    for face_id, attribute, value in labels:
        if attribute in COLUMN_OF:
            by_column.setdefault(COLUMN_OF[attribute], {})[face_id] = value
    ids = table.column("face_id").to_pylist() if by_column else []
    for name, said in by_column.items():
        at = table.schema.get_field_index(name)
        if at < 0:
            continue
        field = table.schema.field(at)
        values = table.column(at).to_pylist()
        for row, face_id in enumerate(ids):
            if face_id in said:
                values[row] = _value(said[face_id], field.type)
        table = table.set_column(at, field, pa.array(values, field.type))
    return table


def _value(text: str | None, kind: pa.DataType) -> str | float | None:
    if text is None or not pa.types.is_floating(kind):
        return text
    try:
        return float(text)
    except ValueError:
        return None  # a bin's key: which number it is, nobody says
