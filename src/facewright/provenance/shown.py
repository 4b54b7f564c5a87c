"""The faces of an export beside their photos: which face shows which photo, under what licence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facewright.errors import UsageError
from facewright.provenance.licences import UNSTATED, Licence
from facewright.provenance.naming import read_licence
from facewright.store.dataset import Dataset

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Shown:
    """Faces as they go out, in their order.

    Attributes:
        faces: rows of the faces table, at least face_id, photo_id and crops.
        photos: rows of the photos table, at least photo_id, licence and licence_url.
        names: what each face is called where it goes out.
    """

    faces: pa.Table
    photos: pa.Table
    names: Sequence[str]

    @classmethod
    def of(cls, dataset: Dataset, names: Sequence[str]) -> Shown:
        """Faces of a dataset under their names in a layout; a face whose name is "" stays out.

        Raises:
            UsageError: there are more or fewer names than faces.
        """
        faces = dataset.faces.arrow
        if len(names) != len(faces):
            raise UsageError(f"{len(names)} names were given for {len(faces)} faces")
        if all(names):
            return cls(faces, dataset.photos.arrow, names)
        kept = faces.filter(pa.array([bool(name) for name in names], pa.bool_()))
        return cls(kept, dataset.photos.arrow, [name for name in names if name])

    def __len__(self) -> int:
        return int(self.faces.num_rows)

    @cached_property
    def photo_rows(self) -> Numbers:
        """(faces,) row of each face's photo; -1 where the photos table lacks it."""
        ids = self.photos.column("photo_id").combine_chunks()
        found = pc.index_in(self.faces.column("photo_id"), value_set=ids)
        rows: Numbers = pc.fill_null(found, -1).to_numpy().astype(np.int64)
        return rows

    @cached_property
    def used(self) -> Numbers:
        """Rows of the photos that are shown, each once, in the order of the photos table."""
        rows = np.unique(self.photo_rows)
        return rows[rows >= 0]

    @cached_property
    def _read(self) -> tuple[list[Licence], Numbers]:
        """Licences that occur, and which of them each row of the photos table has."""
        names = self.photos.column("licence").to_pylist()
        urls = self.photos.column("licence_url").to_pylist()
        numbers: dict[Licence, int] = {}
        pairs: dict[tuple[str | None, str | None], int] = {}
        codes = np.empty(len(names), np.int64)
        for row, pair in enumerate(zip(names, urls, strict=True)):
            code = pairs.get(pair)
            if code is None:
                code = pairs[pair] = numbers.setdefault(read_licence(*pair), len(numbers))
            codes[row] = code
        return list(numbers), codes

    def licence(self, photo_row: int) -> Licence:
        """Licence of a photo by its row; unstated for -1."""
        known, codes = self._read
        return UNSTATED if photo_row < 0 else known[codes[photo_row]]

    @cached_property
    def faces_by_licence(self) -> dict[Licence, int]:
        """Number of faces by licence, most first."""
        return self._count(self.photo_rows)

    @cached_property
    def photos_by_licence(self) -> dict[Licence, int]:
        """Number of photos by licence, each photo once, most first."""
        return self._count(self.used)

    def _count(self, rows: Numbers) -> dict[Licence, int]:
        known, codes = self._read
        held = np.bincount(codes[rows[rows >= 0]], minlength=len(known)).tolist()
        counts = Counter({each: n for each, n in zip(known, held, strict=True) if n})
        if lost := int((rows < 0).sum()):
            counts[UNSTATED] += lost
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0].id, item[0].name)))

    @cached_property
    def layout_of_each(self) -> list[str | None]:
        """Name of the layout that each face was imported from."""
        if "origin" not in self.faces.column_names:
            return [None] * len(self)
        found: list[str | None] = pc.struct_field(self.faces.column("origin"), "layout").to_pylist()
        return found

    @cached_property
    def layouts(self) -> dict[str, int]:
        """Number of faces by the layout that they were imported from, by name."""
        return dict(sorted((name, n) for name, n in Counter(self.layout_of_each).items() if name))
