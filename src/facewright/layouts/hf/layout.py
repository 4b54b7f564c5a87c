"""hf: Parquet and a card, as `datasets.load_dataset` and the Hugging Face hub take them.

    README.md                      YAML header: configs, dataset_info, license, tags
    data/train-00000.parquet       image {bytes, path}, crop, photo, and a column a field

Read are such folders of anybody's making: `hf_reading`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from facewright.layouts.common.faces_written import WrittenFace, written_faces
from facewright.layouts.common.record_values import leaf_names
from facewright.layouts.hf.card import Written, card
from facewright.layouts.hf.features import IMAGE, with_features
from facewright.layouts.hf.read import parquet_names, read_parquet
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree
from facewright.record import Crop, Photo
from facewright.schema import arrow_schema

ROWS: Final = 100
"""Of a row group: the hub's viewer wants to show some without reading all."""

BYTES: Final = 128 << 20
"""A file is closed once its pictures are so many bytes: it is built in memory."""

_PICTURE: Final = "image.bytes"
_PAGE_ROWS: Final = 8
_PLACE: Final = ("alignment", "size", "format", "outside", "quad")
_REASONS: Final = pa.list_(pa.struct([("field", pa.string()), ("reason", pa.string())]))


@dataclass(frozen=True, slots=True)
class HuggingFace:
    """The layout of Parquet with Image features."""

    name: str = "hf"
    summary: str = "Parquet with an Image column and a card, for Hugging Face datasets"

    def recognises(self, tree: Tree) -> bool:
        """Whether there are Parquet files that are not a dataset's own."""
        return bool(parquet_names(tree)) and "dataset.json" not in tree and not tree.pictures()

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """Photos in the order in which their last faces come."""
        return read_parquet(tree)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """The Parquet files, then the card."""
        table = export.dataset.table()
        schema = _schema(table.schema)
        names: list[str] = []
        file, held, in_memory, on_disk, number = _File(schema), 0, 0, 0, 0
        faces = written_faces(export)
        while batch := list(islice(faces, ROWS)):
            rows = _rows(table.slice(len(names), len(batch)), batch, schema)
            if held and held + rows.nbytes > BYTES:
                on_disk += file.write(sink, number)
                file, held, number = _File(schema), 0, number + 1
            start = file.rows
            file.add(rows)
            held, in_memory = held + rows.nbytes, in_memory + rows.nbytes
            names += [f"{_path(number)}#{start + n}" for n in range(len(batch))]
        on_disk += file.write(sink, number)
        shown = set(table.column("photo_id").to_pylist())
        photos = [photo for key, photo in export.photos.items() if key in shown]
        written = Written(len(names), in_memory, on_disk, schema)
        sink.write("README.md", card(export.dataset.root.name, written, photos).encode())
        return names


class _File:
    """A Parquet file in the making."""

    def __init__(self, schema: pa.Schema) -> None:
        self.rows = 0
        self._buffer = io.BytesIO()
        others = [leaf for leaf in _leaves(schema) if leaf != _PICTURE]
        # Pictures are compressed already, and a page of few of them takes little memory to read;
        # a page index lets readers skip to a row.
        self._writer = pq.ParquetWriter(
            self._buffer,
            schema,
            compression={_PICTURE: "none"} | dict.fromkeys(others, "zstd"),
            use_dictionary=others,
            write_batch_size=_PAGE_ROWS,
            write_page_index=True,
        )

    def add(self, rows: pa.Table) -> None:
        """Keep rows for the next file."""
        self._writer.write_table(rows)
        self.rows += rows.num_rows

    def write(self, sink: Sink, number: int) -> int:
        """Write what is kept as file `number`; bytes written."""
        self._writer.close()
        content = self._buffer.getbuffer()
        sink.write(_path(number), content)
        return len(content)


def _leaves(schema: pa.Schema) -> list[str]:
    """Paths of the columns as Parquet names them, lists' elements and structs' fields apart."""
    empty = io.BytesIO()
    pq.write_table(schema.empty_table(), empty)
    found = pq.read_metadata(empty).schema
    return [found.column(n).path for n in range(len(found))]


def _path(number: int) -> str:
    return f"data/train-{number:05d}.parquet"


def _schema(faces: pa.Schema) -> pa.Schema:
    fields = [pa.field("image", IMAGE), pa.field("crop", _struct(Crop, _PLACE))]
    fields.append(pa.field("photo", _struct(Photo, leaf_names(Photo))))
    for field in faces:
        if field.name == "null_reasons":
            fields.append(pa.field("null_reasons", _REASONS))
        elif field.name != "crops":
            fields.append(pa.field(field.name, field.type))
    return with_features(pa.schema(fields))


def _struct(model: Any, names: tuple[str, ...]) -> pa.DataType:
    schema = arrow_schema(model)
    return pa.struct([pa.field(name, schema.field(name).type) for name in names])


def _rows(table: pa.Table, faces: list[WrittenFace], schema: pa.Schema) -> pa.Table:
    """A row group: the faces' own columns, and what goes with their pictures."""
    reasons = table.column("null_reasons").to_pylist(maps_as_pydicts="strict")
    made: dict[str, list[Any]] = {
        "image": [_image(face) for face in faces],
        "crop": [face.record["crop"] for face in faces],
        "photo": [face.record["photo"] for face in faces],
        "null_reasons": [
            [{"field": name, "reason": reason} for name, reason in (row or {}).items()]
            for row in reasons
        ],
    }
    columns = [
        pa.array(made[field.name], field.type) if field.name in made else table.column(field.name)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _image(face: WrittenFace) -> dict[str, Any]:
    assert face.picture is not None
    return {"bytes": bytes(face.picture.data), "path": face.file}


HF = HuggingFace()
