"""celeba: aligned faces with 40 attributes, 5 points, identity and split, as CelebA has them.

    img_align_celeba/000001.png          the picture; CelebA's own are JPEG of 178 x 218
    list_attr_celeba.txt                 count, 40 names, then file and -1 or 1 each
    list_landmarks_align_celeba.txt      count, 10 names, then file and x, y of eyes, nose, mouth
    identity_CelebA.txt                  file and number of the person
    list_eval_partition.txt              file and 0 train, 1 validation, 2 test
    list_unknown_celeba.txt              of ours: 1 where list_attr's -1 means "not known"

Written, the attributes follow from the Record (`celeba_attributes`), the points from its 68 through
the crop's quad (zeros where they are unknown), the split from the face id's sha256
(80, 10 and 10 in a hundred), and each face has a number of its own as identity, since a Record
does not say who somebody is. Faces that came from CelebA keep what it said of them, word for word.
CelebA's left and right are the picture's: `lefteye` is the subject's right eye.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from facewright.layouts.celeba.attributes import ATTRIBUTES, attributes_of
from facewright.layouts.celeba.read import (
    ATTR,
    FOLDER,
    IDENTITY,
    PARTITION,
    POINT_NAMES,
    POINTS,
    SPLITS,
    UNKNOWN,
    has_lists,
    read_celeba,
)
from facewright.layouts.common.crop_pixels import Frame
from facewright.layouts.common.faces_written import WrittenFace, written_faces
from facewright.layouts.common.points import landmarks_of
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree
from facewright.record import ORIGINAL

_TENTHS: Final = (0,) * 8 + (1, 2)  # train, validation, test as CelebA divides, about
_NOTHING: Final = (0,) * len(POINT_NAMES)


@dataclass(frozen=True, slots=True)
class CelebA:
    """The layout of CelebA's aligned pictures."""

    name: str = "celeba"
    summary: str = "img_align_celeba/ with attributes, 5 points, identity and split in lists"

    def recognises(self, tree: Tree) -> bool:
        """Whether the list of attributes is there, as text or as Kaggle's table."""
        return has_lists(tree)

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """A photo a picture, in the order of the list of attributes."""
        return read_celeba(tree)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """The pictures, numbered from 000001, then the lists."""
        lists = _Lists()
        names: list[str] = []
        for number, face in enumerate(written_faces(export), start=1):
            assert face.picture is not None
            file = f"{number:06d}.{face.picture.extension}"
            sink.write(f"{FOLDER}{file}", face.picture.data)
            lists.add(file, face)
            names.append(f"{FOLDER}{file}")
        for name, text in lists.texts():
            sink.write(name, text.encode())
        return names


@dataclass
class _Lists:
    """The lists in the making, a line a picture in each."""

    attributes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    people: list[tuple[str, str, int | None]] = field(default_factory=list)
    partition: list[str] = field(default_factory=list)

    def add(self, file: str, face: WrittenFace) -> None:
        """Add a face to every list."""
        record = face.record
        stated = stated_by_celeba(record)
        values = attributes_of(record) | stated.get("attributes", {})
        self.attributes.append(_signs(file, [bool(values[name]) for name in ATTRIBUTES]))
        self.unknown.append(_signs(file, [values[name] is None for name in ATTRIBUTES]))
        first, *rest = _points(face, stated)
        self.points.append(f"{file} {first} " + " ".join(f"{value:4d}" for value in rest))
        self.people.append((file, record["face_id"], stated.get("identity")))
        split = stated.get("partition")
        number = SPLITS.index(split) if split in SPLITS else split_of(record["face_id"])
        self.partition.append(f"{file} {number}")

    def texts(self) -> Iterator[tuple[str, str]]:
        """Path and text of each list."""
        names = f"{' '.join(ATTRIBUTES)} "  # CelebA has a space at its end
        yield ATTR, _text([str(len(self.attributes)), names, *self.attributes])
        yield UNKNOWN, _text([str(len(self.unknown)), names, *self.unknown])
        yield POINTS, _text([str(len(self.points)), " ".join(POINT_NAMES), *self.points])
        yield IDENTITY, _text(_identities(self.people))
        yield PARTITION, _text(self.partition)


def _identities(people: list[tuple[str, str, int | None]]) -> Iterator[str]:
    """CelebA's own numbers where faces have them; each other face gets one after the last."""
    last = max((stated for _, _, stated in people if stated is not None), default=0)
    own: dict[str, int] = {}
    for file, face_id, stated in people:
        number = own.setdefault(face_id, last + len(own) + 1) if stated is None else stated
        yield f"{file} {number}"


def split_of(face_id: str) -> int:
    """0 train, 1 validation, 2 test: the same for a face in every export."""
    digest = hashlib.sha256(face_id.encode()).digest()
    return _TENTHS[int.from_bytes(digest[:8], "big") % len(_TENTHS)]


def stated_by_celeba(record: Mapping[str, Any]) -> dict[str, Any]:
    """What CelebA itself said of a face that was read from it; empty for others."""
    origin = record.get("origin") or {}
    if origin.get("layout") != "celeba" or not origin.get("extra"):
        return {}
    found: dict[str, Any] = json.loads(origin["extra"])
    signs = found.get("attributes", {})
    known = {name: sign == 1 for name, sign in signs.items() if name in ATTRIBUTES}
    return {**found, "attributes": known}


def _points(face: WrittenFace, stated: Mapping[str, Any]) -> list[int]:
    """Ten numbers: the picture's left eye, right eye, nose, and mouth's left and right corner."""
    assert face.picture is not None
    record = face.record
    known = None
    if "landmarks" in stated and record["crop"]["alignment"] == ORIGINAL:
        known = np.array(stated["landmarks"], np.float64).reshape(-1, 2)
    elif (points := landmarks_of(record)) is not None:
        eyes = [points[36:42].mean(axis=0), points[42:48].mean(axis=0)]
        known = np.stack([*eyes, points[30], points[48], points[54]])
    frame = Frame.of(record["crop"], record["photo"], face.picture)
    found = None if known is None or frame is None else frame.points(known)
    return list(_NOTHING) if found is None else np.rint(found).astype(int).reshape(-1).tolist()


def _signs(file: str, values: list[bool]) -> str:
    return f"{file} " + " ".join(" 1" if value else "-1" for value in values)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


CELEBA = CelebA()
