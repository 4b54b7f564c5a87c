"""Arrow schemas and columnar assembly, derived from the models in `facewright.record`.

Annotators work on columns: a flat mapping from a dotted leaf name ("head_pose.yaw") to an
array with one value a face. `to_table` turns such a mapping into the nested Arrow table,
rounding each float as its definition says and turning NaN and None into null.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import numpy as np
import pyarrow as pa
from pydantic import BaseModel
from pydantic.fields import FieldInfo

Columns = Mapping[str, Any]
"""Dotted leaf name to one value a face: a numpy array, or a list where values are nested."""

_SCALARS: dict[type, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int32(),
    float: pa.float32(),
}


def arrow_schema(model: type[BaseModel], extra: Sequence[pa.Field] = ()) -> pa.Schema:
    """Arrow schema of a record model, followed by the `extra` fields of user-made annotators."""
    return pa.schema([*_fields(model), *extra])


def leaves(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """All dotted leaf names of a model with their definitions; lists and maps are leaves."""
    for name, info in model.model_fields.items():
        inner, _ = _unwrap(info.annotation, info)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from leaves(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", info


def to_table(
    model: type[BaseModel], columns: Columns, rows: int, extra: Sequence[pa.Field] = ()
) -> pa.Table:
    """Assemble the nested Arrow table of `model` from flat columns.

    Args:
        model: the record model.
        columns: dotted leaf name to `rows` values. A leaf that is missing is null throughout
            (a list leaf that may not be null is empty, a map leaf is empty).
        rows: number of rows.
        extra: further top-level fields, taken from `columns` by their names.

    Raises:
        KeyError: a column's name is not a leaf of the model.
    """
    known = _leaf_names(model) | {field.name for field in extra}
    unknown = set(columns) - known
    if unknown:
        raise KeyError(f"not a field of {model.__name__}: {', '.join(sorted(unknown))}")
    arrays = [_assemble(node, name, columns, rows) for name, node in _plan(model)]
    arrays += [pa.array(columns[field.name], field.type) for field in extra]
    return pa.Table.from_arrays(arrays, schema=arrow_schema(model, extra))


def decimals_of(info: FieldInfo) -> int | None:
    """How many decimals the definition keeps of a float; None when it says nothing."""
    _, extra = _unwrap(info.annotation, info)
    found = extra.get("decimals")
    return int(found) if found is not None else None


def unit_of(info: FieldInfo) -> str:
    """Unit of a leaf as its definition names it; empty where there is none."""
    _, extra = _unwrap(info.annotation, info)
    return str(extra.get("unit", ""))


@cache
def _leaf_names(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, _ in leaves(model))


@cache
def _fields(model: type[BaseModel]) -> tuple[pa.Field, ...]:
    return tuple(
        pa.field(name, _type(info), metadata=_metadata(info))
        for name, info in model.model_fields.items()
    )


def _metadata(info: FieldInfo) -> dict[str, str]:
    _, extra = _unwrap(info.annotation, info)
    unit = extra.get("unit")
    found = {"description": info.description or "", "unit": str(unit or "")}
    return {key: value for key, value in found.items() if value}


def _unwrap(annotation: Any, info: FieldInfo | None) -> tuple[Any, dict[str, Any]]:
    """Strip `Annotated` and `| None`; collect the json_schema_extra met on the way."""
    extra: dict[str, Any] = {}
    if info is not None and isinstance(info.json_schema_extra, dict):
        extra.update(info.json_schema_extra)
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *metadata = get_args(annotation)
            for item in metadata:
                if isinstance(item, FieldInfo) and isinstance(item.json_schema_extra, dict):
                    extra = {**item.json_schema_extra, **extra}
        elif origin in (Union, types.UnionType):
            (annotation,) = [a for a in get_args(annotation) if a is not type(None)]
        else:
            return annotation, extra


def _type(info: FieldInfo) -> pa.DataType:
    return _type_of(*_unwrap(info.annotation, info))


def _type_of(annotation: Any, extra: dict[str, Any]) -> pa.DataType:
    origin = get_origin(annotation)
    if origin is Literal:
        return pa.string()
    if origin is dict:
        return pa.map_(pa.string(), pa.string())
    if origin is list:
        if "shape" in extra:
            item = pa.float16() if extra.get("arrow") == "float16" else pa.float32()
            for length in reversed(extra["shape"]):
                item = pa.list_(item, length)
            return item
        return pa.list_(_type_of(*_unwrap(get_args(annotation)[0], None)))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pa.struct(_fields(annotation))
    return _SCALARS[annotation]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """What a column becomes. empty: a missing one is of empty lists or maps, not of nulls."""

    kind: pa.DataType
    decimals: int | None
    empty: bool


@dataclass(frozen=True, slots=True)
class _Struct:
    """Columns that are put together to one."""

    fields: tuple[pa.Field, ...]
    children: tuple[tuple[str, _Leaf | _Struct], ...]


@cache
def _plan(model: type[BaseModel]) -> tuple[tuple[str, _Leaf | _Struct], ...]:
    """How each field of a model is assembled; to ask the model again for every batch is slow."""
    return tuple((name, _node(info)) for name, info in model.model_fields.items())


def _node(info: FieldInfo) -> _Leaf | _Struct:
    inner, extra = _unwrap(info.annotation, info)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return _Struct(_fields(inner), _plan(inner))
    kind = _type_of(inner, extra)
    optional = type(None) in get_args(info.annotation)
    empty = (pa.types.is_list(kind) or pa.types.is_map(kind)) and not optional
    return _Leaf(kind, extra.get("decimals"), empty)


def _assemble(node: _Leaf | _Struct, path: str, columns: Columns, rows: int) -> pa.Array:
    if isinstance(node, _Struct):
        children = [
            _assemble(child, f"{path}.{name}", columns, rows) for name, child in node.children
        ]
        return pa.StructArray.from_arrays(children, fields=node.fields)
    if path in columns:
        return _leaf(columns[path], node.kind, node.decimals)
    return pa.array([[]] * rows, node.kind) if node.empty else pa.nulls(rows, node.kind)


def _leaf(values: Any, kind: pa.DataType, decimals: int | None) -> pa.Array:
    if not isinstance(values, np.ndarray):
        return pa.array(values, kind)
    if values.dtype.kind == "f" and decimals is not None:
        values = np.round(values.astype(np.float64), decimals) + 0.0
    if pa.types.is_fixed_size_list(kind):
        return _fixed(values, kind)
    if values.dtype.kind == "f":
        mask = np.isnan(values)
        if pa.types.is_float32(kind):
            return pa.array(values.astype(np.float32), mask=mask)
        return pa.array(values, mask=mask).cast(kind)
    return pa.array(values.tolist() if values.dtype == object else values, kind)


def _fixed(values: np.ndarray, kind: pa.DataType) -> pa.Array:
    """(N, ...) floats to nested fixed-size lists; a row whose first value is NaN is null."""
    rows = len(values)
    mask = np.isnan(values.reshape(rows, -1)[:, :1]).any(axis=1) if rows else np.zeros(0, bool)
    types_, inner = [], kind
    while pa.types.is_fixed_size_list(inner):
        types_.append(inner)
        inner = inner.value_type
    flat = np.ascontiguousarray(values).reshape(-1).astype(inner.to_pandas_dtype())
    array = pa.array(flat, inner)
    for index, level in reversed(list(enumerate(types_))):
        top = index == 0 and bool(mask.any())
        array = pa.FixedSizeListArray.from_arrays(
            array, type=level, mask=pa.array(mask) if top else None
        )
    return array
