"""Writing faces as the Academic Dataset has them: a picture and a JSON file each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.errors import PhotoError, UsageError
from facewright.layouts.common.chosen import chosen_crop, original_entry, points_in_crop
from facewright.layouts.common.numbering import file_stem
from facewright.layouts.common.pngs import square_png
from facewright.layouts.common.points import GROUPS, plain
from facewright.layouts.generated_photos.truth import LISTED, truths, with_truth
from facewright.layouts.generated_photos.values import (
    ATTRIBUTES,
    GROUP_ORDER,
    LANDMARKS,
    attributes_of,
    record_columns,
    with_published_keys,
)
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.sink import Sink
from facewright.limits import Limits
from facewright.vision.decoding.header import read_header

NAME: Final = "generated-photos"
IMAGES: Final = "images"
METADATA: Final = "metadata"
_PLACE: Final = ("face_id", "photo_id", "crops", "origin", "landmarks")
_EXTENSIONS: Final = {"JPEG": "jpg", "MPO": "jpg", "TIFF": "tif"}


@dataclass(slots=True)
class _Face:
    """A face on its way: its row, its crop, the picture, what is known, and what came of it."""

    row: dict[str, Any]
    crop: dict[str, Any]
    picture: bytes
    known: tuple[str, ...] = ()
    side: int = 0
    extension: str = "png"
    problem: str | None = None


def write_faces(export: Export, sink: Sink) -> list[str]:
    """Write a picture and a JSON file a face.

    Raises:
        UsageError: a face has no such crop.
    """
    taken: set[str] = set()
    names: list[str] = []

    def make(face: _Face) -> _Face:
        return _made(face, export)

    for face in export.in_order(make, _faces(export)):
        if face.problem is not None:
            export.left_out.append((face.row["face_id"], face.problem))
            names.append("")
            continue
        stem = _unique(_stem(face.row), taken)
        names.append(f"{IMAGES}/{stem}.{face.extension}")
        sink.write(names[-1], face.picture)
        entry = json.dumps(_entry(face, export), indent=2)
        sink.write(f"{METADATA}/{stem}.json", f"{entry}\n".encode())
    return names


def _faces(export: Export) -> Iterator[_Face]:
    """Faces with their crops, which are read in this thread, as the dataset wants it."""
    columns = [*_PLACE, *record_columns()]
    for estimated, truth in zip(export.rows(columns), truths(export), strict=True):
        row, known = with_truth(estimated, truth)
        picture = bytes(export.picture(row["face_id"]))
        crop = chosen_crop(row, export.options.crop)
        if crop is None:  # the picture was there, so the table changed
            raise UsageError(f"face {row['face_id']} has no crop {export.options.crop or ''}")
        yield _Face(row, crop, picture, tuple(known))


def _made(face: _Face, export: Export) -> _Face:
    """Resize the picture if asked to; runs in a thread."""
    options = export.options
    try:
        header = read_header(face.picture, Limits())
        face.side = max(header.width, header.height)
        if options.size is not None or (header.mode != "RGB" and options.mixed == "skip"):
            made = square_png(face.picture, options.size, options.resample, options.mixed)
            face.picture = made.data
            face.side = options.size or face.side
            header = read_header(face.picture, Limits())
        face.extension = _EXTENSIONS.get(header.format, header.format.lower())
    except PhotoError as error:
        face.problem = f"{error.reason}: {error.detail}"
    return face


def _entry(face: _Face, export: Export) -> dict[str, Any]:
    """The JSON file's content; a face of this layout keeps its words, spelt as published."""
    original = original_entry(face.row, NAME)
    if original:
        entry = with_published_keys(original, face.row["face_id"])
        if face.side != face.crop["size"] and entry.get(LANDMARKS) is not None:
            entry[LANDMARKS] = _landmarks(face, export)
        return entry
    entry = {LANDMARKS: _landmarks(face, export), ATTRIBUTES: attributes_of(face.row)}
    return {**entry, LISTED: list(face.known)} if face.known else entry


def _landmarks(face: _Face, export: Export) -> dict[str, Any] | None:
    """The seven groups in pixels of the written picture; None where they are not known."""
    photo = export.photos[face.row["photo_id"]]
    points = plain(points_in_crop(face.row, photo, face.crop, face.side))
    if points is None:
        return None
    return {name: points[slice(*GROUPS[name])] for name in GROUP_ORDER}


def _stem(row: dict[str, Any]) -> str:
    origin = row["origin"]
    if origin["layout"] == NAME and origin["name"]:
        return PurePosixPath(origin["name"]).stem
    return str(row["face_id"])


def _unique(text: str, taken: set[str]) -> str:
    """A name that no other face has: a repeat of `a` becomes `a~2`."""
    stem = candidate = file_stem(text)
    number = 1
    while candidate in taken:
        number += 1
        candidate = f"{stem}~{number}"
    taken.add(candidate)
    return candidate
