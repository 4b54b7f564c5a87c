"""Reading layouts that keep a record beside each picture: from JSON data to photos and faces.

Two kinds of records come. One that names `face_id` and `photo_id` is a Record of ours: a value
that its field cannot hold excludes the entry, with the key named. Any other is somebody's own
JSON: what fits a field of the Record goes there, the rest is kept word for word in `extra`, and
the photo's notes name the keys that are called like a field but hold something else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.layouts.common.record_values import is_shallow, spread
from facewright.layouts.seam.items import BytesPicture, CropItem, FaceItem, FilePicture, PhotoItem
from facewright.record import ORIGINAL, Photo
from facewright.sources.base import FIELDS, UniqueKeys

_NUMBERED: Final = re.compile(r"^(?P<photo>.+)_(?P<number>\d{2,9})(~\d+)?$", re.DOTALL)
_ALIGNMENT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}")
_PROVENANCE: Final = {
    **{name: column for column, names in FIELDS.items() if column != "id" for name in names},
    "title": "title",
}
_OURS: Final = ("face_id", "photo_id", "index", "kept", "reasons", "crop", "photo", "origin")


@dataclass(frozen=True, slots=True)
class Described:
    """What a record says.

    Attributes:
        columns: of the Record.
        photo: columns of the Photo table.
        photo_id: as the record has it, or None.
        face_id: likewise.
        alignment: of the picture.
        quad: of the picture, or None.
        extra: what there is no field for, or None.
    """

    columns: Mapping[str, Any] = field(default_factory=dict)
    photo: Mapping[str, Any] = field(default_factory=dict)
    photo_id: str | None = None
    face_id: str | None = None
    alignment: str = ORIGINAL
    quad: list[float] | None = None
    extra: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ReadFace:
    """One picture with its record, as it was found.

    Attributes:
        name: of the face in the layout.
        fallback: id for its photo where the record gives none.
        picture: the file; None where the layout holds none for it.
        said: what its record says, or why it cannot be used.
    """

    name: str
    fallback: str
    picture: FilePicture | BytesPicture | None
    said: Described | str


def describe(data: Mapping[str, Any]) -> Described:
    """Sort a record's data into columns and the rest.

    Raises:
        ValueError: a Record of ours holds what its field cannot; the text names the key. Or
            what is left is nested too deeply.
    """
    is_ours = isinstance(data.get("face_id"), str) and isinstance(data.get("photo_id"), str)
    said = _ours(data) if is_ours else _theirs(data)
    for key, value in (said.extra or {}).items():
        if not is_shallow(value):
            raise ValueError(f"'{key}' is nested too deeply")
    return said


def photo_hint(stem: str) -> str:
    """What the name of a picture says of its photo: `<photo>_01` and `<photo>_02` share one."""
    found = _NUMBERED.match(stem)
    return found["photo"] if found else stem


def fallback_id(path: str) -> str:
    """Id of a photo from its path: without the extension, folders joined by dashes."""
    return str(PurePosixPath(path).with_suffix("")).replace("/", "-")


class Photos:
    """Makes photos of faces; ids that the layout does not state are made unique."""

    def __init__(self) -> None:
        self._unique = UniqueKeys()

    def items(self, faces: Iterable[ReadFace]) -> Iterator[PhotoItem]:
        """Photos of some faces, those of one photo together, in order of their first face.

        Args:
            faces: all faces of each photo that they belong to.
        """
        by_photo: dict[str, list[tuple[ReadFace, Described]]] = {}
        for number, face in enumerate(faces):
            if isinstance(face.said, str):
                photo_id = self._unique(face.fallback)
                problem = ("bad_entry", face.said)
                by_photo[f"{number}\0"] = []
                yield PhotoItem(photo_id, face.name, problem=problem)
            else:
                key = face.said.photo_id or f"{number}\0{face.fallback}"
                by_photo.setdefault(key, []).append((face, face.said))
        for key, members in by_photo.items():
            if members:
                stated = members[0][1].photo_id
                photo_id = key if stated else self._unique(members[0][0].fallback)
                yield _photo(photo_id, members)


def _photo(photo_id: str, members: list[tuple[ReadFace, Described]]) -> PhotoItem:
    first, said = min(members, key=lambda member: _number(member[1].face_id))
    return PhotoItem(photo_id, first.name, said.photo, list(_faces(photo_id, members)))


def _faces(photo_id: str, members: list[tuple[ReadFace, Described]]) -> Iterator[FaceItem]:
    """The faces, largest first as their ids count; a repeated one gets an id of its own."""
    taken: set[str] = set()
    highest = max(len(members), *(_number(said.face_id) for _, said in members))
    for face, said in sorted(members, key=lambda member: _number(member[1].face_id)):
        face_id = said.face_id
        if face_id in taken:
            highest += 1
            face_id = f"{photo_id}_{highest:02d}"
        if face_id is not None:
            taken.add(face_id)
        crops = [] if face.picture is None else [CropItem(face.picture, said.alignment, said.quad)]
        yield FaceItem(face.name, said.columns, crops, said.extra, face_id)


def _number(face_id: str | None) -> int:
    found = _NUMBERED.match(face_id or "")
    return int(found["number"]) if found else 0


def _ours(data: Mapping[str, Any]) -> Described:
    columns, rest, misfits = spread({k: v for k, v in data.items() if k not in _OURS})
    if misfits:
        raise ValueError(_misfit(data, misfits[0]))
    photo_id, face_id = data["photo_id"], data["face_id"]
    if not photo_id or photo_hint(face_id) != photo_id or "~" in face_id[len(photo_id) :]:
        raise ValueError(f"'face_id' must be the photo_id, '_' and a number, not {face_id!r}")
    photo, photo_rest, wrong = spread(_object(data, "photo"), Photo)
    if wrong:
        raise ValueError(_misfit(_object(data, "photo"), wrong[0], "photo."))
    crop = _object(data, "crop")
    alignment = crop.get("alignment", ORIGINAL)
    if not isinstance(alignment, str) or not _ALIGNMENT.fullmatch(alignment):
        raise ValueError(f"'crop.alignment' cannot be {alignment!r}")
    if photo_rest:
        rest["photo"] = photo_rest
    rest |= _unusual(data)
    return Described(
        columns, photo, photo_id, face_id, alignment, quad_of(crop.get("quad")), rest or None
    )


def _unusual(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a Record of ours says of itself that importing would not keep."""
    found: dict[str, Any] = {}
    if data.get("kept", True) is not True or data.get("reasons"):
        found |= {"kept": data.get("kept", True), "reasons": data.get("reasons")}
    origin = _object(data, "origin")
    if any(value is not None for value in origin.values()):
        found["origin"] = dict(origin)
    return found


def _theirs(data: Mapping[str, Any]) -> Described:
    columns, rest, misfits = spread(data)
    photo: dict[str, Any] = {}
    for name, column in _PROVENANCE.items():
        value = rest.get(name)
        if isinstance(value, str) and value and column not in photo:
            photo[column] = rest.pop(name)
    if misfits:
        photo["notes"] = [f"kept in origin.extra: {_misfit(data, name)}" for name in misfits]
    return Described(columns, photo, extra=rest or None)


def quad_of(value: Any) -> list[float] | None:
    """Eight finite numbers, or None for null.

    Raises:
        ValueError: something else.
    """
    if value is None:
        return None
    good = isinstance(value, list) and len(value) == 8  # four corners
    if not good or not all(is_number(item) for item in value):
        raise ValueError("'crop.quad' must be 8 numbers")
    return [float(item) for item in value]


def is_number(value: Any) -> bool:
    """Whether a JSON value is a finite number that 32 bits hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 3e38 and math.isfinite(value)


def _object(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"'{key}' must be an object")  # noqa: TRY004 - of the file, not ours
    return value


def _misfit(data: Mapping[str, Any], leaf: str, prefix: str = "") -> str:
    value: Any = data
    for part in leaf.split("."):
        value = value[part]
    text = repr(value)
    return f"'{prefix}{leaf}' cannot be {text if len(text) <= 60 else text[:57] + '...'}"


def with_extra(said: Described, more: Mapping[str, Any]) -> Described:
    """The same with more in `extra`; nothing is added where there is nothing."""
    return replace(said, extra={**(said.extra or {}), **more}) if more else said
