"""Records as plain JSON data, with each float rounded as its definition says."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import numpy as np
import pyarrow as pa
from pydantic import BaseModel

from facewright.schema import decimals_of

_FLOAT32_DECIMALS = 6
_DEFAULT_DECIMALS = 4
_EXTRA_DECIMALS = 3


def record_rows(table: pa.Table, model: type[BaseModel]) -> list[dict[str, Any]]:
    """Rows of a faces or photos table as plain data, ready for `json.dumps`.

    Arrow keeps floats in 32 bits; rounding again gives back the decimals of the definition,
    so that JSON says 1.2 and not 1.2000000476837158. Columns that the model does not define
    (of user-made annotators) are rounded to 3 decimals. Numbers that are not finite are null.
    """
    decimals = _decimals(model)
    return _rows(table, [decimals.get(name, _EXTRA_DECIMALS) for name in table.column_names])


def plain_rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows of any table as plain data, floats rounded to the 6 decimals that 32 bits hold."""
    return _rows(table, [_FLOAT32_DECIMALS] * table.num_columns)


def dumps(row: dict[str, Any]) -> str:
    """One record as one line of JSON."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


Decimals = int | dict[str, "Decimals"]
"""Decimals of a leaf, or of each field of a struct."""


@cache
def _decimals(model: type[BaseModel]) -> dict[str, Decimals]:
    found: dict[str, Decimals] = {}
    for name, info in model.model_fields.items():
        own = decimals_of(info)
        nested = next(_models(info.annotation), None)
        if own is not None:
            found[name] = own
        else:
            found[name] = _DEFAULT_DECIMALS if nested is None else _decimals(nested)
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from _models(get_args(annotation)[0])
    else:
        for argument in get_args(annotation):
            yield from _models(argument)


def _rows(table: pa.Table, decimals: Sequence[Decimals]) -> list[dict[str, Any]]:
    """Column by column: three times as fast as a row at a time."""
    arrays = [
        pa.concat_arrays(c.chunks) if c.num_chunks else c.combine_chunks() for c in table.columns
    ]
    columns = [_values(array, d) for array, d in zip(arrays, decimals, strict=True)]
    names = table.column_names
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(array: pa.Array, decimals: Decimals) -> list[Any]:
    """An array as plain data."""
    kind = array.type
    if pa.types.is_floating(kind):
        return _floats(array, decimals if isinstance(decimals, int) else _DEFAULT_DECIMALS)
    if array.null_count and pa.types.is_nested(kind):
        return _with_nulls(array, decimals)
    if pa.types.is_struct(kind):
        return _structs(array, decimals)
    if pa.types.is_fixed_size_list(kind):
        size = kind.list_size
        inner = _values(array.flatten(), decimals)
        return [inner[at : at + size] for at in range(0, len(inner), size)]
    if pa.types.is_list(kind):
        inner = _values(array.flatten(), decimals)
        ends = np.cumsum(array.value_lengths().to_numpy()).tolist()
        return [inner[a:b] for a, b in itertools.pairwise([0, *ends])]
    plain: list[Any] = array.to_pylist(maps_as_pydicts="strict")
    return plain


def _structs(array: pa.StructArray, decimals: Decimals) -> list[Any]:
    names = [array.type.field(i).name for i in range(array.type.num_fields)]
    inner = decimals if isinstance(decimals, dict) else dict.fromkeys(names, decimals)
    # `field` knows nothing of the struct's own slice, `flatten` does.
    columns = [
        _values(child, inner[name]) for name, child in zip(names, array.flatten(), strict=True)
    ]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _floats(array: pa.Array, decimals: int) -> list[float | None]:
    numbers = array.to_numpy(zero_copy_only=False).astype(np.float64)
    rounded: list[float | None] = (np.round(numbers, decimals) + 0.0).tolist()
    for at in np.flatnonzero(~np.isfinite(numbers)).tolist():
        rounded[at] = None
    return rounded


def _with_nulls(array: pa.Array, decimals: Decimals) -> list[Any]:
    """The values that are there, each at its place: nulls of long lists cost nothing."""
    values: list[Any] = [None] * len(array)
    there = np.flatnonzero(array.is_valid().to_numpy(zero_copy_only=False)).tolist()
    for at, value in zip(there, _values(array.drop_null(), decimals), strict=True):
        values[at] = value
    return values
