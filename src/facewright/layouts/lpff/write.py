"""Writing LPFF: the crops that the dataset has, photos where they can be had, and the JSON files.

A face that was read from LPFF keeps its entries word for word. What the dataset lacks is left out
and named: crops of an alignment, photos, camera labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.align.realign import mapped_landmarks
from facewright.errors import PhotoError, UsageError
from facewright.layouts.common.chosen import crop_name, original_entry
from facewright.layouts.common.numbering import file_stem, unique_numbers
from facewright.layouts.common.photo_writer import PhotoWriter
from facewright.layouts.common.pngs import square_png, upright_png
from facewright.layouts.common.points import landmarks_of, plain
from facewright.layouts.lpff.files import (
    CROPS,
    INFO,
    METADATA,
    RAW,
    RAW_POINTS,
    REALIGN_POINTS,
    info_entry,
    join_id,
    metadata_bytes,
    split_id,
)
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.sink import Sink

NAME: Final = "lpff"
_COLUMNS: Final = ("face_id", "photo_id", "index", "crops", "origin", "landmarks")


@dataclass(slots=True)
class _Face:
    """A face on its way: its rows, its raw image's name, its id, and its crops by folder."""

    row: dict[str, Any]
    photo: dict[str, Any]
    raw: str
    name: str
    crops: dict[str, bytes] = field(default_factory=dict)
    problem: str | None = None


class LPFFWriter(PhotoWriter):
    """Writes one export.

    Args:
        export: the faces.
        sink: where the files go.
    """

    def __init__(self, export: Export, sink: Sink) -> None:
        super().__init__(export, sink)
        self._raw: dict[str, str | None] = {}
        self._lacking: Counter[str] = Counter()
        self._entries: dict[str, dict[str, Any]] = {name: {} for name in METADATA}

    def write(self) -> list[str]:
        """Write everything; id of each face.

        Raises:
            UsageError: no face has a crop that LPFF holds, or a size is asked for.
        """
        self._check()
        names: list[str] = []
        for face in self._export.in_order(self._make, self._faces()):
            if face.problem is not None:
                names.append(self._left_out(face.row, face.problem))
                continue
            names.append(face.name)
            stem = file_stem(face.name)
            for folder, data in face.crops.items():
                self._sink.write(f"{folder}/{stem}.png", data)
            self._write_raw(face)
            self._describe(face)
        for name, entries in self._entries.items():
            if entries:
                self._sink.write(name, metadata_bytes(name, entries))
        for what, count in self._lacking.items():
            self._export.left_out.append((what, f"{count} of {len(names)} faces lack it"))
        return names

    def _check(self) -> None:
        options, published = self._export.options, {str(spec) for spec in CROPS.values()}
        if options.size is not None:
            raise UsageError(f"lpff has pictures of fixed sizes: {', '.join(sorted(published))}")
        rows = self._export.rows(("crops",))
        if not any(crop_name(crop) in published for row in rows for crop in row["crops"]):
            raise UsageError(
                f"{self._export.dataset.root} has none of the crops that lpff holds; build it with"
                " --crop lpff-stylegan:1024 --crop eg3d:512 --crop realign2400:2400"
            )

    def _faces(self) -> Iterator[_Face]:
        """Faces with their crops, which are read in this thread, as the dataset wants it."""
        wanted = []
        for row in self._export.rows(("photo_id", "index", "origin")):
            origin = row["origin"]
            place = split_id(origin["name"] or "") if origin["layout"] == NAME else None
            wanted.append(place or (row["photo_id"], row["index"]))
        numbers = unique_numbers(wanted)
        for row, (raw, _), number in zip(self._export.rows(_COLUMNS), wanted, numbers, strict=True):
            face = _Face(row, self._export.photos[row["photo_id"]], raw, join_id(raw, number))
            have = {crop_name(crop) for crop in row["crops"]}
            for folder, spec in CROPS.items():
                if str(spec) in have:
                    crop = self._export.dataset.image(row["face_id"], str(spec))
                    face.crops[folder] = bytes(crop)
            yield face

    def _make(self, face: _Face) -> _Face:
        """Turn crops of other formats into PNG; runs in a thread."""
        if not face.crops:
            face.problem = f"it has none of the crops {', '.join(map(str, CROPS.values()))}"
        try:
            for folder, data in face.crops.items():
                face.crops[folder] = square_png(data, mixed=self._export.options.mixed).data
        except PhotoError as error:
            face.problem = f"{error.reason}: {error.detail}"
        return face

    def _write_raw(self, face: _Face) -> None:
        """Write the photo of a face once, if it can be had, its bytes unchanged if upright."""
        if face.raw in self._raw:
            return
        self._raw[face.raw] = None
        photo = face.photo
        try:
            data = self._originals.read(photo, face.crops.values())
            extension = PurePosixPath(photo["key"]).suffix or ".png"
            if photo["orientation"] not in (None, 1):
                data, extension = upright_png(data, photo["orientation"]).data, ".png"
        except PhotoError:
            return
        self._raw[face.raw] = f"{RAW}/{file_stem(face.raw)}{extension}"
        self._sink.write(f"{RAW}/{file_stem(face.raw)}{extension}", data)

    def _describe(self, face: _Face) -> None:
        """Add a face's entries to the JSON files and count what it lacks."""
        said = original_entry(face.row, NAME) or _said(face)
        for name in METADATA:
            if said.get(name) is not None:
                self._entries[name][face.name] = said[name]
        lacking = {name for name in METADATA if said.get(name) is None}
        lacking |= {folder for folder in CROPS if folder not in face.crops}
        if self._raw[face.raw] is None:
            lacking.add(RAW)
        self._lacking.update(sorted(lacking))


def _said(face: _Face) -> dict[str, Any]:
    """What the JSON files say of a face that comes from elsewhere: points and provenance."""
    said: dict[str, Any] = {INFO: info_entry(face.raw, face.photo)}
    points = landmarks_of(face.row)
    if points is None or not any(crop["quad"] is not None for crop in face.row["crops"]):
        return said
    said[RAW_POINTS] = plain(points)
    if "realign2400" in face.crops:
        try:
            said[REALIGN_POINTS] = mapped_landmarks(points).tolist()
        except PhotoError:  # points that no face has
            return said
    return said
