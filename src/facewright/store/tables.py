"""The Parquet parts of a dataset: one of photos and one of faces a chunk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from facewright.errors import DatasetError
from facewright.store.atomic import atomic_file
from facewright.store.pending import current

HEAVY = ("landmarks", "mesh", "blendshapes", "embedding")
"""Columns of faces that are read only when asked for."""


def part_name(chunk: int) -> str:
    """File name of a chunk's part."""
    return f"part-{chunk:05d}.parquet"


def write_part(path: Path, table: pa.Table) -> None:
    """Write a part whole or not at all.

    Raises:
        StorageError: writing failed.
    """
    with atomic_file(path) as file:
        # Plain values: zstd finds what repeats, and a dictionary for each of 400 columns costs more
        # time than all else, and more bytes, at the few hundred rows of a part.
        pq.write_table(table, file, compression="zstd", compression_level=1, use_dictionary=False)


def open_part(path: Path) -> pq.ParquetFile:
    """Open a part, to ask for its schema, its size or columns inside of lists.

    Raises:
        DatasetError: it is damaged or gone.
    """
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise DatasetError(f"{path} cannot be read: {str(error).splitlines()[0]}") from error


def read_part(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a part, whole or some columns (dotted for those inside of lists).

    Raises:
        DatasetError: it is damaged or gone.
    """
    with open_part(path) as part:
        try:
            return part.read(columns=None if columns is None else list(columns))
        except (pa.ArrowInvalid, OSError) as error:
            raise DatasetError(f"{path} is damaged: {str(error).splitlines()[0]}") from error


def parts(root: Path, kind: str) -> list[Path]:
    """Parts of one kind ("photos" or "faces") that are committed, in order.

    A faces part counts only when the photos part of its chunk, the mark that the chunk is
    done, is there too.
    """
    found = sorted((root / kind).glob("part-*.parquet"))
    done = [path.name for path in found if (root / "photos" / path.name).exists()]
    return [current(root, f"{kind}/{name}") for name in done]


def committed(root: Path) -> set[int]:
    """Numbers of the chunks that are done."""
    return {int(path.stem.removeprefix("part-")) for path in parts(root, "photos")}
