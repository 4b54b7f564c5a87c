"""How the Hugging Face `datasets` library describes columns, in Parquet and in README.md.

In Parquet it is JSON under the schema's metadata key `huggingface`; in the card it is YAML. Both
are written in the forms that versions 2 to 5 of the library read: lists as `Sequence`, lists of
structs as a list of one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pyarrow as pa

IMAGE: Final = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
"""Storage of the library's `Image` feature."""

_NAMES: Final = {"halffloat": "float16", "float": "float32", "double": "float64"}


def with_features(schema: pa.Schema) -> pa.Schema:
    """A schema with the metadata that make `datasets` decode its `image` column."""
    features = {field.name: _feature(field) for field in schema}
    info = json.dumps({"info": {"features": features}}, separators=(",", ":"))
    return schema.with_metadata({"huggingface": info})


def card_features(schema: pa.Schema) -> list[dict[str, Any]]:
    """The same as the card's `dataset_info.features`."""
    return [{"name": field.name, **_card(field.type)} for field in schema]


def yaml_lines(value: Any, indent: str = "") -> Iterator[str]:
    """Data as YAML in block style; strings that could be misread are quoted as JSON is.

    Args:
        value: mappings, lists, strings, numbers, booleans; nothing empty but strings.
        indent: before each line.
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list):
                yield f"{indent}{key}:"
                yield from yaml_lines(inner, indent if isinstance(inner, list) else f"{indent}  ")
            else:
                yield f"{indent}{key}: {_scalar(inner)}"
    else:
        for inner in value:
            if isinstance(inner, Mapping):
                first, *rest = yaml_lines(inner, f"{indent}  ")
                yield f"{indent}- {first.removeprefix(f'{indent}  ')}"
                yield from rest
            else:
                yield f"{indent}- {_scalar(inner)}"


def _feature(field: pa.Field) -> Any:
    return {"_type": "Image"} if field.type == IMAGE else _feature_of(field.type)


def _feature_of(kind: pa.DataType) -> Any:
    if pa.types.is_struct(kind):
        return {inner.name: _feature_of(inner.type) for inner in kind}
    if pa.types.is_fixed_size_list(kind):
        inner = _feature_of(kind.value_type)
        return {"feature": inner, "length": kind.list_size, "_type": "Sequence"}
    if pa.types.is_list(kind):
        inner = _feature_of(kind.value_type)
        of_structs = pa.types.is_struct(kind.value_type)
        return [inner] if of_structs else {"feature": inner, "_type": "Sequence"}
    return {"dtype": _dtype(kind), "_type": "Value"}


def _card(kind: pa.DataType) -> dict[str, Any]:
    if kind == IMAGE:
        return {"dtype": "image"}
    if pa.types.is_struct(kind):
        return {"struct": [{"name": inner.name, **_card(inner.type)} for inner in kind]}
    if pa.types.is_fixed_size_list(kind):
        return {"sequence": _item(kind), "length": kind.list_size}
    if pa.types.is_list(kind):
        of_structs = pa.types.is_struct(kind.value_type)
        return (
            {"list": _card(kind.value_type)["struct"]} if of_structs else {"sequence": _item(kind)}
        )
    return {"dtype": _dtype(kind)}


def _item(kind: pa.DataType) -> Any:
    inner = _card(kind.value_type)
    return inner["dtype"] if list(inner) == ["dtype"] else inner


def _dtype(kind: pa.DataType) -> str:
    return _NAMES.get(str(kind), str(kind))


def _scalar(value: Any) -> str:
    plain = isinstance(value, str) and value.replace("-", "").replace("_", "").isalnum()
    if plain and value[0].isalpha() and value.lower() not in _MISREAD:
        return str(value)
    return json.dumps(value, ensure_ascii=False)


_MISREAD: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
