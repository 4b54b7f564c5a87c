"""One chunk: photos in; one tar an alignment, one faces part and one photos part out.

Everything is written under temporary names and renamed when whole; the photos part comes last
and is the mark that the chunk is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from facewright.align.base import CropSpec
from facewright.engine.plan import Planned
from facewright.engine.shards import ChunkShards
from facewright.engine.workshop import LoadedPhoto, Workshop, photo_table
from facewright.record import Record
from facewright.schema import arrow_schema
from facewright.store.tables import part_name, write_part

_BYTES_AT_ONCE = 48 * 1024 * 1024


class Watcher(Protocol):
    """Is told what a chunk is doing."""

    def hand(self, key: str) -> None:
        """Say that this photo was taken in hand."""

    def done(self, photos: int, faces: int) -> None:
        """Say that all photos in hand, so many, were finished, with so many faces."""


def process_chunk(
    workshop: Workshop, root: Path, number: int, plan: Sequence[Planned], watcher: Watcher
) -> None:
    """Make one chunk of a dataset.

    Args:
        workshop: models, annotators, encoder.
        root: the dataset's folder.
        number: of the chunk.
        plan: its photos.
        watcher: told what is being worked on.

    Raises:
        StorageError: writing failed; the chunk is not marked done.
    """
    photos: list[LoadedPhoto] = []
    workshop.expect(plan)
    specs = [CropSpec.parse(text) for text in workshop.recipe.crops]
    with ChunkShards(root, number, specs) as shards:
        for loaded in batches(workshop, plan, watcher):
            faces = 0
            for made in workshop.make(loaded):
                shards.add(made)
                faces += len(made.crops)
            for photo in loaded:
                photo.decoded = None  # the pixels go before the next batch is decoded
            photos += loaded
            watcher.done(len(loaded), faces)
    empty = arrow_schema(Record, workshop.extra_fields).empty_table()
    write_part(root / "faces" / part_name(number), pa.concat_tables([*shards.tables] or [empty]))
    write_part(root / "photos" / part_name(number), photo_table(photos))


def batches(
    workshop: Workshop, plan: Sequence[Planned], watcher: Watcher
) -> Iterator[list[LoadedPhoto]]:
    """Load photos until a batch is full, by number or by bytes of pixels, and hand it on."""
    loaded: list[LoadedPhoto] = []
    held = 0
    for planned in plan:
        watcher.hand(planned.entry.key)
        photo = workshop.load(planned)
        loaded.append(photo)
        held += photo.decoded.pixels.nbytes if photo.decoded is not None else 0
        if len(loaded) >= workshop.photos_at_once or held >= _BYTES_AT_ONCE:
            yield loaded
            loaded, held = [], 0
    if loaded:
        yield loaded
