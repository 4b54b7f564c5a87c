"""Writing FFHQ: pictures, thumbnails, photos where they can be had, and the JSON.

A face that was read from FFHQ keeps its entry word for word, except for what describes a file
that is another one now. Faces of other origin get the same fields; what is not known is "" where
the published file has text, else null.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow.compute as pc

from facewright.errors import PhotoError, UsageError
from facewright.layouts.common.chosen import chosen_crop, crop_name, original_entry
from facewright.layouts.common.photo_writer import PhotoWriter
from facewright.layouts.common.pngs import Png, md5_of, square_png
from facewright.layouts.ffhq.entry import (
    category_of,
    described,
    image_landmarks,
    licence_text,
    metadata_of,
    unknown_file,
    wild_face,
)
from facewright.layouts.ffhq.files import (
    METADATA,
    THUMBNAIL_SIDE,
    THUMBNAILS,
    WILD,
    images_folder,
    numbered,
)
from facewright.layouts.ffhq.read import entry_name, entry_number
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.sink import Sink

NAME: Final = "ffhq"
_COLUMNS: Final = (
    "face_id",
    "photo_id",
    "rectangle",
    "crops",
    "origin",
    "landmarks",
)
_ORDER: Final = ("category", "metadata", "image", "thumbnail", "in_the_wild")


@dataclass(frozen=True, slots=True)
class _Face:
    """A face on its way: its rows, its entry where it came from FFHQ, and its encoded crops."""

    row: dict[str, Any]
    photo: dict[str, Any]
    crop: dict[str, Any]
    original: dict[str, Any]
    picture: bytes
    thumbnail: bytes | None


@dataclass(slots=True)
class _Made:
    """What is written of a face: files by folder, its entry, and why it or its photo is not."""

    face: _Face
    files: dict[str, bytes] = field(default_factory=dict)
    entry: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None
    no_photo: str | None = None


class FFHQWriter(PhotoWriter):
    """Writes one export.

    Args:
        export: the faces.
        sink: where the files go.
    """

    def __init__(self, export: Export, sink: Sink) -> None:
        super().__init__(export, sink)
        self._options = export.options
        self._side: int | None = None

    def write(self) -> list[str]:
        """Write everything; name of each face by its number.

        Raises:
            UsageError: a face has no such crop, or pictures differ in size.
        """
        own = self._own_numbers()
        entries: list[str] = []
        names: list[str] = []
        folders: set[str] = set()
        no_photo: Counter[str] = Counter()
        for made in self._export.in_order(self._make, self._faces()):
            if made.problem is not None:
                names.append(self._left_out(made.face.row, made.problem))
                continue
            number = own[len(names)] if own else len(entries)
            names.append(entry_name(number))
            folders.update(made.files)
            no_photo.update([made.no_photo] if made.no_photo else [])
            entries.append(f'"{number}": {json.dumps(self._write_files(made, number))}')
        self._sink.write(METADATA, f"{{{', '.join(entries)}}}".encode())
        self._write_licences(folders)
        for reason, count in no_photo.items():
            self._export.left_out.append((WILD, f"{count} photos: {reason}"))
        return names

    def _faces(self) -> Iterator[_Face]:
        """Faces with their crops, which are read in this thread, as the dataset wants it."""
        for row in self._export.rows(_COLUMNS):
            picture = bytes(self._export.picture(row["face_id"]))
            crop = chosen_crop(row, self._options.crop)
            if crop is None:  # the picture was there, so the table changed
                raise UsageError(f"face {row['face_id']} has no crop {self._options.crop or ''}")
            self._check_side(row["face_id"], crop)
            yield _Face(
                row,
                self._export.photos[row["photo_id"]],
                crop,
                original_entry(row, NAME),
                picture,
                self._thumbnail(row, crop),
            )

    def _check_side(self, face_id: str, crop: Mapping[str, Any]) -> None:
        if self._options.size is not None:
            return
        self._side = self._side or crop["size"]
        if crop["size"] != self._side:
            raise UsageError(
                f"pictures are of {self._side} and of {crop['size']} pixels (face {face_id});"
                " choose one crop or one size for all"
            )

    def _thumbnail(self, row: Mapping[str, Any], crop: Mapping[str, Any]) -> bytes | None:
        """The dataset's own picture of 128 pixels, if it has one of this alignment."""
        wanted = {"alignment": crop["alignment"], "size": THUMBNAIL_SIDE}
        if any(crop_name(other) == crop_name(wanted) for other in row["crops"]):
            return bytes(self._export.dataset.image(row["face_id"], crop_name(wanted)))
        return None

    def _make(self, face: _Face) -> _Made:
        """Make one face's files and its entry; runs in a thread."""
        made = _Made(face)
        try:
            self._make_pictures(made)
        except PhotoError as error:
            made.problem = f"{error.reason}: {error.detail}"
            return made
        self._make_photo(made)
        found = dict(face.original)
        found["category"] = category_of(face.original)
        found["metadata"] = face.original.get("metadata") or metadata_of(face.photo)
        found.update(made.entry)
        made.entry = {key: found.pop(key) for key in _ORDER if key in found} | found
        return made

    def _make_pictures(self, made: _Made) -> None:
        face, options = made.face, self._options
        thumbnail = face.original.get("thumbnail") or {}
        image = face.original.get("image")
        small = options.size is None and md5_of(face.picture) == thumbnail.get("file_md5")
        if small:  # all that is known of this face is FFHQ's thumbnail
            small_picture = Png(face.picture)
        else:
            picture = square_png(face.picture, options.size, options.resample, options.mixed)
            own = face.thumbnail
            small_picture = square_png(own) if own else picture.at(THUMBNAIL_SIDE)
            side = options.size or face.crop["size"]
            made.files[images_folder(side)] = picture.data
            kept, image = image, described(picture, image)
            if image != kept:
                image["face_landmarks"] = image_landmarks(face.row, face.photo, face.crop, side)
        made.files[THUMBNAILS] = small_picture.data
        made.entry["thumbnail"] = described(small_picture, thumbnail)
        if image is not None:
            made.entry["image"] = image

    def _make_photo(self, made: _Made) -> None:
        """Add the photo if the crop's place in it is known and it can be read."""
        face = made.face
        wild = face.original.get("in_the_wild")
        place = wild or wild_face(face.row, face.crop)
        found = wild or {**unknown_file(face.photo), **place}
        if face.crop["quad"] is None:
            made.no_photo = "the crop's place in its photo is not known"
        else:
            try:
                photo = self._upright(face.photo, [face.picture])
                made.files[WILD] = photo.data
                known = {key: place[key] for key in place if key.startswith("face_")}
                found = {**described(photo, wild), **known}
            except PhotoError as error:
                made.no_photo = error.detail
        if WILD in made.files or wild or not face.original:
            made.entry["in_the_wild"] = found

    def _write_files(self, made: _Made, number: int) -> dict[str, Any]:
        for folder, data in made.files.items():
            path = numbered(folder, number)
            self._sink.write(path, data)
            part = {THUMBNAILS: "thumbnail", WILD: "in_the_wild"}.get(folder, "image")
            made.entry[part] = {**made.entry[part], "file_path": path}
        return made.entry

    def _write_licences(self, folders: set[str]) -> None:
        text = licence_text(self._export).encode()
        for folder in ("", *(f"{name}/" for name in sorted(folders))):
            self._sink.write(f"{folder}LICENSE.txt", text)

    def _own_numbers(self) -> list[int]:
        """Numbers that the faces have in FFHQ; empty unless all have one, and each another."""
        origin = self._export.dataset.table(["origin"]).column("origin")
        layouts = set(pc.struct_field(origin, "layout").to_pylist())
        names = pc.struct_field(origin, "name").to_pylist() if layouts == {NAME} else []
        own = [entry_number(name) if name else None for name in names]
        found = [number for number in own if number is not None]
        return found if len(set(found)) == len(own) else []
