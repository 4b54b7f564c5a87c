"""One chunk: photos in; one tar an alignment, one faces part and one photos part out.

Everything is written under temporary names and renamed when whole; the photos part comes last
and is the mark that the chunk is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from facewright.align.base import CropSpec
from facewright.engine.plan import Planned
from facewright.engine.workshop import EncodedCrop, LoadedPhoto, MadeFaces, Workshop, photo_table
from facewright.record import Record
from facewright.schema import arrow_schema
from facewright.store.atomic import atomic_file
from facewright.store.jsonrecord import dumps, record_rows
from facewright.store.shards import ShardWriter, crops_folder, shard_key, shard_name
from facewright.store.tables import part_name, write_part

_PHOTOS_AT_ONCE = 16
_BYTES_AT_ONCE = 48 * 1024 * 1024
_NOT_IN_JSON = frozenset({"crops", "mesh", "embedding"})


class Watcher(Protocol):
    """Is told what a chunk is doing."""

    def hand(self, key: str) -> None:
        """Say that this photo was taken in hand."""

    def done(self, photos: int, faces: int) -> None:
        """Say that all photos in hand, so many, were finished, with so many faces."""


@dataclass
class _Shards:
    """The open shards of a chunk, and what went into them."""

    writers: dict[CropSpec, ShardWriter]
    chunk: int
    format: str
    extension: str
    tables: list[pa.Table] = field(default_factory=list)

    def add(self, made: MadeFaces) -> None:
        """Append the crops and their records; note where they lie."""
        light = made.table.select([n for n in made.table.column_names if n not in _NOT_IN_JSON])
        rows = record_rows(light, Record)
        places = [
            [self._add_one(row, crop) for crop in crops]
            for row, crops in zip(rows, made.crops, strict=True)
        ]
        for writer in self.writers.values():
            writer.flush()
        at = made.table.schema.get_field_index("crops")
        field_ = made.table.schema.field(at)
        self.tables.append(made.table.set_column(at, field_, pa.array(places, field_.type)))

    def _add_one(self, row: dict[str, Any], crop: EncodedCrop) -> dict[str, Any]:
        key, writer = shard_key(row["face_id"]), self.writers[crop.spec]
        offset, length = writer.add(f"{key}.{self.extension}", crop.data)
        what = {
            "alignment": crop.spec.alignment,
            "size": crop.spec.size,
            "format": self.format,
            "outside": crop.outside,
            "quad": crop.quad,
        }
        text = dumps({**row, "crop": {**what, "quad": [round(v, 2) for v in crop.quad]}})
        writer.add(f"{key}.json", text.encode())
        shard = f"crops/{crop.spec.slug}/{shard_name(self.chunk)}"
        return {**what, "shard": shard, "offset": offset, "length": length}


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
    specs = [CropSpec.parse(text) for text in workshop.recipe.crops]
    with ExitStack() as files:
        writers = {
            spec: ShardWriter(
                files.enter_context(atomic_file(crops_folder(root, spec.slug) / shard_name(number)))
            )
            for spec in specs
        }
        shards = _Shards(writers, number, workshop.recipe.format, workshop.extension)
        for loaded in batches(workshop, plan, watcher):
            faces = 0
            for made in workshop.make(loaded):
                shards.add(made)
                faces += len(made.crops)
            for photo in loaded:
                photo.decoded = None  # the pixels go before the next batch is decoded
            photos += loaded
            watcher.done(len(loaded), faces)
        for writer in writers.values():
            writer.close()
    empty = arrow_schema(Record, workshop.pipeline.extra_fields).empty_table()
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
        if len(loaded) >= _PHOTOS_AT_ONCE or held >= _BYTES_AT_ONCE:
            yield loaded
            loaded, held = [], 0
    if loaded:
        yield loaded
