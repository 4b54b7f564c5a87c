"""Fields of a Croissant record set from an Arrow schema and the record's own definitions.

A nested column is a field with sub-fields: each takes the column and one step of JSONPath a
level. Columns of maps are left out: Croissant 1.0 has no type for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, get_args

import pyarrow as pa
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from facewright.record import Photo, Record
from facewright.schema import leaves, unit_of

Json = dict[str, Any]

LAYOUT_NAME: Final = pa.field("layout_name", pa.string())
"""Column of an export's faces table: what the face is called in the layout."""
_OWN: Final = {LAYOUT_NAME.name: "name of the face in the layout, a path or an id; empty: left out"}
_KINDS: Final = (
    (pa.types.is_boolean, "sc:Boolean"),
    (pa.types.is_integer, "sc:Integer"),
    (pa.types.is_floating, "sc:Float"),
    (pa.types.is_string, "sc:Text"),
    (pa.types.is_large_string, "sc:Text"),
    (pa.types.is_date, "sc:Date"),
    (pa.types.is_timestamp, "sc:DateTime"),
)


def fields(schema: pa.Schema, record_set: str, file_id: str) -> list[Json]:
    """The fields of a record set whose records are the rows of a file.

    Args:
        schema: the file's columns; dotted names are read as the record's leaves.
        record_set: id of the record set.
        file_id: id of the file object.
    """
    found = (
        _field(column, f"{record_set}/{column.name}", (column.name,), file_id) for column in schema
    )
    return [field for field in found if field is not None]


def _field(column: pa.Field, field_id: str, path: Sequence[str], file_id: str) -> Json | None:
    """A field, or None where Croissant has no type for it."""
    kind, repeated = column.type, False
    while isinstance(kind, pa.ListType | pa.LargeListType | pa.FixedSizeListType):
        kind, repeated = kind.value_type, True
    about: Json = {"@type": "cr:Field", "@id": field_id, "name": field_id.partition("/")[2]}
    if text := described(".".join(path)) or _text_of(column):
        about["description"] = text
    if repeated:
        about["repeated"] = True
    if pa.types.is_struct(kind):
        children = [
            _field(child, f"{field_id}/{child.name}", (*path, child.name), file_id)
            for child in kind
        ]
        return {**about, "subField": [child for child in children if child is not None]}
    name = next((name for test, name in _KINDS if test(kind)), None)
    if name is None:
        return None
    return {**about, "dataType": name, "source": _source(path, file_id)}


def _source(path: Sequence[str], file_id: str) -> Json:
    source: Json = {"fileObject": {"@id": file_id}, "extract": {"column": path[0]}}
    steps = [{"jsonPath": f"$.{name}"} for name in path[1:]]
    if steps:
        source["transform"] = steps if len(steps) > 1 else steps[0]
    return source


def described(path: str) -> str:
    """What the record's definition says of a column or a leaf ("head_pose.yaw"); may be ""."""
    return _descriptions().get(path, "")


@cache
def _descriptions() -> Mapping[str, str]:
    found = dict(_OWN)
    for model in (Photo, Record):
        found.update(_parts(model, ""))
        found.update({path: _of_leaf(info) for path, info in leaves(model)})
    return found


def _parts(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    """Documentation of the nested models, by their dotted names."""
    for name, info in model.model_fields.items():
        for inner in _models(info.annotation):
            yield f"{prefix}{name}", " ".join((inner.__doc__ or "").split())
            yield from _parts(inner, f"{prefix}{name}.")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _of_leaf(info: FieldInfo) -> str:
    text = info.description or next(_said(info.annotation), "")
    unit = unit_of(info)
    return f"{text} [{unit}]" if text and unit else text


def _said(annotation: Any) -> Iterator[str]:
    """Descriptions that lie deeper in an annotation, as those of `Degrees | None`."""
    for argument in (*get_args(annotation), *getattr(annotation, "__metadata__", ())):
        if isinstance(argument, FieldInfo) and argument.description:
            yield argument.description
        yield from _said(argument)


def _text_of(column: pa.Field) -> str:
    raw = (column.metadata or {}).get(b"description", b"")
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
