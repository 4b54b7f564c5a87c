"""Writing layouts that keep a record beside each picture: pictures, names, records as JSON.

The record is the one that a dataset's own shards hold: without the mesh and the embedding, whose
floats are dear as text, with `crop` for the picture's place and `photo` for the photo's row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image

from facewright.errors import UsageError
from facewright.layouts.common.record_values import leaf_names
from facewright.layouts.seam.export import Export, ExportOptions
from facewright.limits import Limits
from facewright.record import Photo
from facewright.store.image import EncodedImage
from facewright.store.shards import shard_key
from facewright.vision.decode import decode_photo
from facewright.vision.decoding.header import read_header
from facewright.vision.encode import encoder

_LIMITS: Final = Limits(max_pixels=1 << 40, max_bytes=1 << 40, min_side=1)
"""None: these pictures were let in when the dataset was made."""

_MAX_SIDE: Final = 16_384
_EXTENSIONS: Final = {"JPEG": "jpg", "MPO": "jpg", "TIFF": "tif"}
_ENCODERS: Final = {"JPEG": "jpeg:95", "MPO": "jpeg:95", "WEBP": "webp:90"}
_FILTERS: Final = {"lanczos": Image.Resampling.LANCZOS, "box": Image.Resampling.BOX}
_TOO_LONG: Final = frozenset({"mesh", "embedding"})
_PHOTO: Final = leaf_names(Photo)


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture to write.

    Attributes:
        data: the file.
        extension: of its name, without the dot.
        width: in pixels.
        height: in pixels.
    """

    data: bytes | memoryview
    extension: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class WrittenFace:
    """One face to write.

    Attributes:
        stem: a name for its files, unique in the export.
        picture: its picture; None where the dataset has none and the layout allows that.
        record: as plain data, with `crop` and `photo`.
    """

    stem: str
    picture: Picture | None
    record: dict[str, Any]

    @property
    def file(self) -> str:
        """Name of its picture's file."""
        assert self.picture is not None
        return f"{self.stem}.{self.picture.extension}"


def written_faces(
    export: Export, *, long: bool = False, bare: bool = False
) -> Iterator[WrittenFace]:
    """Faces in the order of the export, their pictures resized in a few threads where wanted.

    Args:
        export: what to write.
        long: with the mesh and the embedding.
        bare: faces without any picture are let through.

    Raises:
        UsageError: a face lacks the chosen crop, or the size is none.
    """
    options = export.options
    if options.size is not None and not 1 <= options.size <= _MAX_SIDE:
        raise UsageError(f"pictures have 1 to {_MAX_SIDE} pixels a side, not {options.size}")
    stems = Stems()

    def given() -> Iterator[tuple[dict[str, Any], EncodedImage | None]]:
        """Rows with their pictures, which are read in this thread."""
        for row in export.rows(_columns(export, long=long)):
            no_picture = bare and not row["crops"] and options.crop is None
            yield row, None if no_picture else export.picture(row["face_id"])

    def make(item: tuple[dict[str, Any], EncodedImage | None]) -> tuple[Any, Picture | None]:
        """A row's picture as it is written; runs in a thread."""
        row, image = item
        return row, None if image is None else picture_of(image.data, options)

    for row, picture in export.in_order(make, given()):
        photo = export.photos.get(row["photo_id"], {})
        record = record_of(row, photo, picture, options)
        yield WrittenFace(stems.take(row["face_id"]), picture, record)


class Stems:
    """Names of files from face ids; a face that comes again gets `~2`, `~3`."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def take(self, face_id: str) -> str:
        """A name for this face's next file."""
        count = self._seen[face_id] = self._seen.get(face_id, 0) + 1
        stem = shard_key(face_id).replace("~", "%7E")
        return stem if count == 1 else f"{stem}~{count}"


def picture_of(data: memoryview, options: ExportOptions) -> Picture:
    """The picture's own bytes, or the picture made anew where another size is wanted.

    A resized picture keeps its format's family: JPEG stays JPEG (quality 95), WebP stays WebP
    (90), all others become PNG. The longer side becomes `options.size`.
    """
    header = read_header(bytes(data), _LIMITS)
    longer = max(header.width, header.height)
    if options.size in (None, longer):
        extension = _EXTENSIONS.get(header.format, header.format.lower())
        return Picture(data, extension, header.width, header.height)
    assert options.size is not None
    pixels = decode_photo(bytes(data), _LIMITS).pixels
    height, width = (max(round(n * options.size / longer), 1) for n in pixels.shape[:2])
    image = Image.fromarray(pixels).resize((width, height), _FILTERS[options.resample])
    encode = encoder(_ENCODERS.get(header.format, "png"))
    return Picture(encode(np.asarray(image)), encode.extension, width, height)


def record_of(
    row: Mapping[str, Any],
    photo: Mapping[str, Any],
    picture: Picture | None,
    options: ExportOptions,
) -> dict[str, Any]:
    """The record of a face as layouts write it: `crops` gives way to `crop`, `photo` is added."""
    record = {name: value for name, value in row.items() if name != "crops"}
    crop = chosen_crop(row, options.crop)
    if crop is not None and picture is not None:
        place = {name: crop[name] for name in ("alignment", "size", "format", "outside", "quad")}
        if options.size not in (None, crop["size"]):
            place["size"] = options.size
            place["quad"] = crop["quad"] or _whole(photo, crop["size"])
        record["crop"] = place
    record["photo"] = {n: photo[n] for n in _PHOTO if photo.get(n) not in (None, [])}
    return record


def chosen_crop(row: Mapping[str, Any], wanted: str | None) -> dict[str, Any] | None:
    """The crop that the export's option means, as `Dataset.image` chooses it."""
    for crop in row["crops"] or ():
        if wanted in (None, crop["alignment"], f"{crop['alignment']}:{crop['size']}"):
            return dict(crop)
    return None


def _whole(photo: Mapping[str, Any], size: int) -> list[float] | None:
    """Corners of the whole photo, where the picture is the photo itself."""
    width, height = photo.get("width"), photo.get("height")
    if not width or not height or max(width, height) != size:
        return None
    right, bottom = width - 0.5, height - 0.5
    return [-0.5, -0.5, -0.5, bottom, right, bottom, right, -0.5]


def _columns(export: Export, *, long: bool) -> list[str]:
    names = [*export.dataset.faces.column_names, "landmarks", "blendshapes"]
    return [*names, "mesh", "embedding"] if long else [n for n in names if n not in _TOO_LONG]
