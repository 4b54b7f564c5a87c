"""Small pictures of faces that travel inside of a page."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from facewright.analyse.cells import in_threads, resized
from facewright.analyse.picked import TRAIT_COLUMNS, pick, pictures_of
from facewright.analyse.traits import main_traits
from facewright.store.dataset import Dataset
from facewright.store.image import EncodedImage
from facewright.vision.encode import encode_webp

SIDE = 128


@dataclass(frozen=True, slots=True)
class Thumb:
    """A face on the page: its id, its main attributes, and its crop as a data address."""

    face_id: str
    traits: tuple[str, ...]
    source: str


def thumbs(dataset: Dataset, limit: int) -> list[Thumb]:
    """At most `limit` faces, evenly spread over those that have a crop, as WebP of `SIDE` px."""
    rows = [row for row in pick(dataset, limit, (*TRAIT_COLUMNS, "crops")) if row["crops"]]
    part = pictures_of(dataset, [row["face_id"] for row in rows])
    sources = in_threads(_data_address, [part.image(row["face_id"]) for row in rows])
    return [
        Thumb(row["face_id"], tuple(main_traits(row)), source)
        for row, source in zip(rows, sources, strict=True)
    ]


def _data_address(image: EncodedImage) -> str:
    data = encode_webp(resized(image.numpy(), SIDE, SIDE), 80)
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}"
