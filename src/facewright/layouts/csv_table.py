"""csv: one table of all records, and the pictures.

    records.csv    one row a face: file, face_id, photo_id, ..., head_pose.yaw, ...
    images/        the pictures that `file` names; faces without a picture have none there

Columns are the Record's leaves by dotted name, then `crop.` for the picture's place and `photo.`
for the photo's row. An empty cell is null. Lists (points, accessories, hair colours) and maps are
JSON; the mesh and the embedding are left to the sidecar. Quotes and line ends are RFC 4180's.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.errors import LayoutError
from facewright.layouts.common.faces_read import Photos, ReadFace, describe, fallback_id
from facewright.layouts.common.faces_written import WrittenFace, written_faces
from facewright.layouts.common.record_values import flattened, leaf_kind, leaf_names, nested
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sidecar import DESCRIPTIONS
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree, parse_json
from facewright.record import Photo
from facewright.sources.base import escapes

TABLE: Final = "records.csv"
_FILES: Final = ("file", "file_name", "filename", "image", "path")
_CROP: Final = ("alignment", "size", "format", "outside", "quad")
_LONGEST: Final = 1 << 24  # characters of a cell


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The layout of one table and a folder of pictures."""

    name: str = "csv"
    summary: str = "one row a face by dotted names (records.csv), and images/"

    def recognises(self, tree: Tree) -> bool:
        """Whether the table is there."""
        return TABLE in tree

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """Photos in the order of their first rows."""
        table = _table_of(tree)
        groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
        for number, cells in _rows(tree, table):
            if isinstance(cells, str):
                where = f"{table}:{number}"
                yield PhotoItem(where, where, problem=("bad_entry", f"{where}: {cells}"))
                continue
            groups.setdefault(cells.get("photo_id") or f"{number}\0", []).append((number, cells))
        photos, names = Photos(), set[str]()
        for group in groups.values():
            faces = [_face(tree, table, number, cells, names) for number, cells in group]
            yield from photos.items(face for face in faces if isinstance(face, ReadFace))
            yield from (face for face in faces if isinstance(face, PhotoItem))

    def write(self, export: Export, sink: Sink) -> list[str]:
        """The pictures, then the table."""
        columns = _columns(export)
        text = io.StringIO(newline="")
        table = csv.writer(text, lineterminator="\r\n")
        table.writerow(columns)
        names = []
        for face in written_faces(export, bare=True):
            file = None if face.picture is None else f"images/{face.file}"
            if face.picture is not None and file is not None:
                sink.write(file, face.picture.data)
            names.append(file or face.stem)
            cells = _cells(face, file)
            table.writerow([_cell(cells.get(column)) for column in columns])
        sink.write(TABLE, text.getvalue().encode())
        return names


def _columns(export: Export) -> list[str]:
    """Header: the same for every export, but for columns of user-made annotators."""
    known = [name for name in leaf_names() if name not in {"mesh", "embedding"}]
    tops = {name.split(".")[0] for name in known} | {"origin", "crops"}
    own = [n for n in export.dataset.faces.column_names if n not in tops and n not in _IDS]
    crop = [f"crop.{name}" for name in _CROP]
    photo = [f"photo.{name}" for name in leaf_names(Photo)]
    return ["file", "name", *_IDS, *known, *own, *_ORIGIN, *crop, *photo]


_IDS: Final = ("face_id", "photo_id", "index", "kept", "reasons")
_ORIGIN: Final = ("origin.layout", "origin.name", "origin.extra")


def _cells(face: WrittenFace, file: str | None) -> dict[str, Any]:
    """Cells of one row by column; maps and user-made columns are JSON as wholes."""
    whole = {"null_reasons": face.record.get("null_reasons") or None}
    cells = dict(flattened({n: v for n, v in face.record.items() if n not in whole}))
    own = {n: v for n, v in face.record.items() if n not in whole and isinstance(v, dict)}
    return {"file": file, "name": face.stem, **own, **whole, **cells}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _table_of(tree: Tree) -> str:
    if TABLE in tree:
        return TABLE
    at_top = (name for name in tree.names if "/" not in name and name not in DESCRIPTIONS)
    tables = [name for name in at_top if name.endswith(".csv")]
    if len(tables) != 1:
        raise LayoutError(
            f"{tree.path} has no {TABLE}, and {len(tables)} other tables at its top; name one so"
        )
    return tables[0]


def _rows(tree: Tree, table: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Rows with their lines' numbers: cells that are not empty by column, or what is wrong."""
    csv.field_size_limit(_LONGEST)  # for the whole process: the module knows no other way
    reader = csv.reader(io.StringIO(tree.text(table), newline=""), strict=True)
    try:
        header = next(reader, [])
        twice = {name for name in header if header.count(name) > 1}
        if not header or twice:
            what = f"has the column '{min(twice)}' twice" if twice else "is empty"
            raise LayoutError(f"{table} in {tree.path} {what}")
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                yield reader.line_num, f"{len(row)} cells for {len(header)} columns"
            else:
                cells = zip(header, row, strict=True)
                yield reader.line_num, {name: cell for name, cell in cells if cell}
    except csv.Error as error:
        raise LayoutError(f"{table} in {tree.path}, line {reader.line_num}: {error}") from error


def _face(
    tree: Tree, table: str, number: int, cells: Mapping[str, str], names: set[str]
) -> ReadFace | PhotoItem:
    where = f"{table}:{number}"
    column = next((name for name in _FILES if name in cells), None)
    file = cells[column] if column else None
    if file is not None and escapes(file):
        return PhotoItem(where, where, problem=("escapes", f"{where}: '{column}' is {file}"))
    path = _path(tree, file)
    name = path or cells.get("name") or where
    picture = tree.picture(path) if path else None
    fallback = fallback_id(path.removeprefix("images/")) if path else name
    rest = {n: cell for n, cell in cells.items() if n not in (column, "name")}
    if name in names:
        return PhotoItem(where, where, problem=("bad_entry", f"{where}: {name} comes twice"))
    names.add(name)
    try:
        return ReadFace(name, fallback, picture, describe(nested(_typed(rest))))
    except ValueError as error:
        return PhotoItem(where, where, problem=("bad_entry", f"{where}: {error}"))


def _path(tree: Tree, file: str | None) -> str | None:
    if file is None:
        return None
    path = str(PurePosixPath(file.replace("\\", "/")))
    below = f"images/{path}"
    return below if path not in tree and below in tree else path


def _typed(cells: Mapping[str, str]) -> dict[str, Any]:
    """Cells as their columns' definitions have them; unknown columns and misfits stay text."""
    kinds = _kinds()
    return {name: _value(cell, kinds.get(name, "text")) for name, cell in cells.items()}


def _value(cell: str, kind: str) -> Any:
    if kind == "text":
        return cell
    try:
        return parse_json(cell.lower() if kind == "bool" else cell)
    except (ValueError, RecursionError):
        return cell


@cache
def _kinds() -> dict[str, str]:
    """What each column that we write holds."""
    photo = {f"photo.{name}": leaf_kind(name, Photo) for name in leaf_names(Photo)}
    crop = {"crop.size": "int", "crop.outside": "float", "crop.quad": "list"}
    ids = {"index": "int", "kept": "bool", "reasons": "list"}
    return {**{name: leaf_kind(name) for name in leaf_names()}, **photo, **crop, **ids}


CSV = CsvTable()
