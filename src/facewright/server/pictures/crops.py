"""Pictures of faces: a crop's own bytes where they lie, or made smaller, in another format."""

from __future__ import annotations

import hashlib
import mmap
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.errors import DatasetError, PhotoError, UsageError
from facewright.limits import Limits
from facewright.provenance.marks import RENDERED, TRAINED, mark_synthetic, source_type
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.shelf import Shelf
from facewright.store.crop_index import Place
from facewright.store.pending import current
from facewright.vision.decode import decode_photo
from facewright.vision.decoding.sniff import sniff
from facewright.vision.encode import encode_jpeg, encode_png, encode_webp

SIZES: Final = (32, 1024)
"""Least and largest side that is made."""
FORMATS: Final = ("webp", "png", "jpeg")
_OPEN: Final = 128  # shards; each keeps a file open
_QUALITY: Final = {"webp": 82, "jpeg": 90}
_LIMITS: Final = Limits(min_side=1)


@dataclass(frozen=True, slots=True)
class Crop:
    """One crop as it lies in its shard.

    Attributes:
        shelf: the dataset.
        place: where.
        key: the same for the same bytes.
        synthetic: whether the catalogue says so.
    """

    shelf: Shelf
    place: Place
    key: str
    synthetic: bool

    def etag(self, size: int | None, fmt: str | None) -> str:
        """Entity tag of a picture made of it."""
        return f'"{self.key}-{size or "own"}-{fmt or "own"}"'


class Shards:
    """Shards mapped into memory, the last used ones."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[Path, str], mmap.mmap] = OrderedDict()
        self._lock = threading.Lock()

    def bytes_of(self, crop: Crop) -> memoryview:
        """The file of a crop; nothing is copied.

        Raises:
            DatasetError: the shard is missing or shorter than the table says.
        """
        path = current(crop.shelf.root, crop.place.shard)
        key = (path, crop.shelf.signature)  # a dataset that changed may have replaced it
        with self._lock:
            held = self._held.get(key)
            if held is None:
                held = self._held[key] = _mapped(path)
                if len(self._held) > _OPEN:
                    self._held.popitem(last=False)
            self._held.move_to_end(key)
        end = crop.place.offset + crop.place.length
        if end > len(held):
            raise DatasetError(f"{path} is shorter than the table says")
        return memoryview(held)[crop.place.offset : end]


def crop_of(catalogue: Catalogue, row: int, name: str | None) -> Crop | None:
    """A crop of a face by alignment ("ffhq-fast" or "ffhq-fast:1024"); None: the main one."""
    shelf, own = catalogue.shelf_of(row)
    for place in shelf.crops.places(int(shelf.rows[own])):
        if name in (None, place.alignment, f"{place.alignment}:{place.size}"):
            text = f"{shelf.manifest.fingerprint} {place} {shelf.manifest.created}"
            key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
            return Crop(shelf, place, key, catalogue.level("synthetic", row) == "yes")
    return None


def media_type(data: memoryview | bytes) -> str:
    """As HTTP names the format that the bytes are of."""
    try:
        name = sniff(bytes(data[:64]))
    except PhotoError:
        return "application/octet-stream"
    return f"image/{name.lower()}"


def made(data: memoryview | bytes, crop: Crop, size: int | None, fmt: str) -> bytes:
    """A crop in another size or format; a synthetic one keeps its mark.

    Args:
        data: the crop's file.
        crop: what it is of.
        size: of the longer side, pixels; it is not enlarged. None: as it is.
        fmt: one of `FORMATS`.

    Raises:
        PhotoError: the crop cannot be decoded.
    """
    whole = bytes(data)
    pixels = shrunk(decode_photo(whole, _LIMITS).pixels, size)
    out = encoded(pixels, fmt)
    kind = source_type(whole)
    if kind is None and not crop.synthetic:
        return out
    generator = crop.shelf.manifest.generator
    maker = "unknown generator" if generator is None else f"Facewright {generator.id}"
    rendered = generator is not None and generator.id == "head3d"
    return mark_synthetic(out, kind or (RENDERED if rendered else TRAINED), maker)


def shrunk(pixels: NDArray[np.uint8], size: int | None) -> NDArray[np.uint8]:
    """Pixels (H, W, 3) with a longer side of at most `size`: means over areas."""
    height, width = pixels.shape[:2]
    longer = max(height, width)
    if size is None or longer <= size:
        return pixels
    to = (max(round(width * size / longer), 1), max(round(height * size / longer), 1))
    return np.asarray(cv2.resize(pixels, to, interpolation=cv2.INTER_AREA), np.uint8)


def encoded(pixels: NDArray[np.uint8], fmt: str) -> bytes:
    """A picture file.

    Raises:
        UsageError: no such format.
    """
    if fmt == "webp":
        return encode_webp(pixels, _QUALITY["webp"])
    if fmt == "jpeg":
        return encode_jpeg(pixels, _QUALITY["jpeg"])
    if fmt == "png":
        return encode_png(pixels)
    raise UsageError(f"no picture format {fmt[:20]!r}; there are {', '.join(FORMATS)}")


def _mapped(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise DatasetError(f"cannot open shard {path}: {error}") from error
