"""Shelf: one opened dataset as the server holds it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facewright.attributes.attribute import Attribute
from facewright.attributes.known import ATTRIBUTES
from facewright.camera.angles import theta_phi
from facewright.errors import DatasetError
from facewright.server.catalogue.columns import Column, Floats
from facewright.server.catalogue.reading import (
    PartsReader,
    attributes_of,
    columns_from,
    queries,
    taken,
)
from facewright.store.crop_index import CropIndex
from facewright.store.manifest import Manifest
from facewright.store.tables import open_part, parts

SYNTHETIC: Final = Attribute(
    "synthetic",
    "Synthetic",
    "CASE WHEN photo.synthetic THEN 'yes' WHEN NOT photo.synthetic THEN 'no' END",
    {"no": "a photograph", "yes": "synthetic"},
    {"photo.synthetic": "flag"},
    of_photo=True,
    note="Unknown: nobody says whether the picture was made by a generator.",
)
DATASET: Final = Attribute("dataset", "Dataset", "NULL", None)
FLAGGED: Final = Attribute(
    "flagged",
    "Flagged",
    "'no'",
    {"no": "not flagged", "yes": "flagged"},
    note="Somebody said that something is wrong with it.",
)
_FACE: Final = {
    "face_id": "face_id",
    "photo_id": "photo_id",
    "kept": "kept",
    "file": "CASE WHEN file_row_number = 0 THEN filename END",
}
_ANGLES: Final = {"theta": "Camera angle theta", "phi": "Camera angle phi"}


@dataclass(frozen=True, eq=False, slots=True)
class Shelf:
    """One dataset's faces, those that rules kept, in their order.

    Attributes:
        name: as URLs spell it.
        root: its folder.
        manifest: its dataset.json.
        signature: changes when its content does.
        files: faces parts, in order.
        photo_files: photos parts, in order.
        starts: (P + 1,) row of the whole faces table at which each part begins.
        rows: (N,) row of each face in the whole faces table.
        face_ids: (N,).
        photo_starts: as `starts`, of the whole photos table.
        photo_ids: of the whole photos table.
        photo_rows: (N,) row of each face's photo in the whole photos table; -1 where it is not
            there.
        columns: attributes by name.
        crops: where pictures lie, by row of the whole faces table.
    """

    name: str
    root: Path
    manifest: Manifest
    signature: str
    files: tuple[Path, ...]
    photo_files: tuple[Path, ...]
    starts: NDArray[np.int64]
    rows: NDArray[np.int64]
    face_ids: pa.StringArray
    photo_starts: NDArray[np.int64]
    photo_ids: pa.StringArray
    photo_rows: NDArray[np.int32]
    columns: dict[str, Column]
    crops: CropIndex

    def __len__(self) -> int:
        return len(self.rows)


def signature_of(root: Path) -> str:
    """Changes when a part is committed or replaced, or the manifest is.

    Raises:
        DatasetError: a file is gone.
    """
    told = hashlib.blake2b(digest_size=12)
    try:
        for path in (root / "dataset.json", *parts(root, "faces"), *parts(root, "photos")):
            stat = path.stat()
            told.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    except OSError as error:
        raise DatasetError(f"{root} cannot be read: {error.strerror}") from error
    return told.hexdigest()


def open_shelf(root: Path, name: str) -> Shelf:
    """Read what the server holds of a dataset; one that is being built shows what is committed.

    Raises:
        DatasetError: the folder is not a dataset, or is broken.
    """
    manifest = Manifest.load(root)
    signature = signature_of(root)
    files, photo_files = tuple(parts(root, "faces")), tuple(parts(root, "photos"))
    if not files:
        return _empty(root, name, manifest, signature)
    faces, photos = _reader(files, "faces"), _reader(photo_files, "photo")
    attributes, of_photo = attributes_of(faces), _of_photo(photos)
    table = faces.read(_FACE | _camera(faces) | queries(attributes))
    photo_table = photos.read({"photo_id": "photo_id", "file": _FACE["file"]} | queries(of_photo))
    rows = np.flatnonzero(table.column("kept").to_numpy())
    photo_rows = pc.index_in(table.column("photo_id"), photo_table.column("photo_id"))
    photo_rows = pc.fill_null(photo_rows, -1).to_numpy()[rows]
    columns = columns_from(faces, attributes, table, rows)
    columns |= columns_from(photos, of_photo, photo_table, photo_rows.astype(np.int64))
    columns |= _angles(table, rows)
    columns["synthetic"] = _made(columns.get("synthetic"), manifest, len(rows))
    face_ids = table.column("face_id").combine_chunks()
    return Shelf(
        name,
        root,
        manifest,
        signature,
        files,
        photo_files,
        _starts(table.column("file"), files),
        rows,
        face_ids if len(rows) == len(face_ids) else face_ids.take(pa.array(rows)),
        _starts(photo_table.column("file"), photo_files),
        photo_table.column("photo_id").combine_chunks(),
        photo_rows.astype(np.int32),
        columns,
        CropIndex(files),
    )


def _reader(files: Sequence[Path], alias: str) -> PartsReader:
    with open_part(files[0]) as part:
        return PartsReader(files, alias, part.schema_arrow)


def _of_photo(photos: PartsReader) -> list[Attribute]:
    known = [each for each in (*ATTRIBUTES, SYNTHETIC) if each.of_photo]
    return [each for each in known if photos.has(each)]


def _starts(marks: pa.ChunkedArray, files: Sequence[Path]) -> NDArray[np.int64]:
    """Rows at which parts begin, from a column that names each file at its first row."""
    at = np.flatnonzero(marks.is_valid().to_numpy())
    begun = dict(zip(marks.take(pa.array(at)).to_pylist(), at.tolist(), strict=True))
    starts = [len(marks)]
    for path in reversed(files):  # a part without faces begins where the next does
        starts.append(begun.get(str(path), starts[-1]))
    return np.array(starts[::-1], np.int64)


def _camera(faces: PartsReader) -> dict[str, str]:
    """Where the camera stands: entries 3, 7 and 11 of the label; SQL counts from 1."""
    if faces.leaves.get("camera") != "list":
        return {}
    entries = zip("xyz", (4, 8, 12), strict=True)
    return {f"camera {axis}": f"camera[{n}]::FLOAT" for axis, n in entries}


def _angles(table: pa.Table, rows: NDArray[np.int64]) -> dict[str, Column]:
    """Camera angles theta and phi, in radians as LPFF counts them."""
    if "camera x" not in table.column_names or table.column("camera x").null_count == len(table):
        return {}
    position = np.stack([taken(table.column(f"camera {axis}"), rows) for axis in "xyz"], axis=-1)
    known = np.isfinite(position).all(axis=1)
    angles = np.full((len(rows), 2), np.nan, np.float32)
    angles[known] = theta_phi(position[known])
    return {
        name: _number(name, title, np.ascontiguousarray(angles[:, n]))
        for n, (name, title) in enumerate(_ANGLES.items())
    }


def _number(name: str, title: str, numbers: Floats) -> Column:
    """A number without levels."""
    attribute = Attribute(name, title, "NULL", {}, measure=name, unit="radians")
    return Column(attribute, (), np.zeros(len(numbers), np.uint8), numbers)


def _made(found: Column | None, manifest: Manifest, faces: int) -> Column:
    """Whether faces are synthetic, as the photos say or else the dataset does."""
    levels = tuple(SYNTHETIC.levels or ())
    unknown, yes = len(levels), levels.index("yes")
    codes = np.full(faces, unknown, np.uint8) if found is None else found.codes
    if manifest.generator is not None:
        codes = np.where(codes == unknown, np.uint8(yes), codes)
    return Column(SYNTHETIC, levels, codes)


def _empty(root: Path, name: str, manifest: Manifest, signature: str) -> Shelf:
    none, rows = pa.array([], pa.string()), np.zeros(0, np.int64)
    columns = {
        each.name: Column(
            each,
            tuple(each.levels or ()),
            np.zeros(0, np.uint8),
            None if each.measure is None else np.zeros(0, np.float32),
        )
        for each in (*ATTRIBUTES, SYNTHETIC)
    }
    return Shelf(
        name, root, manifest, signature, (), (), np.zeros(1, np.int64), rows,
        none, np.zeros(1, np.int64), none, rows.astype(np.int32), columns, CropIndex(()),
    )  # fmt: skip
