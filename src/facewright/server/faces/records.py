"""Rows of a face's record and of its photo, read from their Parquet parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from facewright.errors import DatasetError
from facewright.record import Photo, Record
from facewright.server.catalogue.catalogue import Catalogue
from facewright.store.jsonrecord import record_rows


def record_of(catalogue: Catalogue, row: int) -> dict[str, Any]:
    """The whole record of a face as plain data, without the embedding.

    Raises:
        DatasetError: its part is damaged or gone.
    """
    shelf, own = catalogue.shelf_of(row)
    table = _row_of(shelf.files, shelf.starts, int(shelf.rows[own]), {"embedding"})
    return record_rows(table, Record)[0]


def photo_of(catalogue: Catalogue, row: int) -> dict[str, Any] | None:
    """The photo table's row of a face's photo; None where the dataset has none.

    Raises:
        DatasetError: its part is damaged or gone.
    """
    shelf, own = catalogue.shelf_of(row)
    photo = int(shelf.photo_rows[own])
    if photo < 0:
        return None
    return record_rows(_row_of(shelf.photo_files, shelf.photo_starts, photo, set()), Photo)[0]


def _row_of(
    files: tuple[Path, ...], starts: NDArray[np.int64], row: int, without: set[str]
) -> pa.Table:
    """One row of a table that lies in parts."""
    number = int(np.searchsorted(starts, row, side="right")) - 1
    inside = row - int(starts[number])
    try:
        with pq.ParquetFile(files[number]) as part:
            group = 0
            while inside >= (rows := part.metadata.row_group(group).num_rows):
                inside, group = inside - rows, group + 1
            names = [name for name in part.schema_arrow.names if name not in without]
            return part.read_row_group(group, names).slice(inside, 1)
    except (pa.ArrowInvalid, OSError) as error:
        raise DatasetError(f"{files[number]} cannot be read: {error}") from error
