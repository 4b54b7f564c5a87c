"""One chunk of an import: what a layout says in, shards and two Parquet parts out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from facewright.align.base import CropSpec
from facewright.engine.import_annotate import Filler, Unseen
from facewright.engine.shards import ChunkShards, EncodedCrop, MadeFaces
from facewright.errors import PhotoError
from facewright.layouts.base import BytesPicture, CropItem, FilePicture, PhotoItem
from facewright.layouts.sidecar import without_names
from facewright.limits import Limits
from facewright.record import Face, Photo, Record
from facewright.schema import arrow_schema, to_table
from facewright.store.tables import part_name, write_part
from facewright.vision.decoding.header import Header, read_header

_NAMES = {"JPEG": ("jpeg", "jpg"), "TIFF": ("tiff", "tif"), "MPO": ("jpeg", "jpg")}


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """What all chunks of an import share.

    Attributes:
        layout: its name.
        limits: what one picture may cost.
        device: where annotators fill what the layout does not state; None for not at all.
        kept_crop: crop of the sidecar's rows that the pictures are.
    """

    layout: str
    limits: Limits
    device: str | None = None
    kept_crop: str | None = None


@dataclass(frozen=True, slots=True)
class ImportJob:
    """One chunk to make.

    Attributes:
        number: of the chunk.
        settings: of the import.
        items: its photos.
        new_photos: whether each item's photo has no row yet: faces of one photo that an export
            made pictures of their own come back as items with the same photo.
        kept: rows of the sidecar for the chunk's faces, or None.
        kept_photos: rows of the sidecar's photos, or None.
    """

    number: int
    settings: ImportSettings
    items: Sequence[PhotoItem]
    new_photos: Sequence[bool]
    kept: pa.Table | None = None
    kept_photos: pa.Table | None = None


@dataclass(frozen=True, slots=True)
class ImportDone:
    """What a chunk came to."""

    photos: int
    faces: int


@dataclass
class _Rows:
    """Rows in the making: of photos, of faces, and the faces' crops."""

    photos: list[dict[str, Any]] = field(default_factory=list)
    faces: list[dict[str, Any]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    crops: list[list[EncodedCrop]] = field(default_factory=list)
    pictures: list[bytes | None] = field(default_factory=list)


def make_import_chunk(root: Path, job: ImportJob) -> ImportDone:
    """Make one chunk of a dataset from a layout's items.

    Raises:
        StorageError: writing failed; the chunk is not marked done.
    """
    rows = _Rows()
    for item, new in zip(job.items, job.new_photos, strict=True):
        _take(item, rows, job, new=new)
    _drop_unsound(rows, job.settings.layout)
    if job.settings.device is not None:
        _filler(job.settings.device).fill(_unseen(rows, job), job.settings.limits)
    faces = _faces_table(rows, job)
    with ChunkShards(root, job.number) as shards:
        shards.add(MadeFaces(faces, rows.crops))
    write_part(root / "faces" / part_name(job.number), shards.tables[0])
    write_part(root / "photos" / part_name(job.number), _photos_table(rows, job))
    return ImportDone(len(job.items), len(rows.faces))


def _take(item: PhotoItem, rows: _Rows, job: ImportJob, *, new: bool) -> None:
    """Add one photo and its faces; what goes wrong becomes the photo's reason, or the face's."""
    photo = {
        **{name: None for name in Photo.model_fields if name != "origin"},
        "photo_id": item.photo_id,
        "key": item.key,
        "status": "used",
        "faces": len(item.faces),
        "notes": [],
        **item.columns,
        **_origin(job.settings.layout, item.key, item.extra),
    }
    data = None
    try:
        _check_entry(item)
        if item.picture is not None:
            data, header = _read(item.picture, job.settings.limits)
            _describe(photo, data, header)
        faces = [_face(item, n, photo, job) for n in range(len(item.faces))]
    except PhotoError as error:
        photo |= {"status": "excluded", "reason": error.reason, "detail": error.detail, "faces": 0}
        faces = []
    if new or photo["status"] == "excluded":
        rows.photos.append(photo)
    for (row, crops), face in zip(faces, item.faces, strict=False):
        rows.faces.append(row)
        rows.names.append(face.name)
        rows.crops.append(crops)
        rows.pictures.append(data if job.settings.device is not None else None)


_UNSOUND = (pa.ArrowException, TypeError, ValueError, OverflowError)


def _drop_unsound(rows: _Rows, layout: str) -> None:
    """Exclude photos of whose faces a value does not fit the Record: a text for a number, 6e99."""
    try:
        _table_of_faces(rows.faces, layout)
    except _UNSOUND:
        bad = {
            face["photo_id"]: problem
            for face in rows.faces
            if (problem := _misfit(face)) is not None
        }
        for photo in rows.photos:
            if photo["photo_id"] in bad:
                detail = f"{photo['key']}: {bad[photo['photo_id']]}"
                excluded = {"status": "excluded", "reason": "bad_entry", "detail": detail}
                photo |= {**excluded, "faces": 0}
        good = [n for n, face in enumerate(rows.faces) if face["photo_id"] not in bad]
        rows.faces = [rows.faces[n] for n in good]
        rows.names = [rows.names[n] for n in good]
        rows.crops = [rows.crops[n] for n in good]
        rows.pictures = [rows.pictures[n] for n in good]


def _misfit(face: dict[str, Any]) -> str | None:
    """Which value of a face does not fit, if one does not."""
    for name, value in face.items():
        try:
            to_table(Record, {name: [value]}, 1)
        except _UNSOUND:
            return f"{name} cannot be {value!r}"
    return None


def _check_entry(item: PhotoItem) -> None:
    if item.problem:
        raise PhotoError(*item.problem)
    if not item.faces:
        raise PhotoError("no_face", "the layout names no face in it")


def _face(
    item: PhotoItem, number: int, photo: dict[str, Any], job: ImportJob
) -> tuple[dict[str, Any], list[EncodedCrop]]:
    """Columns and crops of one face.

    Raises:
        PhotoError: its picture cannot be used, and the photo has no other face.
    """
    face = item.faces[number]
    reasons: list[str] = []
    crops: list[EncodedCrop] = []
    try:
        for crop in face.crops:
            data, header = _read(crop.picture, job.settings.limits)
            crops.append(_encoded(crop, data, header))
            if item.picture is None and photo["sha256"] is None:
                _describe(photo, data, header)  # the crop is the photo
    except PhotoError as error:
        if len(item.faces) == 1:
            raise
        reasons, crops = [error.reason], []
    row = {
        **face.columns,
        **_origin(job.settings.layout, face.name, face.extra),
        "face_id": face.face_id or f"{item.photo_id}_{number + 1:02d}",
        "photo_id": item.photo_id,
        "index": number + 1,
        "kept": not reasons,
        "reasons": reasons,
    }
    return row, crops


def _read(picture: FilePicture | BytesPicture, limits: Limits) -> tuple[bytes, Header]:
    data = picture.read(limits)
    if picture.md5 is not None:
        found = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if found != picture.md5.lower():
            raise PhotoError("checksum", f"{picture.name} has the md5 {found}, not {picture.md5}")
    try:
        return data, read_header(data, limits)
    except PhotoError as error:
        raise PhotoError(error.reason, f"{picture.name}: {error.detail}") from error


def _describe(photo: dict[str, Any], data: bytes, header: Header) -> None:
    """Write into a photo's row what its file says."""
    photo |= {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "width": header.width,
        "height": header.height,
        "format": header.format,
        "mode": header.mode,
    }


def _encoded(crop: CropItem, data: bytes, header: Header) -> EncodedCrop:
    name = header.format.lower()
    fmt, extension = _NAMES.get(header.format, (name, name))
    spec = CropSpec(crop.alignment, max(header.width, header.height))
    quad = None if crop.quad is None else [float(v) for v in crop.quad]
    return EncodedCrop(spec, data, fmt, extension, None, quad)


def _origin(layout: str, name: str, extra: Any) -> dict[str, Any]:
    text = None if extra is None else json.dumps(extra, ensure_ascii=False, separators=(",", ":"))
    return {"origin.layout": layout, "origin.name": name, "origin.extra": text}


@cache
def _filler(device: str) -> Filler:
    """The annotators of this process, made when first needed."""
    return Filler(device)


def _unseen(rows: _Rows, job: ImportJob) -> list[Unseen]:
    """The faces that the sidecar does not describe, with the picture to look at."""
    known = set() if job.kept is None else set(job.kept.column("layout_name").to_pylist())
    photos = {photo["photo_id"]: photo for photo in rows.photos}
    unseen = []
    for row, name, crops, data in zip(
        rows.faces, rows.names, rows.crops, rows.pictures, strict=True
    ):
        if name in known:
            continue
        if data is not None:
            unseen.append(Unseen(row, data, _expected(row, crops, photos.get(row["photo_id"]))))
        elif crops:
            unseen.append(Unseen(row, crops[0].data, whole=crops[0].quad is None))
    return unseen


def _expected(
    row: dict[str, Any], crops: Sequence[EncodedCrop], photo: dict[str, Any] | None
) -> tuple[float, float]:
    """Where in its photo a face should be, by its crop or its rectangle."""
    if photo is None or not photo["width"] or not photo["height"]:
        return 0.5, 0.5
    if crops and crops[0].quad is not None:
        x, y = sum(crops[0].quad[::2]) / 4, sum(crops[0].quad[1::2]) / 4
    elif row.get("rectangle.left") is not None:
        x = row["rectangle.left"] + row["rectangle.width"] / 2
        y = row["rectangle.top"] + row["rectangle.height"] / 2
    else:
        return 0.5, 0.5
    return x / photo["width"], y / photo["height"]


def _faces_table(rows: _Rows, job: ImportJob) -> pa.Table:
    """The faces' rows: from the sidecar where it has them, else from the layout."""
    own = _table_of_faces(rows.faces, job.settings.layout)
    if job.kept is None:
        return own
    names = job.kept.column("layout_name").to_pylist()
    at = {name: row for row, name in enumerate(names)}
    kept = without_names(job.kept).cast(own.schema)
    for name in ("origin", "kept", "reasons"):  # the picture may have been lost since
        kept = kept.set_column(*_column(own, name, kept, at, rows))
    order = [at[name] if name in at else len(names) + n for n, name in enumerate(rows.names)]
    for n, name in enumerate(rows.names):
        if name in at:
            _place_again(
                rows.crops[n], kept.column("crops")[at[name]].as_py(), job.settings.kept_crop
            )
    return pa.concat_tables([kept, own]).take(pa.array(order, pa.int64()))


def _column(
    own: pa.Table, name: str, kept: pa.Table, at: dict[str, int], rows: _Rows
) -> tuple[int, pa.Field, pa.Array]:
    """A column of the sidecar's rows with the values that the layout's rows have now."""
    row_of = {face: n for n, face in enumerate(rows.names)}
    order = [row_of.get(face) for face in at]
    index = kept.schema.get_field_index(name)
    return index, kept.schema.field(index), own.column(name).take(pa.array(order, pa.int64()))


def _place_again(crops: list[EncodedCrop], kept: list[dict[str, Any]], wanted: str | None) -> None:
    """Give an imported picture the alignment and place that its export knew."""
    for old in kept:
        if wanted in (None, old["alignment"], f"{old['alignment']}:{old['size']}") and crops:
            new = crops[0]
            spec = CropSpec(old["alignment"], new.spec.size)
            crops[0] = EncodedCrop(
                spec, new.data, new.format, new.extension, old["outside"], old["quad"]
            )
            return


def _table_of_faces(faces: Sequence[dict[str, Any]], layout: str) -> pa.Table:
    reasons = [_null_reasons(face, layout) for face in faces]
    leaves = sorted({name for face in faces for name in face} - {"null_reasons"})
    columns: dict[str, Any] = {name: [face.get(name) for face in faces] for name in leaves}
    return to_table(Record, {**columns, "null_reasons": reasons}, len(faces))


def _null_reasons(face: dict[str, Any], layout: str) -> dict[str, str]:
    """Why the fields that the layout does not state are null."""
    stated = {name.split(".")[0] for name, value in face.items() if value is not None}
    given = dict(face.get("null_reasons", {}))
    silent = given.pop("all", f"the layout {layout} does not state it")
    quiet = {
        name: silent
        for name in Record.model_fields
        if name not in stated and name not in Face.model_fields and name != "null_reasons"
    }
    return quiet | given


def _photos_table(rows: _Rows, job: ImportJob) -> pa.Table:
    if not rows.photos:
        return arrow_schema(Photo).empty_table()
    names = sorted({name for photo in rows.photos for name in photo})
    columns = {name: [photo.get(name) for photo in rows.photos] for name in names}
    own = to_table(Photo, columns, len(rows.photos))
    if job.kept_photos is None:
        return own
    at = {name: n for n, name in enumerate(job.kept_photos.column("photo_id").to_pylist())}
    kept = job.kept_photos.cast(own.schema)
    order = [
        at.get(photo["photo_id"], len(at) + n) if photo["status"] == "used" else len(at) + n
        for n, photo in enumerate(rows.photos)
    ]
    return pa.concat_tables([kept, own]).take(pa.array(order, pa.int64()))
