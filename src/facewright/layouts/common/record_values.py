"""Values of layouts that know names of the Record: which fit their fields, and what is left.

A record travels as nested JSON (`{"head_pose": {"yaw": 3.1}}`) or flat, by dotted leaf names
(`{"head_pose.yaw": 3.1}`). Either way each value is held against the definition of its field:
type, choice, shape, and what Arrow's 32 bits can hold. NaN and infinities never fit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, cast, get_args, get_origin

import numpy as np
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from facewright.layouts.seam.tree import parse_json
from facewright.record import Record
from facewright.schema import leaves

_INT32: Final = 2**31 - 1
_EXACT: Final = 2**24  # whole numbers up to here are exact in 32 bits of float
_FLOAT32: Final = 3.4e38
_FLOAT16: Final = 65_504.0
_RESERVED: Final = frozenset(
    {"face_id", "photo_id", "index", "kept", "reasons", "crops", "origin"}
    | {"key", "status", "reason", "detail", "duplicate_of", "faces"}
)
"""Fields of Record and Photo that importing decides on; no layout's value goes there."""


@cache
def leaf_names(model: type[BaseModel] = Record) -> tuple[str, ...]:
    """Dotted names that a layout may state, in the order of the definition."""
    return tuple(name for name, _ in leaves(model) if name.split(".")[0] not in _RESERVED)


def fits(leaf: str, value: Any, model: type[BaseModel] = Record) -> bool:
    """Whether a value may stand in a field; None may in all."""
    return value is None or _checker(model, leaf)(value)


def leaf_kind(leaf: str, model: type[BaseModel] = Record) -> str:
    """What a field holds: "text", "bool", "int", "float", or "list" for lists and maps."""
    kinds = set(_kinds(_fields(model)[leaf].annotation))
    if kinds & {list, dict} or any(get_origin(kind) in (list, dict) for kind in kinds):
        return "list"
    return next((kind.__name__ for kind in (bool, int, float) if kind in kinds), "text")


def spread(
    data: Mapping[str, Any], model: type[BaseModel] = Record
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Sort nested data into the fields of a model and the rest.

    Args:
        data: as JSON has it.
        model: the Record or the Photo.

    Returns:
        Columns by dotted name (nulls left out); the rest, nested as it was, misfits included;
        and the dotted names of the misfits.
    """
    columns: dict[str, Any] = {}
    misfits: list[str] = []
    rest = _sort(data, _tree(model), "", model, columns, misfits)
    return columns, rest, misfits


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted names as nested data; names that run into a value stay as they are."""
    whole: dict[str, Any] = {}
    for name in sorted(flat, key=lambda name: name.count(".")):
        value = flat[name]
        *path, last = name.split(".")
        place = whole
        for part in path:
            deeper = place.setdefault(part, {})
            if not isinstance(deeper, dict):
                break
            place = deeper
        else:
            place[last] = value
            continue
        whole[name] = value
    return whole


def flattened(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Leaves of nested data by dotted names; lists are leaves."""
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def is_shallow(value: Any, levels: int = 64) -> bool:
    """Whether JSON data is nested so little that every process can write it again."""
    if not isinstance(value, list | dict):
        return True
    items = value if isinstance(value, list) else value.values()
    return levels > 0 and all(is_shallow(item, levels - 1) for item in items)


def load_object(text: str) -> dict[str, Any]:
    """One JSON object as its standard has it.

    Raises:
        ValueError: not JSON, NaN, a repeated key, half of a surrogate pair, nested too deeply,
            or something else than an object.
    """
    try:
        data = parse_json(text)
        if "\\ud" in text.lower():
            json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("it holds half of a surrogate pair") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(data, dict):
        found = "a list" if isinstance(data, list) else type(data).__name__
        raise ValueError(f"it must hold an object, not {found}")  # noqa: TRY004 - of the file
    return data


def _sort(
    data: Mapping[str, Any],
    tree: Mapping[str, Any],
    prefix: str,
    model: type[BaseModel],
    columns: dict[str, Any],
    misfits: list[str],
) -> dict[str, Any]:
    rest: dict[str, Any] = {}
    for key, value in data.items():
        below = tree.get(key)
        leaf = f"{prefix}{key}"
        if value is None and key in tree:
            continue
        if below is not None and isinstance(value, Mapping):
            left = _sort(value, below, f"{leaf}.", model, columns, misfits)
            if left:
                rest[key] = left
        elif key in tree and below is None and fits(leaf, value, model):
            columns[leaf] = value
        else:
            rest[key] = value
            if key in tree:
                misfits.append(leaf)
    return rest


@cache
def _tree(model: type[BaseModel]) -> Mapping[str, Any]:
    """Names of fields as nested mappings; a leaf is None."""
    return MappingProxyType(nested(dict.fromkeys(leaf_names(model))))


@cache
def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return dict(leaves(model))


@cache
def _checker(model: type[BaseModel], leaf: str) -> Callable[[Any], bool]:
    info = _fields(model)[leaf]
    adapter: TypeAdapter[Any] = TypeAdapter(cast("Any", info.annotation))
    ints = _INT32 if int in _kinds(info.annotation) else _EXACT
    extra = info.json_schema_extra
    floats = _FLOAT16 if isinstance(extra, dict) and "arrow" in extra else _FLOAT32
    shape = _wanted_shape(info)

    def check(value: Any) -> bool:
        """Whether a value is of the kind, without conversion."""
        try:
            adapter.validate_python(value, strict=True)
        except ValidationError:
            return False
        return _has_shape(value, shape, floats) if shape else _holds(value, ints, floats)

    return check


def _kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in get_args(annotation):
        yield from _kinds(argument)


def _wanted_shape(info: FieldInfo) -> tuple[int, ...]:
    """Shape that the definition gives a list; () where it gives none."""
    extra = info.json_schema_extra
    shape = extra.get("shape") if isinstance(extra, dict) else None
    return tuple(cast("list[int]", shape)) if shape else ()


def _holds(value: Any, ints: int, floats: float) -> bool:
    """Whether the columns' bits hold all numbers in a value.

    Args:
        value: as JSON has it.
        ints: largest whole number.
        floats: largest other number.
    """
    if isinstance(value, float):
        return -floats <= value <= floats  # NaN is not
    if isinstance(value, int):
        return -ints <= value <= ints
    if isinstance(value, list | dict):
        items = value if isinstance(value, list) else value.values()
        return all(_holds(item, ints, floats) for item in items)
    return True


def _has_shape(value: Any, shape: tuple[int, ...], largest: float) -> bool:
    """Whether nested lists are of these lengths, and their numbers finite and no larger."""
    try:
        numbers = np.array(value, np.float64)
    except (ValueError, OverflowError):  # ragged; or a whole number that no float comes near
        return False
    return numbers.shape == shape and bool((np.abs(numbers) <= largest).all())
