"""Labels of a StyleGAN archive from columns of the Record or cameras, and the way back.

`dataset.json` holds a class or a list of floats for each picture and does not say of what.
`labels.json`, which published loaders pass over, says it:

    {"form": "class", "columns": [{"column": "sex", "kind": "class", "classes": [...]}]}
    {"form": "vector", "columns": [{"column": "age", "kind": "number"}, ...]}
    {"form": "camera"}

One column of words, or of yes and no, becomes classes 0, 1, ... in the sorted order of its values.
Several columns, or one of numbers, become one list of floats: words as one-hot values, yes and no
as 1 and 0, lists of numbers as they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from facewright.errors import UsageError
from facewright.layouts.archives.cameras import camera_labels
from facewright.layouts.seam.export import Export
from facewright.record import Record
from facewright.schema import leaves

ABOUT: Final = "labels.json"
CAMERA: Final = "camera"

Label = int | list[float]

_LEAVES = frozenset(name for name, _ in leaves(Record))


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of faces, and what they mean.

    Attributes:
        values: one a face; None where none were asked for.
        about: content of `labels.json`; None likewise.
    """

    values: list[Label] | None = None
    about: dict[str, Any] | None = None


def make_labels(export: Export) -> Labels:
    """Labels that `export.options.labels` names.

    Raises:
        UsageError: no such column, one that cannot be a label, or a face without a value.
    """
    names = export.options.labels
    if not names:
        return Labels()
    if CAMERA in names:
        if len(names) > 1:
            raise UsageError("'camera' is a label by itself; leave the columns away, or it")
        return Labels(camera_labels(export).tolist(), {"form": "camera"})
    values = _columns(export, names)
    kinds = [_kind(name, values[name]) for name in names]
    if len(kinds) == 1 and "classes" in kinds[0]:
        classes = kinds[0]["classes"]
        number = {value: n for n, value in enumerate(classes)}
        column = values[names[0]]
        return Labels([number[v] for v in column], {"form": "class", "columns": kinds})
    vectors: list[Label] = [
        [float(x) for kind, value in zip(kinds, row, strict=True) for x in _floats(kind, value)]
        for row in zip(*values.values(), strict=True)
    ]
    return Labels(vectors, {"form": "vector", "columns": kinds})


def _columns(export: Export, names: Sequence[str]) -> dict[str, list[Any]]:
    """Values by column, all of them present."""
    top = list(dict.fromkeys(["face_id", *(name.split(".")[0] for name in names)]))
    values: dict[str, list[Any]] = {name: [] for name in names}
    missing: dict[str, list[str]] = {}
    for row in export.rows(top):
        for name in names:
            value = _leaf(row, name)
            values[name].append(value)
            if value is None:
                missing.setdefault(name, []).append(row["face_id"])
    for name, faces in missing.items():
        raise UsageError(
            f"{len(faces)} of {len(export)} faces have no {name}, as {faces[0]}; an archive needs"
            f' a label for every picture: choose those with --where "{name} IS NOT NULL"'
        )
    return values


def _leaf(row: Mapping[str, Any], name: str) -> Any:
    """Value of a dotted name; None where a part on the way is null."""
    value: Any = row
    for part in name.split("."):
        if value is None:
            return None
        if not isinstance(value, dict) or part not in value:
            raise UsageError(f"no column {name} that could be a label")
        value = value[part]
    return value


def _kind(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """How a column becomes a label."""
    types = {type(value) for value in values}
    if types <= {bool} or types <= {str}:
        return {"column": name, "kind": "class", "classes": sorted(set(values))}
    if types == {int}:
        return {"column": name, "kind": "whole"}
    if types <= {int, float} and all(map(math.isfinite, values)):
        return {"column": name, "kind": "number"}
    if types == {list} and len({len(v) for v in values}) == 1 and _flat(values):
        return {"column": name, "kind": "numbers", "length": len(values[0])}
    raise UsageError(f"column {name} cannot be a label: it holds {_held(types)}")


def _flat(values: Sequence[list[Any]]) -> bool:
    return all(isinstance(x, float) and math.isfinite(x) for value in values for x in value)


def _held(types: set[type]) -> str:
    return " and ".join(sorted(f"{each.__name__} values" for each in types))


def _floats(kind: Mapping[str, Any], value: Any) -> Sequence[float]:
    if isinstance(value, list):
        return value
    if isinstance(value, bool):
        return [value]
    if "classes" in kind:
        return [value == each for each in kind["classes"]]
    return [value]


def columns_of(label: Any, about: Mapping[str, Any] | None) -> dict[str, Any]:
    """Columns of the Record that a label states, by what `labels.json` says of it.

    Whatever does not fit gives no columns: the label itself is kept beside them anyway.
    """
    kinds = (about or {}).get("columns")
    if not isinstance(kinds, list) or not all(isinstance(kind, dict) for kind in kinds):
        return {}
    if (about or {}).get("form") == "class":
        classes = kinds[0].get("classes") if kinds else None
        fits = isinstance(classes, list) and isinstance(label, int) and 0 <= label < len(classes)
        return _known({kinds[0].get("column"): classes[label]}) if fits and classes else {}
    if not isinstance(label, list):
        return {}
    found, at = {}, 0
    for kind in kinds:
        width = _width(kind)
        part = label[at : at + width]
        at += width
        if len(part) == width and width:
            found[kind.get("column")] = _value(kind, part)
    return _known(found) if at == len(label) else {}


def _width(kind: Mapping[str, Any]) -> int:
    classes = kind.get("classes")
    if isinstance(classes, list):
        return 1 if _is_flags(classes) else len(classes)
    length = kind.get("length", 1)
    return length if isinstance(length, int) and length > 0 else 0


def _value(kind: Mapping[str, Any], part: list[float]) -> Any:
    classes = kind.get("classes")
    if isinstance(classes, list):
        return bool(part[0]) if _is_flags(classes) else classes[part.index(max(part))]
    if kind.get("kind") == "numbers":
        return part
    return round(part[0]) if kind.get("kind") == "whole" else part[0]


def _is_flags(classes: list[Any]) -> bool:
    return all(isinstance(each, bool) for each in classes)


def _known(found: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name in _LEAVES}
