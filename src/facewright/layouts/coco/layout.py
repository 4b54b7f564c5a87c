"""coco: pictures with one annotations.json, as COCO's keypoint sets have it.

    images/                the pictures
    annotations.json       info, licenses, images, annotations, categories

Written, a face is a picture and an annotation: `bbox` is the record's rectangle and `keypoints`
the 68 points, both in the picture's pixels through the crop's quad. COCO counts boxes from the
corner of the first pixel and keypoints by pixel numbers. A point outside of the picture is
0, 0, 0 (not labelled); one that `occlusion` says is covered has visibility 1. Where nothing says
how a picture lies in its photo, the box is the whole picture, there are no keypoints, and
`info.unmapped` names it. Attributes are in `attributes` by dotted name.

Read are COCO files of anybody's making: `coco_reading`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from facewright.layouts.coco.points import KEYPOINTS, SKELETON, covered
from facewright.layouts.coco.read import annotation_files, read_coco
from facewright.layouts.common.crop_pixels import Frame
from facewright.layouts.common.faces_written import WrittenFace, written_faces
from facewright.layouts.common.points import landmarks_of
from facewright.layouts.common.record_values import flattened
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree
from facewright.store.jsonrecord import dumps

FILE: Final = "annotations.json"
_DECIMALS: Final = 2
_CATEGORY: Final = {
    "id": 1,
    "name": "face",
    "supercategory": "person",
    "keypoints": list(KEYPOINTS),
    "skeleton": [list(pair) for pair in SKELETON],
}
_NOT_ATTRIBUTES: Final = frozenset(
    {"face_id", "photo_id", "index", "kept", "reasons", "crop", "photo", "origin", "null_reasons"}
    | {"rectangle", "landmarks", "blendshapes"}
)
_PROVENANCE: Final = ("author", "source_url", "title", "retrieved")


@dataclass(frozen=True, slots=True)
class Coco:
    """The layout of COCO annotations."""

    name: str = "coco"
    summary: str = "annotations.json with boxes and 68 keypoints, and images/"

    def recognises(self, tree: Tree) -> bool:
        """Whether there is a file of annotations by one of the usual names, and pictures."""
        return bool(annotation_files(tree)) and bool(tree.pictures())

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """Photos in the order of the files' `images`."""
        return read_coco(tree)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """The pictures, then the annotations."""
        made = _Annotations()
        names: list[str] = []
        for face in written_faces(export):
            assert face.picture is not None
            name = f"images/{face.file}"
            sink.write(name, face.picture.data)
            made.add(name, face)
            names.append(f"{name}#{len(names) + 1}")
        sink.write(FILE, made.text(export.dataset.root.name).encode())
        return names


@dataclass
class _Annotations:
    """The file in the making; entries are kept as text, which is smaller than objects are."""

    images: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    licences: dict[tuple[str, str], int] = field(default_factory=dict)
    unmapped: list[str] = field(default_factory=list)

    def add(self, name: str, face: WrittenFace) -> None:
        """Add a picture with its face."""
        number = len(self.images) + 1
        self.images.append(dumps(self._image(number, name, face)))
        self.annotations.append(dumps(self._annotation(number, name, face)))

    def text(self, title: str) -> str:
        """The whole file."""
        info: dict[str, Any] = {"description": f"{title}, written by Facewright", "version": "1.0"}
        if self.unmapped:
            info["unmapped"] = self.unmapped
        licences = [
            {"id": number, "name": name, "url": url}
            for (name, url), number in self.licences.items()
        ]
        parts = {
            "info": dumps(info),
            "licenses": _lines(dumps(each) for each in licences),
            "images": _lines(self.images),
            "annotations": _lines(self.annotations),
            "categories": _lines([dumps(_CATEGORY)]),
        }
        return "{" + ",\n".join(f'"{name}": {text}' for name, text in parts.items()) + "}\n"

    def _image(self, number: int, name: str, face: WrittenFace) -> dict[str, Any]:
        assert face.picture is not None
        photo, crop = face.record["photo"], face.record["crop"]
        image = {
            "id": number,
            "file_name": name,
            "width": face.picture.width,
            "height": face.picture.height,
            "photo_id": face.record["photo_id"],
            "crop": {key: crop[key] for key in ("alignment", "quad")},
            **{key: photo[key] for key in _PROVENANCE if key in photo},
        }
        stated = (photo.get("licence", ""), photo.get("licence_url", ""))
        if any(stated):
            image["license"] = self.licences.setdefault(stated, len(self.licences) + 1)
        return image

    def _annotation(self, number: int, name: str, face: WrittenFace) -> dict[str, Any]:
        assert face.picture is not None
        picture, record = face.picture, face.record
        frame = Frame.of(record["crop"], record["photo"], picture)
        box = frame.box(record["rectangle"]) if frame else None
        points = keypoints(frame, record) if frame else None
        if frame is None or (points is None and landmarks_of(record) is not None):
            self.unmapped.append(name)
        box = box or [0, 0, picture.width, picture.height]
        found = {
            "id": number,
            "image_id": number,
            "category_id": 1,
            "bbox": box,
            "area": round(box[2] * box[3], _DECIMALS),
            "segmentation": [],
            "iscrowd": 0,
            "num_keypoints": 0,
            "face_id": record["face_id"],
        }
        if points is not None:
            found |= {"keypoints": points, "num_keypoints": sum(v > 0 for v in points[2::3])}
        return {**found, "attributes": _attributes(record)}


def keypoints(frame: Frame, record: Mapping[str, Any]) -> list[float] | None:
    """The 68 points as COCO has them, x, y, visibility each; None where they are unknown.

    Args:
        frame: of the picture.
        record: with `landmarks` in photo pixels, and `occlusion`.
    """
    known = landmarks_of(record)
    points = None if known is None else frame.points(known)
    if points is None:
        return None
    seen = np.where(covered(record.get("occlusion")), 1, 2) * frame.holds(points)
    points = np.where(seen[:, None] > 0, points.round(_DECIMALS) + 0.0, 0.0)
    return [
        value
        for (x, y), visibility in zip(points.tolist(), seen.tolist(), strict=True)
        for value in (x, y, visibility)
    ]


def _attributes(record: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in record.items() if name not in _NOT_ATTRIBUTES}
    return {name: value for name, value in flattened(kept) if value is not None}


def _lines(entries: Any) -> str:
    return "[\n" + ",\n".join(entries) + "\n]"


COCO = Coco()
