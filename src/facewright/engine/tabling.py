"""Open anything that has faces in rows: a dataset, a published layout, or a bare table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from facewright.attributes.face_table import FaceTable
from facewright.engine.collecting import collecting_later
from facewright.engine.import_cameras import complete_cameras
from facewright.engine.import_rows import ImportRows, ImportSettings, add_item
from facewright.engine.import_tables import photos_table, sound_faces_table
from facewright.engine.importing import recognise
from facewright.errors import DatasetError, LayoutError, UsageError
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.tree import Tree
from facewright.limits import Limits
from facewright.store.database import connect
from facewright.store.dataset import Dataset
from facewright.store.manifest import NAME
from facewright.store.selection import Selection
from facewright.store.tables import HEAVY

_CHUNK: Final = 4096
"""Photos whose rows are held as Python objects at once."""

_Reader = Callable[[duckdb.DuckDBPyConnection, str], duckdb.DuckDBPyRelation]
_READERS: dict[str, _Reader] = {
    ".csv": lambda db, path: db.read_csv(path),
    ".tsv": lambda db, path: db.read_csv(path, sep="\t"),
    ".parquet": lambda db, path: db.read_parquet(path),
    ".jsonl": lambda db, path: db.read_json(path, format="newline_delimited"),
    ".ndjson": lambda db, path: db.read_json(path, format="newline_delimited"),
}


def open_table(
    path: str | Path, *, where: str | None = None, select: Path | None = None
) -> FaceTable:
    """Faces of a dataset's folder, of a published layout, or of a CSV, Parquet or JSONL file.

    A layout is read without its pictures. The columns of a bare file keep their names; those of
    the Record, dotted ("head_pose.yaw"), become what they are there.

    Args:
        path: folder, archive or file.
        where: keep the faces for which this SQL condition holds.
        select: a Selection's file: keep its faces, in its order, as often as it names them.

    Raises:
        UsageError: it is nothing of the kind, the condition cannot be read, or the selection
            names a face that is not there.
        DatasetError, LayoutError: it is broken.
    """
    found = Path(path)
    if (found / NAME).exists():
        dataset = Dataset.open(found)
        if select is not None:
            dataset = dataset.select(Selection.load(select).face_ids)
        return FaceTable.of(dataset.where(where) if where else dataset)
    table = _of_file(found) if found.suffix.lower() in _READERS else _of_layout(found)
    return _part(table, where, select)


def _of_layout(path: Path) -> FaceTable:
    faces, photos = [], []
    with collecting_later():
        tree = Tree(path)
        chosen = recognise(tree)
        read = iter(chosen.read(tree))
        while items := list(islice(read, _CHUNK)):
            parts = _tables(items, chosen.name)
            faces.append(parts[0])
            photos.append(parts[1])
    if not sum(map(len, faces)):
        details = (text.as_py() for part in photos for text in part.column("detail"))
        why = next((f": {detail}" for detail in details if detail), "")
        raise LayoutError(f"there is no face in {path} that {chosen.name} could read{why}")
    joined = pa.concat_tables(faces, promote_options="default")
    return FaceTable(path.name, joined, pa.concat_tables(photos))


def _tables(items: Sequence[PhotoItem], layout: str) -> tuple[pa.Table, pa.Table]:
    """Faces and photos of some items, without the long columns that nothing states."""
    rows = ImportRows()
    settings = ImportSettings(layout, Limits())
    for item in items:
        add_item(rows, _without_pictures(item), settings, new=True)
    complete_cameras(rows)
    faces = sound_faces_table(rows, layout, None, None)
    silent = [name for name in HEAVY if faces.column(name).null_count == len(faces)]
    return faces.drop_columns(silent), photos_table(rows, None)


def _without_pictures(item: PhotoItem) -> PhotoItem:
    if item.picture is None and not any(face.crops for face in item.faces):
        return item
    bare = tuple(replace(face, crops=()) for face in item.faces)
    return replace(item, picture=None, faces=bare)


def _of_file(path: Path) -> FaceTable:
    with connect() as db:
        try:
            table = _READERS[path.suffix.lower()](db, str(path)).to_arrow_table()
        except (duckdb.Error, OSError) as error:
            raise DatasetError(f"{path}: {str(error).splitlines()[0]}") from error
    if not len(table):
        raise DatasetError(f"{path} has no rows")
    return FaceTable(path.name, _nested(_identified(table)), _photos_of(table))


def _identified(table: pa.Table) -> pa.Table:
    """With a column face_id: the first of the columns that name rows uniquely, else numbers."""
    for name in ("face_id", "id", "file", "filename", "image", "path", "name"):
        if name in table.column_names:
            ids = table.column(name).cast(pa.string())
            if not ids.null_count and len(ids.unique()) == len(ids):
                rest = table.drop_columns(["face_id"]) if "face_id" in table.column_names else table
                return rest.append_column("face_id", ids)
    if "face_id" in table.column_names:
        raise DatasetError("a face_id of the table is empty, or occurs twice")
    return table.append_column("face_id", pa.array(map(str, range(len(table))), pa.string()))


def _nested(table: pa.Table) -> pa.Table:
    """Dotted columns as structs, as in the Record."""
    dotted: dict[str, dict[str, pa.ChunkedArray]] = {}
    plain: dict[str, pa.ChunkedArray] = {}
    for name in table.column_names:
        first, _, rest = name.partition(".")
        column = table.column(name)
        if not rest:
            plain[name] = column
        elif first != "photo":
            dotted.setdefault(first, {})[rest] = column
    structs = {
        name: pa.StructArray.from_arrays(
            [column.combine_chunks() for column in fields.values()], names=list(fields)
        )
        for name, fields in dotted.items()
        if name not in plain
    }
    return pa.table({**plain, **structs})


def _photos_of(table: pa.Table) -> pa.Table | None:
    """A row a photo from the columns `photo.`; None where photos are not told apart."""
    own = [name for name in table.column_names if name.startswith("photo.")]
    if not own or "photo_id" not in table.column_names:
        return None
    grouped = table.group_by("photo_id", use_threads=False).aggregate(
        [(name, "first") for name in own]
    )
    names = {f"{name}_first": name.removeprefix("photo.") for name in own}
    return grouped.rename_columns([names.get(name, name) for name in grouped.column_names])


def _part(table: FaceTable, where: str | None, select: Path | None) -> FaceTable:
    """The rows that a selection names and for which a condition holds."""
    rows = np.arange(len(table))
    if select is not None:
        at = {face_id: row for row, face_id in enumerate(table.face_ids)}
        chosen = Selection.load(select).face_ids
        missing = next((face_id for face_id in chosen if face_id not in at), None)
        if missing is not None:
            raise UsageError(f"{select}: no face {missing!r} in {table.name}")
        rows = np.array([at[face_id] for face_id in chosen], np.int64)
    if where is not None:
        rows = rows[np.isin(rows, table.where(where))]
    return table.take(rows) if where is not None or select is not None else table
