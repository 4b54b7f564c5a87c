"""Dataset: a folder of photographs' faces, opened for reading."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facewright.errors import DatasetError, UsageError
from facewright.record import Photo, Record
from facewright.schema import arrow_schema
from facewright.store.crop_index import CropIndex, Place
from facewright.store.database import connect
from facewright.store.faces import Faces
from facewright.store.image import EncodedImage
from facewright.store.jsonrecord import record_rows
from facewright.store.manifest import Manifest
from facewright.store.tables import HEAVY, open_part, parts, read_part

if TYPE_CHECKING:
    from facewright.store.torch_faces import TorchFaces


_OPEN_SHARDS = 128  # each keeps a file open, and systems allow about a thousand


class Dataset:
    """Faces of a dataset in the order they were made, or a part of them (`where`, `select`).

    Opening reads the manifest only; tables and shards are read when first used. Faces that
    rules dropped are left out unless asked for.
    """

    def __init__(self, root: Path, manifest: Manifest, *, dropped: bool = False) -> None:
        self.root = root
        self.manifest = manifest
        self._dropped = dropped
        self._chosen: NDArray[np.int64] | None = None
        self._shards: dict[str, mmap.mmap] = {}

    @classmethod
    def open(cls, path: str | Path, *, dropped: bool = False) -> Dataset:
        """Open a dataset's folder; one that is still being built shows what is committed.

        Args:
            path: the folder.
            dropped: include the faces that rules dropped.

        Raises:
            DatasetError: the folder is not a dataset, or is broken.
        """
        root = Path(path)
        return cls(root, Manifest.load(root), dropped=dropped)

    def __reduce__(self) -> tuple[Callable[..., Dataset], tuple[Any, ...]]:
        """Travel to another process without open files."""
        return (_reopen, (self.root, self._dropped, self._chosen))

    # -- tables -------------------------------------------------------------------------

    @cached_property
    def faces(self) -> Faces:
        """Records of the faces without the long columns (points, blendshapes, embedding)."""
        return Faces(self.table([n for n in self._schema.names if n not in HEAVY]))

    @cached_property
    def photos(self) -> Faces:
        """The photo table: every photo, used or excluded, with its provenance."""
        empty = arrow_schema(Photo).empty_table()
        tables = [read_part(path) for path in parts(self.root, "photos")]
        return Faces(pa.concat_tables([empty, *tables], promote_options="default"))

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Arrow table of these faces, one row a face.

        Args:
            columns: names of top-level columns; None for all, the long ones included.
        """
        names = list(columns) if columns is not None else self._schema.names
        unknown = set(names) - set(self._schema.names)
        if unknown:
            raise UsageError(
                f"no column {', '.join(sorted(unknown))} in {self.root};"
                f" there are: {', '.join(self._schema.names)}"
            )
        if columns is None and "faces" in vars(self):
            return self._with_long_columns(self.faces.arrow)
        tables = [read_part(path, names) for path in self._face_parts]
        whole = pa.concat_tables(tables) if tables else self._schema.empty_table().select(names)
        return whole if self._is_all else whole.take(pa.array(self._rows))

    def _with_long_columns(self, short: pa.Table) -> pa.Table:
        """All columns, without reading again those that were read."""
        long = self.table([name for name in self._schema.names if name in HEAVY])
        held = {name: each.column(name) for each in (short, long) for name in each.column_names}
        return pa.table([held[name] for name in self._schema.names], self._schema)

    @cached_property
    def embeddings(self) -> NDArray[np.float16]:
        """(len, 1024) float16; a face without one is a row of NaN."""
        column = self.table(["embedding"]).column("embedding").combine_chunks()
        width = column.type.list_size
        values = pc.fill_null(column.flatten(), np.float16(np.nan)) if column.null_count else None
        if values is None:
            flat: NDArray[np.float16] = column.flatten().to_numpy().reshape(-1, width)
            return flat
        out = np.full((len(column), width), np.nan, np.float16)
        out[column.is_valid().to_numpy(zero_copy_only=False)] = values.to_numpy().reshape(-1, width)
        return out

    def where(self, condition: str) -> Dataset:
        """Faces for which an SQL condition over the record's columns holds, in order.

        Args:
            condition: as after SQL's WHERE, e.g. "age < 30 and sex = 'female'",
                "head_pose.yaw > 20", "confidence.sex > 0.9".

        Raises:
            UsageError: DuckDB cannot read the condition.
        """
        query = f"SELECT row FROM faces WHERE ({condition}\n) ORDER BY row"  # noqa: S608 - the caller's
        rows = self._query(query).column("row").to_numpy()
        return self._part(np.intersect1d(rows, self._rows) if self._is_part else rows)

    def select(self, face_ids: Sequence[str]) -> Dataset:
        """These faces in this order; repeats are allowed.

        Raises:
            UsageError: an id is not in this dataset.
        """
        try:
            return self._part(np.array([self._row_of[face_id] for face_id in face_ids], np.int64))
        except KeyError as error:
            raise UsageError(f"no face {error} in {self.root}") from None

    def query(self, sql: str) -> pa.Table:
        """Answer of DuckDB to an SQL query over the tables `faces` and `photos`.

        The tables are the whole dataset's, dropped faces included (column `kept`).

        Raises:
            UsageError: DuckDB cannot answer.
        """
        return self._query(sql)

    def connect(self, *, whole: bool = True) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection of one's own with the views `faces` and `photos`.

        Args:
            whole: every face of the dataset, dropped ones included, with `row`, its number from
                0 on; else the faces that this object shows, as often as it does, with
                `place`, their number in its order from 0 on.

        Raises:
            DatasetError: nothing is committed yet.
        """
        if not self._face_parts:
            raise DatasetError(f"{self.root} holds no committed part yet")
        db = connect()
        files = [str(path) for path in self._face_parts]
        db.register("part_starts", pa.table({"filename": files, "start": self._starts[:-1]}))
        db.read_parquet([str(p) for p in parts(self.root, "photos")]).create_view("photos")
        listing = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
        db.execute(
            "CREATE VIEW all_faces AS SELECT f.* EXCLUDE (filename, file_row_number),"  # noqa: S608 - quoted
            " start + file_row_number AS row"
            f" FROM read_parquet([{listing}], filename = true, file_row_number = true) f"
            " JOIN part_starts USING (filename)"
        )
        shown = "FROM all_faces"
        if not whole:
            rows = self._rows
            db.register("shown_rows", pa.table({"row": rows, "place": np.arange(len(rows))}))
            shown = "SELECT * EXCLUDE (row) FROM all_faces JOIN shown_rows USING (row)"
        db.execute(f"CREATE VIEW faces AS {shown}")
        return db

    # -- faces --------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._rows) if self._is_part else self._total

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Records in order, as plain data without the long columns."""
        table = self.faces.arrow
        for start in range(0, len(table), 256):
            yield from record_rows(table.slice(start, 256), Record)

    def __contains__(self, face_id: str) -> bool:
        return face_id in self._row_of

    def __repr__(self) -> str:
        return f"<Dataset {self.root} of {len(self)} faces>"

    @property
    def face_ids(self) -> list[str]:
        """Ids of the faces, in order."""
        ids: list[str] = self.faces.arrow.column("face_id").to_pylist()
        return ids

    def record(self, face_id: str) -> dict[str, Any]:
        """The whole record of one face as plain data, the long columns included.

        Raises:
            UsageError: no such face.
        """
        row = self.select([face_id])
        return record_rows(row.table(), Record)[0]

    def image(self, face_id: str, crop: str | None = None) -> EncodedImage:
        """One crop of a face.

        Args:
            face_id: the face.
            crop: alignment, as "ffhq-fast" or "ffhq-fast:1024"; None for the main one.

        Raises:
            UsageError: no such face, or no such crop of it.
            DatasetError: the shard is missing or shorter than the table says.
        """
        place = self._locate(face_id, crop)
        view = self._shards.get(place.shard)
        if view is None:
            if len(self._shards) >= _OPEN_SHARDS:
                del self._shards[next(iter(self._shards))]
            view = self._shards[place.shard] = self._open_shard(place.shard)
        end = place.offset + place.length
        if end > len(view):
            raise DatasetError(f"{self.root / place.shard} is shorter than the table says")
        return EncodedImage(memoryview(view)[place.offset : end])

    def to_torch(
        self,
        crop: str | None = None,
        transform: Callable[[Any], Any] | None = None,
        labels: Sequence[str] = (),
    ) -> TorchFaces:
        """A `torch.utils.data.Dataset` over these faces, safe in DataLoader workers.

        Args:
            crop: as for `image`.
            transform: applied to the uint8 (H, W, 3) RGB array; None gives a uint8 (3, H, W)
                tensor.
            labels: names of record columns, dotted for nested ones; each sample is then a
                (picture, dict of labels) pair.
        """
        from facewright.store.torch_faces import TorchFaces

        return TorchFaces(self, crop, transform, tuple(labels))

    # -- inner works --------------------------------------------------------------------

    @cached_property
    def _face_parts(self) -> list[Path]:
        return parts(self.root, "faces")

    @cached_property
    def _schema(self) -> pa.Schema:
        if not self._face_parts:
            return arrow_schema(Record)
        with open_part(self._face_parts[0]) as part:
            return part.schema_arrow

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """Row at which each part starts in the whole table, and the total at the end."""
        counts = [_rows_of(path) for path in self._face_parts]
        return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)

    @property
    def _total(self) -> int:
        return int(self._starts[-1])

    @property
    def _is_part(self) -> bool:
        return self._chosen is not None or not self._dropped

    @cached_property
    def _is_all(self) -> bool:
        """Whether every row of the tables is shown, once and in its place."""
        return not self._is_part or np.array_equal(self._rows, np.arange(self._total))

    @cached_property
    def _rows(self) -> NDArray[np.int64]:
        """Rows of the whole table that this dataset shows."""
        if self._chosen is not None:
            return self._chosen
        if self._dropped:
            return np.arange(self._total, dtype=np.int64)
        kept = [read_part(path, ["kept"]).column("kept") for path in self._face_parts]
        flags = [chunk.to_numpy(zero_copy_only=False) for column in kept for chunk in column.chunks]
        return np.flatnonzero(np.concatenate(flags)) if flags else np.zeros(0, np.int64)

    @cached_property
    def _row_of(self) -> dict[str, int]:
        ids = self.faces.arrow.column("face_id").to_pylist()
        return dict(zip(ids, self._rows.tolist(), strict=True))

    @cached_property
    def _crops(self) -> CropIndex:
        return CropIndex(self._face_parts)

    def _locate(self, face_id: str, crop: str | None) -> Place:
        row = self._row_of.get(face_id)
        if row is None:
            raise UsageError(f"no face {face_id!r} in {self.root}")
        places = self._crops.places(row)
        for place in places:
            if crop in (None, place.alignment, f"{place.alignment}:{place.size}"):
                return place
        have = ", ".join(f"{place.alignment}:{place.size}" for place in places) or "none"
        raise UsageError(f"face {face_id} has no crop {crop or ''}; it has: {have}")

    def _open_shard(self, shard: str) -> mmap.mmap:
        try:
            with (self.root / shard).open("rb") as file:
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise DatasetError(f"cannot open shard {self.root / shard}: {error}") from error

    def _part(self, rows: NDArray[np.int64]) -> Dataset:
        part = Dataset(self.root, self.manifest, dropped=self._dropped)
        part._chosen = rows
        part._shards = self._shards
        if "_crops" in self.__dict__:
            part._crops = self._crops
        return part

    def _query(self, sql: str) -> pa.Table:
        with self.connect() as db:
            try:
                answer = db.sql(sql)
                if answer is None:
                    raise UsageError("the query gives no rows; start it with SELECT or FROM")
                table = answer.to_arrow_table()
                return table.rename_columns(_unique(table.column_names))
            except duckdb.Error as error:
                raise UsageError(f"DuckDB: {str(error).splitlines()[0]}") from error


def _rows_of(path: Path) -> int:
    with open_part(path) as part:
        return int(part.metadata.num_rows)


def _unique(names: Sequence[str]) -> list[str]:
    """Names with the second `beard` called `beard_1`, so that rows can be dicts."""
    seen: set[str] = set()
    out = []
    for name in names:
        candidate, number = name, 0
        while candidate in seen:
            number += 1
            candidate = f"{name}_{number}"
        seen.add(candidate)
        out.append(candidate)
    return out


def _reopen(root: Path, dropped: bool, chosen: NDArray[np.int64] | None) -> Dataset:  # noqa: FBT001 - pickled
    dataset = Dataset.open(root, dropped=dropped)
    return dataset if chosen is None else dataset._part(chosen)  # noqa: SLF001 - its own
