"""FaceTable: rows of faces to count, from a dataset or from a bare table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facewright.attributes.attribute import UNKNOWN, Attribute
from facewright.attributes.columns import Spread, generic, leaves_of, spread_of, spread_sql
from facewright.attributes.known import ATTRIBUTES
from facewright.errors import UsageError
from facewright.record import Record
from facewright.store.database import connect
from facewright.store.dataset import Dataset
from facewright.store.tables import HEAVY

_COUNTABLE = ("text", "number", "flag")
_OURS = {*Record.model_fields, "place", "photo"}
"""Columns of which the attributes that we know say what is to be counted."""


@dataclass(frozen=True, eq=False, slots=True)
class Coded:
    """An attribute's value of every face, as a number of a level.

    Attributes:
        attribute: which.
        levels: keys, in order; those of the attribute's own that no face has are there too.
        codes: (N,) int32, index into `levels`; -1 where the value is not known.
    """

    attribute: Attribute
    levels: tuple[str, ...]
    codes: NDArray[np.int32]

    @property
    def counts(self) -> NDArray[np.int64]:
        """(L,) faces of each level; unknown ones are not among them."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.levels))

    @property
    def unknown(self) -> int:
        """Faces of which the value is not known."""
        return int((self.codes < 0).sum())


class FaceTable:
    """Faces as rows, whichever way they were made.

    Args:
        name: for people.
        faces: one row a face, with a column `face_id`; or a dataset, whose faces are read from
            its files when asked for.
        photos: rows of their photos; a bare table may have none.
    """

    def __init__(
        self, name: str, faces: pa.Table | Dataset, photos: pa.Table | None = None
    ) -> None:
        self.name = name
        self.dataset = faces if isinstance(faces, Dataset) else None
        self._faces = None if isinstance(faces, Dataset) else _light(faces)
        self._photos = photos

    @classmethod
    def of(cls, dataset: Dataset) -> FaceTable:
        """The faces that a dataset shows, in its order."""
        return cls(dataset.root.resolve().name, dataset)

    def __len__(self) -> int:
        shown = self.dataset if self._faces is None else self._faces
        return len(shown) if shown is not None else 0

    def take(self, rows: NDArray[np.int64]) -> FaceTable:
        """These rows in this order; repeats are allowed."""
        if self.dataset is not None:
            ids = self.face_ids
            return FaceTable(self.name, self.dataset.select([ids[row] for row in rows.tolist()]))
        assert self._faces is not None
        return FaceTable(self.name, self._faces.take(pa.array(rows)), self._photos)

    @cached_property
    def face_ids(self) -> list[str]:
        """Ids of the faces, in order."""
        ids: list[str] = (
            self.query("SELECT face_id FROM faces ORDER BY place").column(0).to_pylist()
        )
        return ids

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """Answer of DuckDB over the views `faces` (with `place`, the row from 0 on) and `photos`.

        Raises:
            UsageError: DuckDB cannot answer.
        """
        with self._connected() as db:
            try:
                return db.sql(sql, params=list(parameters)).to_arrow_table()
            except duckdb.Error as error:
                raise UsageError(f"{self.name}: {str(error).splitlines()[0]}") from error

    def where(self, condition: str) -> NDArray[np.int64]:
        """Rows (from 0 on) for which an SQL condition over the faces' columns holds.

        Raises:
            UsageError: DuckDB cannot read the condition.
        """
        found = self.query(f"SELECT place FROM faces WHERE ({condition}\n) ORDER BY place")  # noqa: S608 - the caller's
        rows: NDArray[np.int64] = found.column("place").to_numpy()
        return rows

    def numbers(self, expression: str) -> NDArray[np.float64]:
        """(N,) values of an SQL number; NaN where there is none.

        Raises:
            UsageError: DuckDB cannot read the expression.
        """
        found = self.query(f"SELECT ({expression})::DOUBLE AS x FROM faces ORDER BY place")  # noqa: S608 - the caller's
        values: NDArray[np.float64] = found.column("x").to_numpy().astype(np.float64)
        return values

    # -- attributes ---------------------------------------------------------------------

    @cached_property
    def leaves(self) -> dict[str, str]:
        """Dotted leaf name to its kind: text, number, flag, list or other; photos' as `photo.`."""
        with self._connected() as db:
            faces = db.sql("SELECT * FROM faces LIMIT 0").to_arrow_table().schema
            photos = db.sql("SELECT * FROM photos LIMIT 0").to_arrow_table().schema
        found = dict(leaves_of(faces))
        return found | {f"photo.{name}": kind for name, kind in leaves_of(photos)}

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """Attributes of these faces by name: those of the Record, then columns of the user's."""
        known = {each.name: each for each in ATTRIBUTES if self._has(each)}
        rest = {
            leaf: kind
            for leaf, kind in self.leaves.items()
            if kind in _COUNTABLE and leaf.split(".")[0] not in _OURS and leaf not in known
        }
        spreads = self._spreads([leaf for leaf, kind in rest.items() if kind == "number"])
        return known | {leaf: generic(leaf, kind, spreads.get(leaf)) for leaf, kind in rest.items()}

    def attribute(self, name: str) -> Attribute:
        """An attribute by its name, or by that of any column.

        Raises:
            UsageError: the table does not have it; the message names those that are near.
        """
        if name in self.attributes:
            return self.attributes[name]
        if (kind := self.leaves.get(name)) in _COUNTABLE:
            return generic(name, kind, self._spreads([name] if kind == "number" else []).get(name))
        near = get_close_matches(name, self.attributes, n=5, cutoff=0.5) or list(self.attributes)
        raise UsageError(f"{self.name} has no attribute '{name}'; it has {', '.join(near[:40])}")

    def coded(self, attributes: Sequence[Attribute]) -> list[Coded]:
        """Values of several attributes, in one pass over the table.

        Raises:
            UsageError: an attribute's expression does not fit this table.
        """
        if not attributes:
            return []
        columns = ", ".join(
            f"({each.expression})::VARCHAR AS c{n}" for n, each in enumerate(attributes)
        )
        joined = any(each.of_photo for each in attributes)
        source = "faces LEFT JOIN photos AS photo USING (photo_id)" if joined else "faces"
        found = self.query(f"SELECT {columns} FROM {source} ORDER BY place")  # noqa: S608 - own names
        return [_coded(each, found.column(n)) for n, each in enumerate(attributes)]

    # -- inner works --------------------------------------------------------------------

    def _spreads(self, leaves: Sequence[str]) -> dict[str, Spread]:
        """How numbers lie, those of faces and those of photos in one query each."""
        found: dict[str, Spread] = {}
        for source, prefix in (("faces", ""), ("photos AS photo", "photo.")):
            own = [leaf for leaf in leaves if leaf.startswith("photo.") == bool(prefix)]
            if own:
                row = self.query(f"SELECT {', '.join(map(spread_sql, own))} FROM {source}")  # noqa: S608 - own names
                answers = [column[0].as_py() for column in row.columns]
                spreads = zip(own, map(spread_of, answers), strict=True)
                found |= {leaf: spread for leaf, spread in spreads if spread is not None}
        return found

    def _has(self, attribute: Attribute) -> bool:
        return all(
            leaf in self.leaves and wanted in ("any", self.leaves[leaf])
            for leaf, wanted in attribute.needs.items()
        )

    @contextmanager
    def _connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if self.dataset is not None:
            with self.dataset.connect(whole=False) as db:
                yield db
            return
        with connect() as db:
            assert self._faces is not None
            numbered = self._faces.append_column("place", pa.array(np.arange(len(self._faces))))
            db.register("faces", numbered)
            none = pa.table({"photo_id": pa.array([], pa.string())})
            db.register("photos", none if self._photos is None else self._photos)
            yield db


def _light(faces: pa.Table) -> pa.Table:
    """Without the long columns, which nothing counts and DuckDB cannot all read."""
    return faces.drop_columns([name for name in HEAVY if name in faces.column_names])


def _coded(attribute: Attribute, column: pa.ChunkedArray) -> Coded:
    encoded = column.combine_chunks().dictionary_encode()
    found = encoded.dictionary.to_pylist()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    own = tuple(attribute.levels or ())
    if attribute.levels is None:
        often = np.bincount(codes[codes >= 0], minlength=len(found))
        rest = [found[n] for n in np.lexsort((np.array(found, dtype=str), -often))]
    else:  # a level that the attribute does not expect is shown, not lost
        rest = sorted(set(found) - set(own))
    levels = own + tuple(key for key in rest if key != UNKNOWN)
    at = {key: n for n, key in enumerate(levels)}
    lookup = np.array([*(at.get(key, -1) for key in found), -1], np.int32)
    return Coded(attribute, levels, lookup[codes])
