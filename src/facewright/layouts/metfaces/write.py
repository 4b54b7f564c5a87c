"""Writing MetFaces: pictures, photos where they can be had, and metfaces.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from facewright.errors import PhotoError
from facewright.layouts.common.chosen import chosen_crop, original_entry
from facewright.layouts.common.numbering import file_stem, unique_numbers
from facewright.layouts.common.photo_writer import PhotoWriter
from facewright.layouts.common.pngs import md5_of, square_png
from facewright.layouts.common.points import landmarks_of, plain
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.sink import Sink

NAME: Final = "metfaces"
_COLUMNS: Final = ("face_id", "photo_id", "index", "rectangle", "crops", "origin", "landmarks")
_NAME = re.compile(r"(.+)-(\d{2,9})", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Face:
    """A face on its way: its rows, its object and number, its entry where it has one."""

    row: dict[str, Any]
    photo: dict[str, Any]
    obj_id: str
    number: int
    original: dict[str, Any]
    picture: bytes

    @property
    def stem(self) -> str:
        """Name of its picture without ending."""
        return f"{file_stem(self.obj_id)}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class _Source:
    """The photo of an object: path and md5 of what was written; path "" where it was not."""

    path: str = ""
    md5: str | None = None


class MetFacesWriter(PhotoWriter):
    """Writes one export.

    Args:
        export: the faces.
        sink: where the files go.
    """

    def __init__(self, export: Export, sink: Sink) -> None:
        super().__init__(export, sink)
        self._sources: dict[str, _Source] = {}

    def write(self) -> list[str]:
        """Write everything; name of each face as `images/` has it, without the extension.

        Raises:
            UsageError: a face has no such crop.
        """
        names: list[str] = []
        entries: list[dict[str, Any]] = []
        for face, data in self._export.in_order(self._png, self._faces()):
            if isinstance(data, PhotoError):
                names.append(self._left_out(face.row, f"{data.reason}: {data.detail}"))
                continue
            self._sink.write(f"images/{face.stem}.png", data)
            names.append(f"{face.obj_id}-{face.number:02d}")
            entries.append(_entry(face, data, self._source(face)))
        self._sink.write("metfaces.json", json.dumps(entries).encode())
        return names

    def _faces(self) -> Iterator[_Face]:
        for row, (obj_id, number) in zip(
            self._export.rows(_COLUMNS), self._numbered(), strict=True
        ):
            picture = bytes(self._export.picture(row["face_id"]))
            photo = self._export.photos[row["photo_id"]]
            yield _Face(row, photo, obj_id, number, original_entry(row, NAME), picture)

    def _numbered(self) -> list[tuple[str, int]]:
        """Object and number of each face: those it was read with, else photo and place from 0."""
        wanted = []
        for row in self._export.rows(("photo_id", "index", "origin")):
            origin = row["origin"]
            own = _NAME.fullmatch(origin["name"] or "") if origin["layout"] == NAME else None
            place = (own[1], int(own[2])) if own else (row["photo_id"], row["index"] - 1)
            wanted.append(place)
        numbers = unique_numbers(wanted)
        return [(obj_id, n) for (obj_id, _), n in zip(wanted, numbers, strict=True)]

    def _png(self, face: _Face) -> tuple[_Face, bytes | PhotoError]:
        options = self._export.options
        try:
            made = square_png(face.picture, options.size, options.resample, options.mixed)
        except PhotoError as error:
            return face, error
        return face, made.data

    def _source(self, face: _Face) -> _Source:
        """Write the photo of a face once, if it can be had."""
        if face.obj_id not in self._sources:
            try:
                self._sources[face.obj_id] = self._write_source(face)
            except PhotoError as error:
                self._export.left_out.append((f"unprocessed of {face.obj_id}", error.detail))
                self._sources[face.obj_id] = _Source()
        return self._sources[face.obj_id]

    def _write_source(self, face: _Face) -> _Source:
        """Write the photo of a face.

        Raises:
            PhotoError: it cannot be had.
        """
        data = self._upright(face.photo, [face.picture]).data
        path = f"unprocessed/image-{file_stem(face.obj_id)}.png"
        self._sink.write(path, data)
        return _Source(path, md5_of(data))


def _entry(face: _Face, picture: bytes, source: _Source) -> dict[str, Any]:
    """An entry of the list, in published order; a face of MetFaces keeps its own words."""
    original, photo = face.original, face.photo
    fresh: dict[str, Any] = {
        "obj_id": face.obj_id,
        "meta_url": "",
        "source_url": photo["source_url"] or "",
        "source_path": source.path,
        "source_md5": source.md5,
        "image_path": f"images/{face.stem}.png",
        "image_md5": md5_of(picture),
        "title": photo["title"] or "",
        "artist_display_name": photo["author"] or "",
        "face_spec": None if original else _face_spec(face.row, crop_known=_placed(face.row)),
        "face_idx": face.number,
    }
    if not original:
        return fresh
    changed = {key: fresh[key] for key in ("image_path", "image_md5", "face_idx")}
    if source.path:
        changed |= {"source_path": source.path, "source_md5": source.md5}
    return {**original, **changed}


def _placed(row: Mapping[str, Any]) -> bool:
    crop = chosen_crop(row, None)
    return crop is not None and crop["quad"] is not None


def _face_spec(row: Mapping[str, Any], *, crop_known: bool) -> dict[str, Any]:
    """Where the face lies in its photo, in the published convention at `shrink` 1."""
    points, box = landmarks_of(row), row["rectangle"]
    sides = [box[name] for name in ("left", "top", "width", "height")]
    known = crop_known and None not in sides
    left, top, width, height = sides
    return {
        "rect": [left, top, left + width, top + height] if known else None,
        "landmarks": plain(points - 0.5) if crop_known and points is not None else None,
        "shrink": 1,
    }
