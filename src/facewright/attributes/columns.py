"""Columns that no known attribute reads: what kind they are, and how they are counted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from facewright.attributes.attribute import Attribute, binned, words

_BINS: Final = 10
"""About how many bins a number of any range is cut into."""
_FEW: Final = 12
"""Different whole numbers up to which each is a class."""


def leaves_of(schema: pa.Schema) -> Iterator[tuple[str, str]]:
    """Dotted leaves of a schema with their kinds; of lists of structs, nothing below the list."""
    for field in schema:
        yield from _leaves(field.name, field.type)


def _leaves(name: str, kind: pa.DataType) -> Iterator[tuple[str, str]]:
    if not pa.types.is_struct(kind):
        yield name, kind_of(kind)
        return
    for field in kind:
        yield from _leaves(f"{name}.{field.name}", field.type)


def kind_of(kind: pa.DataType) -> str:
    """text, number, flag, list or other."""
    if pa.types.is_dictionary(kind):
        return kind_of(kind.value_type)
    if pa.types.is_boolean(kind):
        return "flag"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "text"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return "list"
    return "other"


def generic(leaf: str, kind: str, spread: Spread | None = None) -> Attribute:
    """Attribute of a column of which nothing but its kind is known.

    Texts and flags are classes. So are whole numbers of a dozen values or fewer; other numbers
    are cut into round bins.

    Args:
        leaf: dotted name; one that starts with `photo.` is of the photo.
        kind: as `kind_of` says.
        spread: of a number.
    """
    column = sql_name(leaf)
    title = words(leaf.replace(".", " "))
    title = title[:1].upper() + title[1:]
    needs, of_photo = {leaf: kind}, leaf.startswith("photo.")
    if kind == "flag":
        sql = f"CASE WHEN {column} THEN 'yes' WHEN NOT {column} THEN 'no' END"
        return Attribute(leaf, title, sql, {"no": "no", "yes": "yes"}, needs, of_photo=of_photo)
    if kind == "text" or spread is None:
        return Attribute(leaf, title, column, None, needs, of_photo=of_photo)
    if spread.is_few:
        sql, levels = f"{column}::BIGINT", {str(n): str(n) for n in spread.values}
    else:
        sql, levels = binned(column, spread.edges())
    return Attribute(
        leaf, title, sql, levels, needs, measure=column, ordered=True, of_photo=of_photo
    )


def sql_name(leaf: str) -> str:
    """A dotted leaf as SQL, each part quoted."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in leaf.split("."))


@dataclass(frozen=True, slots=True)
class Spread:
    """How the values of a number lie.

    Attributes:
        low: 2nd percentile. high: 98th percentile.
        values: whole numbers that occur, where they are few; else empty.
    """

    low: float
    high: float
    values: tuple[int, ...] = ()

    @property
    def is_few(self) -> bool:
        """Whether the values are better listed than cut."""
        return bool(self.values)

    def edges(self) -> list[float]:
        """Round numbers, about ten, that cut the middle 96 % evenly."""
        span = self.high - self.low
        if not span > 0:
            return [self.low]
        raw = span / _BINS
        unit = 10.0 ** math.floor(math.log10(raw))
        step = next(unit * each for each in (1, 2, 2.5, 5, 10) if unit * each >= raw)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        edges = [float(f"{n * step:.12g}") for n in range(first, last + 1)]
        return edges or [float(f"{self.low:.3g}")]


def spread_sql(leaf: str) -> str:
    """SQL of what `spread_of` reads: percentiles, and the different values where all are whole."""
    number = f"({sql_name(leaf)})::DOUBLE"
    sound = f"FILTER (WHERE isfinite({number}))"
    few = f"list_sort((approx_top_k({number}, {_FEW + 1}) {sound}))"
    return (
        f"{{'low': quantile_cont({number}, 0.02) {sound},"
        f" 'high': quantile_cont({number}, 0.98) {sound}, 'values': {few}}}"
    )


def spread_of(found: Mapping[str, Any]) -> Spread | None:
    """Spread from the answer to `spread_sql`; None where there is no value at all."""
    if found["low"] is None:
        return None
    values = found["values"] or []
    few = len(values) <= _FEW and all(value == int(value) for value in values)
    return Spread(found["low"], found["high"], tuple(map(int, values)) if few else ())
