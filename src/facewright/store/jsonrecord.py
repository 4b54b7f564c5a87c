"""Records as plain JSON data, with each float rounded as its definition says."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import pyarrow as pa
from pydantic import BaseModel

from facewright.schema import decimals_of

Rounder = Callable[[Any], Any]
_FLOAT32_DECIMALS = 6


def record_rows(table: pa.Table, model: type[BaseModel]) -> list[dict[str, Any]]:
    """Rows of a faces or photos table as plain data, ready for `json.dumps`.

    Arrow keeps floats in 32 bits; rounding again gives back the decimals of the definition,
    so that JSON says 1.2 and not 1.2000000476837158. Columns that the model does not define
    (of user-made annotators) are rounded to 3 decimals.
    """
    rounders = _rounders(model)
    rows: list[dict[str, Any]] = table.to_pylist(maps_as_pydicts="strict")
    for row in rows:
        for name, value in row.items():
            if value is not None:
                row[name] = rounders.get(name, _round_to(3))(value)
    return rows


def plain_rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows of any table as plain data, floats rounded to the 6 decimals that 32 bits hold."""
    tidy = _round_to(_FLOAT32_DECIMALS)
    rows: list[dict[str, Any]] = table.to_pylist(maps_as_pydicts="strict")
    return [tidy(row) for row in rows]


def dumps(row: dict[str, Any]) -> str:
    """One record as one line of JSON."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@cache
def _rounders(model: type[BaseModel]) -> dict[str, Rounder]:
    found = {}
    for name, info in model.model_fields.items():
        decimals = decimals_of(info)
        nested = next(_models(info.annotation), None)
        if decimals is not None:
            found[name] = _round_to(decimals)
        elif nested is not None:
            found[name] = _round_model(_rounders(nested))
        else:
            found[name] = _round_to(4)
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from _models(get_args(annotation)[0])
    else:
        for argument in get_args(annotation):
            yield from _models(argument)


def _round_to(decimals: int) -> Rounder:
    def apply(value: Any) -> Any:
        if isinstance(value, float):
            return round(value, decimals) if math.isfinite(value) else None
        if isinstance(value, list):
            return [apply(item) for item in value]
        if isinstance(value, dict):
            return {key: apply(item) for key, item in value.items()}
        return value

    return apply


def _round_model(rounders: dict[str, Rounder]) -> Rounder:
    def apply(value: Any) -> Any:
        if isinstance(value, list):
            return [apply(item) for item in value]
        if isinstance(value, dict):
            return {
                key: None if item is None else rounders[key](item) for key, item in value.items()
            }
        return value

    return apply
