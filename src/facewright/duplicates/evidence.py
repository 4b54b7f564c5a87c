"""What is known of every face that can make it a duplicate: a row a face, arrays throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facewright.duplicates.hashes import numbers_of
from facewright.duplicates.missing import OnCrops, completed
from facewright.store.dataset import Dataset
from facewright.store.tables import open_part, parts

UNKNOWN: Final = -1
_OF_FACES: Final = ("face_id", "photo_id", "index", "crops", "quality")
_OF_PHOTOS: Final = ("sha256", "pixel_hash", "near_hash", "licence", "licence_url")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Faces of one or several datasets, in order. All arrays have a row a face (N,).

    Attributes:
        dataset: int32, number of the dataset, from 0.
        face_id: object, texts.
        bytes: int64, equal for the same place in equal files; `UNKNOWN` where not known.
        pixels: int64, likewise for equal pixels.
        crop_hash: uint64, `near_hash` of the main crop.
        has_crop_hash: bool, whether it is known.
        photo_hash: uint64, `near_hash` of the photo, for its largest face only.
        has_photo_hash: bool, whether it is known.
        quality: float64, `quality.overall`; NaN unknown.
        size: float64, `quality.face_size` in pixels; NaN unknown.
        licence: int64, row of `licences`.
        licences: pairs of name and address, each None where not stated.
    """

    dataset: NDArray[np.int32]
    face_id: NDArray[np.object_]
    bytes: NDArray[np.int64]
    pixels: NDArray[np.int64]
    crop_hash: NDArray[np.uint64]
    has_crop_hash: NDArray[np.bool_]
    photo_hash: NDArray[np.uint64]
    has_photo_hash: NDArray[np.bool_]
    quality: NDArray[np.float64]
    size: NDArray[np.float64]
    licence: NDArray[np.int64]
    licences: tuple[tuple[str | None, str | None], ...]

    def __len__(self) -> int:
        return len(self.dataset)


def gather(datasets: Sequence[Dataset], on_crops: OnCrops | None = None) -> Evidence:
    """Read what the tables say, and hash the crops of faces of which they say too little.

    Args:
        datasets: whose faces are compared; parts of datasets will do.
        on_crops: told how many crops are hashed, of how many.

    Raises:
        DatasetError: a part or a shard is missing or broken.
    """
    tables = [completed(dataset, _table_of(dataset), on_crops) for dataset in datasets]
    sizes = [len(table) for table in tables]
    whole = pa.concat_tables(tables).combine_chunks()
    licence = pa.table({name: whole.column(name) for name in ("licence", "licence_url")})
    pairs = [(row["licence"], row["licence_url"]) for row in licence.to_pylist()]
    known = {pair: number for number, pair in enumerate(dict.fromkeys(pairs))}
    crop_hash, has_crop_hash = numbers_of(whole.column("crop_hash").to_pylist())
    photo_hash, has_photo_hash = numbers_of(whole.column("photo_hash").to_pylist())
    return Evidence(
        dataset=np.repeat(np.arange(len(tables), dtype=np.int32), sizes),
        face_id=whole.column("face_id").to_numpy(),
        bytes=_codes(whole.column("bytes")),
        pixels=_codes(whole.column("pixels")),
        crop_hash=crop_hash,
        has_crop_hash=has_crop_hash,
        photo_hash=photo_hash,
        has_photo_hash=has_photo_hash,
        quality=_floats(whole.column("quality")),
        size=_floats(whole.column("size")),
        licence=np.array([known[pair] for pair in pairs], np.int64),
        licences=tuple(known),
    )


def _table_of(dataset: Dataset) -> pa.Table:
    """Texts and numbers of a dataset's faces: those of their photos joined to them."""
    names = [*_OF_FACES, *(["crop_hash"] if _has_crop_hash(dataset) else [])]
    faces, photos = dataset.table(names), dataset.photos.arrow
    at = pc.index_in(faces.column("photo_id"), photos.column("photo_id"))
    photo = {name: photos.column(name).take(at) for name in _OF_PHOTOS}
    index = faces.column("index")
    alone = pc.less_equal(photos.column("faces").take(at), 1)
    # Where a photo shows one face, any picture of it will do: an imported crop has no place.
    place = pc.if_else(pc.fill_null(alone, False), "", pc.cast(index, pa.string()))
    largest = pc.equal(index, 1)
    quality = faces.column("quality").combine_chunks()
    empty = pa.nulls(len(faces), pa.string())
    return pa.table(
        {
            "face_id": faces.column("face_id"),
            "has_crop": pc.fill_null(
                pc.greater(pc.list_value_length(faces.column("crops")), 0), False
            ),
            "bytes": pc.binary_join_element_wise(photo["sha256"], place, ":"),
            "pixels": pc.binary_join_element_wise(photo["pixel_hash"], place, ":"),
            "crop_hash": faces.column("crop_hash") if "crop_hash" in names else empty,
            "photo_hash": pc.if_else(largest, photo["near_hash"], pa.scalar(None, pa.string())),
            "quality": pc.struct_field(quality, "overall"),
            "size": pc.struct_field(quality, "face_size"),
            "licence": photo["licence"],
            "licence_url": photo["licence_url"],
        }
    )


def _has_crop_hash(dataset: Dataset) -> bool:
    """Whether all parts have the column: those made by earlier versions do not."""
    for path in parts(dataset.root, "faces"):
        with open_part(path) as part:
            if "crop_hash" not in part.schema_arrow.names:
                return False
    return True


def _codes(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """A number for each different text; `UNKNOWN` for null."""
    coded = column.combine_chunks().dictionary_encode()
    numbers: NDArray[np.int64] = coded.indices.fill_null(UNKNOWN).to_numpy().astype(np.int64)
    return numbers


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """Numbers, NaN for null."""
    values: NDArray[np.float64] = column.to_numpy(zero_copy_only=False).astype(np.float64)
    return values
