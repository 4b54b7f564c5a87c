"""The shards of one chunk while it is made: crops and their records in, places out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from facewright.align.base import CropSpec
from facewright.record import ORIGINAL, Record
from facewright.store.atomic import atomic_file, make_folder
from facewright.store.jsonrecord import dumps, record_rows
from facewright.store.shards import ShardWriter, crops_folder, shard_key, shard_name

_NOT_IN_JSON = frozenset({"crops", "mesh", "embedding"})


@dataclass(frozen=True, slots=True)
class EncodedCrop:
    """One crop of a face, encoded, not yet in a shard.

    Attributes:
        spec: alignment and size.
        data: the file's content.
        format: as `facewright.record.Crop.format`.
        extension: of the file, without the dot.
        outside: share of the crop outside of the photo, or None.
        quad: 8 numbers, see `facewright.record.Crop`, or None.
        was_aligned: the photo was this crop already and is kept as it is.
        near_hash: of its pixels, where it is the face's main crop and they were at hand.
    """

    spec: CropSpec
    data: bytes
    format: str
    extension: str
    outside: float | None
    quad: list[float] | None
    was_aligned: bool = False
    near_hash: str | None = None


@dataclass(slots=True)
class MadeFaces:
    """Faces of a batch: their table (crops still empty) and the encoded crops of each."""

    table: pa.Table
    crops: list[list[EncodedCrop]]


class ChunkShards:
    """One tar an alignment and size, and the tables of the faces whose crops went into them.

    A context manager: the tars take their names when the block ends without an error.

    Args:
        root: the dataset's folder.
        chunk: number of the chunk.
        specs: shards to have even if no crop comes; others are opened when first needed.
    """

    def __init__(self, root: Path, chunk: int, specs: Iterable[CropSpec] = ()) -> None:
        self._root = root
        self._chunk = chunk
        self._files = ExitStack()
        self._writers: dict[str, ShardWriter] = {}
        self._specs = list(specs)
        self.tables: list[pa.Table] = []

    def __enter__(self) -> Self:
        self._files.__enter__()
        for spec in self._specs:
            self._writer(spec)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            for writer in self._writers.values():
                writer.close()
        self._files.__exit__(kind, error, trace)

    def add(self, made: MadeFaces) -> None:
        """Append the crops and their records; note where they lie."""
        light = made.table.select([n for n in made.table.column_names if n not in _NOT_IN_JSON])
        rows: Sequence[dict[str, Any]] = [{}] * len(made.crops)
        if any(made.crops):
            rows = record_rows(light, Record)
        places = [
            [self._add_one(row, crop) for crop in crops]
            for row, crops in zip(rows, made.crops, strict=True)
        ]
        for writer in self._writers.values():
            writer.flush()
        at = made.table.schema.get_field_index("crops")
        field = made.table.schema.field(at)
        self.tables.append(made.table.set_column(at, field, pa.array(places, field.type)))

    def _add_one(self, row: dict[str, Any], crop: EncodedCrop) -> dict[str, Any]:
        key, writer = shard_key(row["face_id"]), self._writer(crop.spec)
        offset, length = writer.add(f"{key}.{crop.extension}", crop.data)
        what = {
            "alignment": crop.spec.alignment,
            "size": crop.spec.size,
            "format": crop.format,
            "outside": crop.outside,
            "quad": crop.quad,
        }
        rounded = crop.quad and [round(v, 2) for v in crop.quad]
        text = dumps({**row, "crop": {**what, "quad": rounded}})
        writer.add(f"{key}.json", text.encode())
        shard = f"crops/{_folder(crop.spec)}/{shard_name(self._chunk)}"
        return {**what, "shard": shard, "offset": offset, "length": length}

    def _writer(self, spec: CropSpec) -> ShardWriter:
        name = _folder(spec)
        if name not in self._writers:
            folder = crops_folder(self._root, name)
            make_folder(folder)
            file = self._files.enter_context(atomic_file(folder / shard_name(self._chunk)))
            self._writers[name] = ShardWriter(file)
        return self._writers[name]


def _folder(spec: CropSpec) -> str:
    """Imported pictures of many sizes share one folder."""
    return ORIGINAL if spec.alignment == ORIGINAL else spec.slug
