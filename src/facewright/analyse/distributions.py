"""How many faces have each value of an attribute, and how its number lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from facewright.attributes.attribute import Attribute
from facewright.attributes.face_table import Coded, FaceTable

Quartiles = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Distribution:
    """An attribute with its counts.

    Attributes:
        coded: the attribute's value of every face.
        quartiles: 25, 50 and 75 % of its number, in its unit; None where it has none.
    """

    coded: Coded
    quartiles: Quartiles | None

    @property
    def attribute(self) -> Attribute:
        """What was counted."""
        return self.coded.attribute

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """Name and number of faces of every level, empty ones included, in order."""
        counts = self.coded.counts.tolist()
        names = map(self.attribute.label, self.coded.levels)
        return tuple(zip(names, counts, strict=True))

    @property
    def unknown(self) -> int:
        """Faces of which the value is not known."""
        return self.coded.unknown

    @property
    def total(self) -> int:
        """Faces counted, unknown ones included."""
        return len(self.coded.codes)


def distributions(table: FaceTable, attributes: Sequence[Attribute]) -> list[Distribution]:
    """Count a table's faces by several attributes.

    Args:
        table: has at least one face.
        attributes: what to count.

    Raises:
        UsageError: an attribute does not fit this table.
    """
    quartiles = quartiles_of(table, attributes)
    return [Distribution(one, quartiles.get(one.attribute.name)) for one in table.coded(attributes)]


def quartiles_of(table: FaceTable, attributes: Sequence[Attribute]) -> dict[str, Quartiles]:
    """Quartiles by name of those attributes that are bins of a number and known somewhere."""
    measured = [one for one in attributes if one.measure]
    if not measured:
        return {}
    numbers = [f"({one.measure})::DOUBLE" for one in measured]
    columns = ", ".join(
        f"quantile_cont({number}, [0.25, 0.5, 0.75]) FILTER (WHERE isfinite({number})) AS c{n}"
        for n, number in enumerate(numbers)
    )
    joined = any(one.of_photo for one in measured)
    source = "faces LEFT JOIN photos AS photo USING (photo_id)" if joined else "faces"
    row: dict[str, Any] = table.query(f"SELECT {columns} FROM {source}").to_pylist()[0]  # noqa: S608 - own names
    found = zip((one.name for one in measured), row.values(), strict=True)
    return {name: (q[0], q[1], q[2]) for name, q in found if q is not None}
