"""Parquet: the column found, rows in any order, and what is not there."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from facewright.errors import PhotoError, SourceError, UsageError
from facewright.limits import Limits
from facewright.sources.opening import open_source

CELLS = [bytes([i]) * (i + 1) for i in range(100)]


def write(path, **columns):
    pq.write_table(pa.table(columns), path, row_group_size=30)
    return path


def read_all(source):
    return [source.read(entry, Limits()) for entry in source.entries()]


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()])
def test_rows_in_order_with_their_columns(tmp_path, kind):
    path = write(
        tmp_path / "x.parquet",
        picture=pa.array(CELLS, kind),
        id=[f"id{i}" for i in range(100)],
        license=["CC0"] * 100,
    )
    source = open_source(path)
    entries = list(source.entries())
    assert [entry.key for entry in entries] == [str(i) for i in range(100)]
    assert (entries[42].id, entries[42].licence, entries[42].author) == ("id42", "CC0", None)
    assert read_all(source) == CELLS
    copy = pickle.loads(pickle.dumps(source))
    for row in (99, 0, 31, 30, 29, 61, 61):
        assert copy.read(entries[row], Limits()) == CELLS[row]


def test_the_struct_of_hugging_face(tmp_path):
    cells = [{"bytes": cell, "path": "x.jpg"} for cell in CELLS]
    source = open_source(write(tmp_path / "x.parquet", image=cells, other=CELLS))
    assert read_all(source) == CELLS


def test_null_and_large_cells(tmp_path):
    source = open_source(write(tmp_path / "x.parquet", image=[b"abcd", None]))
    large, null = source.entries()
    with pytest.raises(PhotoError, match="missing"):
        source.read(null, Limits())
    with pytest.raises(PhotoError, match="too_large_file"):
        source.read(large, Limits(max_bytes=3))
    nothing = open_source(write(tmp_path / "y.parquet", image=pa.array([None], pa.binary())))
    assert len(list(nothing.entries())) == 1


def test_columns_that_cannot_be_chosen(tmp_path):
    with pytest.raises(UsageError, match="found: none"):
        open_source(write(tmp_path / "x.parquet", text=["a"]))
    with pytest.raises(UsageError, match="found: p, q"):
        open_source(write(tmp_path / "x.parquet", p=[b"a"], q=[b"b"]))


def test_broken_files(tmp_path):
    path = write(tmp_path / "x.parquet", image=CELLS)
    source = open_source(path)
    first = next(source.entries())
    data = path.read_bytes()
    path.write_bytes(data[:4] + b"\xff" * 200 + data[204:])
    with pytest.raises(PhotoError, match="unreadable"):
        source.read(first, Limits())
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(SourceError, match="Parquet"):
        open_source(path)
