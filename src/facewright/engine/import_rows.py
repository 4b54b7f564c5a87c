"""Rows of an import in the making: what a layout's items say, and their pictures' bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from facewright.align.base import CropSpec
from facewright.engine.shards import EncodedCrop
from facewright.errors import PhotoError
from facewright.layouts.seam.items import BytesPicture, CropItem, FilePicture, PhotoItem
from facewright.limits import Limits
from facewright.record import Photo
from facewright.sources.base import printable
from facewright.vision.decoding.header import Header, read_header

_NOTHING: dict[str, Any] = {name: None for name in Photo.model_fields if name != "origin"}
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
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


@dataclass
class ImportRows:
    """Rows as dicts of dotted leaf names; the lists of faces run in parallel.

    Attributes:
        photos: rows of photos.
        faces: rows of faces.
        names: of the faces in the layout.
        crops: of the faces.
        pictures: files of the faces' photos, for annotators to look at; None where not wanted.
    """

    photos: list[dict[str, Any]] = field(default_factory=list)
    faces: list[dict[str, Any]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    crops: list[list[EncodedCrop]] = field(default_factory=list)
    pictures: list[bytes | None] = field(default_factory=list)


def add_item(rows: ImportRows, item: PhotoItem, settings: ImportSettings, *, new: bool) -> None:
    """Add one photo and its faces; what goes wrong becomes the photo's reason, or the face's.

    Args:
        rows: added to.
        item: what the layout says.
        settings: of the import.
        new: whether the photo has no row yet.
    """
    photo = {
        **_NOTHING,
        "photo_id": item.photo_id,
        "key": item.key,
        "status": "used",
        "faces": len(item.faces),
        "notes": [],
        **{name: _text(value) for name, value in item.columns.items()},
        **_origin(settings.layout, item.key, item.extra),
    }
    data = None
    try:
        _check_entry(item)
        if item.picture is not None:
            data, header = _read(item.picture, settings.limits)
            _describe(photo, data, header)
        faces = [_face(item, n, photo, settings) for n in range(len(item.faces))]
    except PhotoError as error:
        photo |= {"status": "excluded", "reason": error.reason, "detail": error.detail, "faces": 0}
        faces = []
    if new or photo["status"] == "excluded":
        rows.photos.append(photo)
    for (row, crops), face in zip(faces, item.faces, strict=False):
        rows.faces.append(row)
        rows.names.append(face.name)
        rows.crops.append(crops)
        rows.pictures.append(data if settings.device is not None else None)


def _check_entry(item: PhotoItem) -> None:
    if item.problem:
        raise PhotoError(*item.problem)
    if not item.faces:
        raise PhotoError("no_face", "the layout names no face in it")


def _face(
    item: PhotoItem, number: int, photo: dict[str, Any], settings: ImportSettings
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
            data, header = _read(crop.picture, settings.limits)
            crops.append(_encoded(crop, data, header))
            if _is_photo(crop, item) and photo["sha256"] is None:
                _describe(photo, data, header)
    except PhotoError as error:
        if len(item.faces) == 1:
            raise
        reasons, crops = [error.reason], []
    row = {
        **face.columns,
        **_origin(settings.layout, face.name, face.extra),
        "face_id": face.face_id or f"{item.photo_id}_{number + 1:02d}",
        "photo_id": item.photo_id,
        "index": number + 1,
        "kept": not reasons,
        "reasons": reasons,
    }
    return row, crops


def _is_photo(crop: CropItem, item: PhotoItem) -> bool:
    """Whether a crop is all there is of a photo: no other is held, and none is described."""
    return item.picture is None and crop.quad is None and item.columns.get("width") is None


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


def _text(value: Any) -> Any:
    """A value whose text, if it is one, tables can hold: JSON can spell half characters."""
    return printable(value) if isinstance(value, str) else value


def _origin(layout: str, name: str, extra: Any) -> dict[str, Any]:
    text = None if extra is None else _as_json(extra)
    return {
        "origin.layout": layout,
        "origin.name": printable(name),
        "origin.extra": text and printable(text),
    }
