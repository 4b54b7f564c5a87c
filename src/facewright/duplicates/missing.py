"""Hashes that the tables lack, made from the crops: imports, and datasets of earlier versions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facewright.duplicates.encoded import CropHashes, crop_hashes
from facewright.store.dataset import Dataset

OnCrops = Callable[[int, int], None]
"""Is told how many crops are hashed, of how many."""
_AT_ONCE: Final = 256
_THREADS: Final = min(8, os.cpu_count() or 1)


def completed(dataset: Dataset, table: pa.Table, on_crops: OnCrops | None = None) -> pa.Table:
    """Fill `crop_hash`, and `bytes` and `pixels` beside it, where there is a crop to look at.

    Pictures are read in threads, JPEGs at a reduced scale. Nothing is written.

    Args:
        dataset: whose crops they are.
        table: rows of its faces with face_id, has_crop, crop_hash, bytes and pixels.
        on_crops: told of the progress.

    Raises:
        DatasetError: a shard is missing or shorter than its table says.
    """
    lacking = pc.and_(table.column("has_crop"), pc.is_null(table.column("crop_hash")))
    rows = np.flatnonzero(lacking.to_numpy())
    if not len(rows):
        return table
    face_ids = table.column("face_id").take(pa.array(rows)).to_pylist()
    made = list(_hashed(dataset, face_ids, on_crops))
    for name, found in (
        ("crop_hash", [one.near for one in made]),
        ("bytes", [f"crop {one.bytes}" for one in made]),
        ("pixels", [one.pixels for one in made]),
    ):
        table = _filled(table, name, rows, found)
    return table


def _hashed(
    dataset: Dataset, face_ids: Sequence[str], on_crops: OnCrops | None
) -> Iterator[CropHashes]:
    with ThreadPoolExecutor(_THREADS) as pool:
        for start in range(0, len(face_ids), _AT_ONCE):
            some = face_ids[start : start + _AT_ONCE]
            yield from pool.map(crop_hashes, [dataset.image(face_id).data for face_id in some])
            if on_crops is not None:
                on_crops(start + len(some), len(face_ids))


def _filled(table: pa.Table, name: str, rows: np.ndarray, found: Sequence[str | None]) -> pa.Table:
    """A column of texts with its nulls in some rows filled."""
    column = table.column(name)
    given = np.full(len(table), None, object)
    given[rows] = found
    at = table.schema.get_field_index(name)
    return table.set_column(at, name, pc.coalesce(column, pa.array(given, pa.string())))
