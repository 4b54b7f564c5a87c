"""ffhq-features: one JSON array a thumbnail, as Azure's Face API answered, byte for byte.

    json/00000.json    [] for no face, else the faces, the largest first

Source: the published 70,000 files of DCGM/ffhq-features-dataset. Rectangles are pixels of the
128-pixel thumbnails. Hair of which no colour is told is an empty list there and null here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from facewright.errors import LayoutError
from facewright.layouts.common.shape import Shape
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import FaceItem, PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree, loads_as_is, parse_json
from facewright.record import EMOTIONS

THUMBNAIL: Final = 128
# Azure's names, in its order, and the record's leaves. A tuple is a JSON object.
_FIELDS: Final[tuple[tuple[str, Any], ...]] = (
    ("smile", "smile"),
    ("headPose", tuple((n, f"head_pose.{n}") for n in ("pitch", "roll", "yaw"))),
    ("gender", "sex"),
    ("age", "age"),
    (
        "facialHair",
        tuple((n, f"facial_hair.{n}") for n in ("moustache", "beard", "sideburns")),
    ),
    ("glasses", "glasses"),
    ("emotion", tuple((n, f"emotion.{n}") for n in EMOTIONS)),
    ("blur", (("blurLevel", "blur.level"), ("value", "blur.value"))),
    ("exposure", (("exposureLevel", "exposure.level"), ("value", "exposure.value"))),
    ("noise", (("noiseLevel", "noise.level"), ("value", "noise.value"))),
    ("makeup", (("eyeMakeup", "makeup.eye"), ("lipMakeup", "makeup.lip"))),
    ("accessories", "accessories"),
    (
        "occlusion",
        tuple((f"{n}Occluded", f"occlusion.{n}") for n in ("forehead", "eye", "mouth")),
    ),
    (
        "hair",
        (("bald", "hair.bald"), ("invisible", "hair.invisible"), ("hairColor", "hair.color")),
    ),
)


def _leaves(fields: tuple[tuple[str, Any], ...]) -> Iterator[str]:
    for _, leaf in fields:
        if isinstance(leaf, tuple):
            yield from _leaves(leaf)
        else:
            yield leaf


_RECTANGLE: Final = tuple((n, f"rectangle.{n}") for n in ("top", "left", "width", "height"))
_WORDS: Final = {
    "sex": {"female", "male"},
    "glasses": {"NoGlasses", "ReadingGlasses", "Sunglasses", "SwimmingGoggles"},
    "blur.level": {"low", "medium", "high"},
    "exposure.level": {"underExposure", "goodExposure", "overExposure"},
    "noise.level": {"low", "medium", "high"},
}
_FLAGS: Final = {"makeup.eye", "makeup.lip", "occlusion.forehead", "occlusion.eye",
                 "occlusion.mouth", "hair.invisible"}  # fmt: skip
_LISTS: Final = {"accessories", "hair.color"}


def _types(leaf: str) -> tuple[type, ...]:
    if leaf in _LISTS:
        return (list,)
    if leaf in _FLAGS:
        return (bool,)
    return (str,) if leaf in _WORDS or leaf == "faceId" else (int, float)


_COLUMNS: Final = (
    "photo_id",
    "index",
    "rectangle",
    "origin",
    *dict.fromkeys(leaf.split(".")[0] for leaf in _leaves(_FIELDS)),
)
_SHAPE: Final = Shape(
    (("faceId", "faceId"), ("faceRectangle", _RECTANGLE), ("faceAttributes", _FIELDS)),
    {leaf: _types(leaf) for leaf in ("faceId", *_leaves((*_RECTANGLE, *_FIELDS)))},
    _WORDS,
)
_NUMBERED = re.compile(r"^\d{5,}$")
_RECORD = re.compile(r"(?:^|/)\d{5,}\.json$")


@dataclass(frozen=True, slots=True)
class FFHQFeatures:
    """The layout of the ffhq-features dataset."""

    name: str = "ffhq-features"
    summary: str = "one JSON array of Azure-style records a picture (json/00000.json)"

    def recognises(self, tree: Tree) -> bool:
        """Whether most JSON files have numbers for names, and there are no pictures."""
        records = sum(map(_is_record, tree.names))
        others = sum(name.endswith(".json") for name in tree.names) - records
        return records > others and not tree.pictures()

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """One photo a file, in the order of their numbers."""
        for name in filter(_is_record, tree.names):
            number = name.rpartition("/")[2].removesuffix(".json")
            try:
                yield PhotoItem(number, name, _PHOTO, _faces(name, tree.text(name)))
            except (ValueError, LayoutError) as error:
                yield PhotoItem(number, name, _PHOTO, problem=("bad_entry", f"{name}: {error}"))

    def write(self, export: Export, sink: Sink) -> list[str]:
        """One file a photo; a photo without a face gives `[]`."""
        by_photo: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        for at, row in enumerate(export.rows(_COLUMNS)):
            by_photo.setdefault(row["photo_id"], []).append((at, row))
        shown = dict.fromkeys(export.photos) if export.is_whole else dict.fromkeys(by_photo)
        numbers = _numbers(list(shown))
        names = [""] * len(export)
        written = 0
        for photo_id in shown:
            file = f"json/{numbers[photo_id]}.json"
            faces = by_photo.get(photo_id, [])
            for at, row in faces:
                names[at] = f"{file}#{row['index']}"
            sink.write(file, dumps([_face_json(row) for _, row in faces]).encode())
            written += len(faces)
            export.written(written)
        return names


_PHOTO: Final = {"width": THUMBNAIL, "height": THUMBNAIL}


def dumps(faces: list[dict[str, Any]]) -> str:
    """The published formatting: no spaces, no newline."""
    return json.dumps(faces, separators=(",", ":"))


def _is_record(name: str) -> bool:
    return _RECORD.search(name) is not None


def _numbers(photo_ids: list[str]) -> dict[str, str]:
    """Five-digit names: the photos' own where all are numbers, else their places."""
    if all(_NUMBERED.match(photo_id) for photo_id in photo_ids):
        return {photo_id: photo_id for photo_id in photo_ids}
    return {photo_id: f"{number:05d}" for number, photo_id in enumerate(photo_ids)}


def _faces(name: str, text: str) -> list[FaceItem]:
    """Faces of a file.

    Raises:
        ValueError: it is not JSON, or not what the published files are; says where.
    """
    if (usual := _usual(name, text)) is not None:
        return usual
    faces = parse_json(text)
    if not isinstance(faces, list):
        raise ValueError("it must hold a list of faces")  # noqa: TRY004 - of the file, not ours
    return [_face(f"{name}#{n}", face) for n, face in enumerate(faces, start=1)]


def _usual(name: str, text: str) -> list[FaceItem] | None:
    """Faces of a file that is just as the published ones are; None for any other.

    A key that comes twice would be lost without a word: then there are more colons than keys.
    """
    try:
        faces = loads_as_is(text)
    except ValueError:
        return None
    if not isinstance(faces, list):
        return None
    items, keys = [], 0
    for number, face in enumerate(faces, start=1):
        values = _SHAPE.values(face)
        if values is None:
            return None
        columns = dict(zip(_SHAPE.leaves, values, strict=True))
        keys += _SHAPE.keys + sum(map(_keys, (*columns["accessories"], *columns["hair.color"])))
        items.append(_item(f"{name}#{number}", columns, {"faceId": columns.pop("faceId")}))
    return items if keys == text.count(":") else None


def _keys(listed: Any) -> int:
    return len(listed) if isinstance(listed, dict) else 0


def _face(name: str, face: Any) -> FaceItem:
    if not isinstance(face, dict):
        raise ValueError("a face must be an object")  # noqa: TRY004
    columns: dict[str, Any] = {}
    _collect(_part(face, "faceRectangle"), _RECTANGLE, "faceRectangle", columns)
    _collect(_part(face, "faceAttributes"), _FIELDS, "faceAttributes", columns)
    known = {"faceId", "faceRectangle", "faceAttributes"}
    more = {key: value for key, value in face.items() if key not in known}
    return _item(name, columns, {"faceId": face.get("faceId"), **more})


def _item(name: str, columns: dict[str, Any], extra: dict[str, Any]) -> FaceItem:
    columns["hair.color"] = columns["hair.color"] or None
    return FaceItem(name, columns, extra=extra)


def _part(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = data.get(key)
    if not isinstance(part, dict):
        raise ValueError(f"'{key}' must be an object")  # noqa: TRY004
    return part


def _collect(
    data: Mapping[str, Any], fields: tuple[tuple[str, Any], ...], where: str, into: dict[str, Any]
) -> None:
    for key, leaf in fields:
        if isinstance(leaf, tuple):
            _collect(_part(data, key), leaf, f"{where}.{key}", into)
        elif key not in data:
            raise ValueError(f"'{where}.{key}' is missing")
        else:
            into[leaf] = _checked(data[key], leaf, f"{where}.{key}")


def _checked(value: Any, leaf: str, where: str) -> Any:
    if leaf in _LISTS:
        good = isinstance(value, list)
    elif leaf in _FLAGS:
        good = isinstance(value, bool)
    elif leaf in _WORDS:
        good = isinstance(value, str) and value in _WORDS[leaf]
    else:
        good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good:
        raise ValueError(f"'{where}' cannot be {value!r}")
    return value


def _face_json(row: Mapping[str, Any]) -> dict[str, Any]:
    extra = json.loads(row["origin"]["extra"] or "{}") if row["origin"]["layout"] else {}
    return {
        "faceId": extra.get("faceId"),
        "faceRectangle": {key: _value(row, leaf) for key, leaf in _RECTANGLE},
        "faceAttributes": _object(row, _FIELDS),
    }


def _object(row: Mapping[str, Any], fields: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return {
        key: _object(row, leaf) if isinstance(leaf, tuple) else _value(row, leaf)
        for key, leaf in fields
    }


def _value(row: Mapping[str, Any], leaf: str) -> Any:
    value: Any = row
    for part in leaf.split("."):
        value = value[part]
    if leaf in _LISTS:
        return value or []
    return float(value) if leaf == "age" and value is not None else value


FFHQ_FEATURES = FFHQFeatures()
