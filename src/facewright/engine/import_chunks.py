"""How many photos of a layout make a chunk: as many as a worker holds with ease.

A worker holds its chunk's pictures until they are written, and each chunk gives one Parquet part a
table, which is opened whenever the table is read: small pictures make long chunks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from facewright.layouts.seam.items import BytesPicture, FilePicture, PhotoItem

_BYTES: Final = 192 << 20
"""Of the pictures of a chunk."""
_ASSUMED: Final = 2 << 20  # of a picture whose size is not known
_WAITING: Final = 4
"""How often pictures that travel with their job are in memory: once in each job that waits."""
_MOST: Final = 4096
_MOST_TO_ANNOTATE: Final = 128
"""Photos a chunk: ten seconds' work where each face is looked at."""


def import_chunks(items: Iterable[PhotoItem], *, annotate: bool) -> Iterator[list[PhotoItem]]:
    """Items in chunks, in order; which they are depends on nothing but the layout's files.

    Args:
        items: of the layout.
        annotate: whether faces will be looked at.
    """
    most = _MOST_TO_ANNOTATE if annotate else _MOST
    chunk: list[PhotoItem] = []
    held = 0
    for item in items:
        weight = sum(map(_weight, _pictures(item)))
        if chunk and (len(chunk) >= most or held + weight > _BYTES):
            yield chunk
            chunk, held = [], 0
        chunk.append(item)
        held += weight
    if chunk:
        yield chunk


def _pictures(item: PhotoItem) -> Iterator[FilePicture | BytesPicture]:
    if item.picture is not None:
        yield item.picture
    for face in item.faces:
        for crop in face.crops:
            yield crop.picture


def _weight(picture: FilePicture | BytesPicture) -> int:
    if isinstance(picture, BytesPicture):
        return _WAITING * picture.size
    return _ASSUMED if picture.size is None else picture.size
